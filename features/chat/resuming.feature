@scripted
Feature: Coming back to a reply after the connection was lost
  A reply belongs to the server, not to the connection: it goes on alone. Whoever comes back says
  which piece came last, and gets all that follows, without a gap and without a repetition.

  Background:
    Given Ann has signed in
    And the model pauses after 3 words of "The sea was here before us."
    And Ann says "Tell me about the sea." to Mira and begins to watch
    And Ann has seen 3 words
    And Ann loses the connection

  Scenario: While the reply is still being written
    When Ann comes back
    And the model goes on
    And Ann watches to the end
    Then Ann has read " here before us."
    And the stream of Ann is complete

  Scenario: After the reply has ended
    When the model goes on
    And the reply to Ann has ended
    And Ann comes back
    And Ann watches to the end
    Then Ann has read " here before us."
    And the stream of Ann is complete
    And Ann is told what the reply cost

  Scenario: From the beginning
    When the model goes on
    And Ann comes back without saying what she has seen
    And Ann watches to the end
    Then Ann has read "The sea was here before us."
    And the stream of Ann is complete

  Scenario: Twice, and the second time after the end
    When Ann comes back
    And the model goes on
    And Ann watches to the end
    And Ann comes back
    Then there is nothing more for Ann

  Scenario: After the product itself was restarted
    Given the model goes on
    And the reply to Ann has ended
    When the product's process is killed and started again
    And Ann comes back
    And Ann watches to the end
    Then Ann has read " here before us."
    And the stream of Ann is complete

  Scenario: Coming back costs nothing more
    When the model goes on
    And the reply to Ann has ended
    And Ann comes back
    And Ann watches to the end
    Then Ann pays what the receipt says

  Scenario: Nobody can come back to another person's reply
    When Ben tries to watch the reply to Ann
    Then it is refused because there is no such thing

  Scenario: The state of the reply can be asked for
    Then the turn of Ann is running
    When the model goes on
    And the reply to Ann has ended
    Then the turn of Ann is completed
    And "The sea was here before us." is kept as the complete reply to Ann
