@scripted
Feature: Stopping a reply

  Background:
    Given Ann has signed in
    And the model pauses after 3 words of "The sea was here before us."
    And Ann says "Tell me about the sea." to Mira and begins to watch
    And Ann has seen 3 words

  Scenario: What was written is kept
    When Ann stops the reply
    Then it is accepted
    And the turn of Ann is stopped
    And "The sea was" is kept as the stopped reply to Ann

  Scenario: Whoever watches sees it end
    When Ann stops the reply
    And Ann watches to the end
    Then Ann has read "The sea was"
    And the stream of Ann is complete

  Scenario: Stopping twice is stopping once
    When Ann stops the reply
    And Ann stops the reply
    Then it is accepted
    And the turn of Ann is stopped
    And "The sea was" is kept as the stopped reply to Ann

  Scenario: A reply that has ended cannot be stopped any more
    When the model goes on
    And Ann watches to the end
    And Ann stops the reply
    Then it is accepted
    And the turn of Ann is completed
    And "The sea was here before us." is kept as the complete reply to Ann

  Scenario: The conversation goes on
    Given the model answers "As you like."
    When Ann stops the reply
    And Ann says "Enough of the sea." to Mira
    Then the reply is "As you like."
    And the model was told "The sea was"

  Scenario: Nobody can stop another person's reply
    When Ben tries to stop the reply to Ann
    Then it is refused because there is no such thing
    And the turn of Ann is running
