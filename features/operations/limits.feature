Feature: How often somebody may ask

  Background:
    Given Ann has signed in

  Scenario: The free tier may ask 600 times a minute, the first look after signing in included
    When Ann asks for the prices 599 times
    Then it is accepted
    When Ann asks for the prices once more
    Then it is refused because there were too many requests
    And Ann is told when to try again

  Scenario: A higher tier may ask more often
    Given Ann is of the tier plus
    When Ann asks for the prices 601 times
    Then it is accepted

  Scenario: One person's requests do not count against another's
    Given Ben has signed in
    When Ann asks for the prices 601 times
    And Ben asks for the prices 1 times
    Then it is accepted

  Scenario: What is left is told with every answer
    When Ann asks for the prices 1 times
    Then Ann is told how many requests are left
    When Ann asks for the prices 1 times
    Then it is one less than before

  @scripted
  Scenario: Two replies may be watched at once
    Given the model pauses after 1 words of "One reply."
    And the model pauses after 1 words of "Another reply."
    And Ann says "First?" to Mira and begins to watch
    And Ann says "Second?" to Mira and begins to watch
    When Ann says "Third?" to Mira and begins to watch
    Then it is refused because too many replies are being written
    And Ann is told when to try again
