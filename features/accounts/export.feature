Feature: Everything that is held about a person, for that person

  Background:
    Given Ann has said "My sister Clara plays the cello in Lisbon." to Mira
    And Ann is given 50 promo credits
    And Ben has said "My brother Paul repairs old clocks." to Tunde

  Scenario: It is all there
    When Ann exports her data
    Then the export has the profile of Ann
    And the export has 1 conversations with 2 messages
    And the export has the memory "My sister Clara plays the cello in Lisbon."
    And the export has the same transactions as the ledger of Ann

  Scenario: Nothing of anybody else is there
    When Ann exports her data
    Then the export does not mention "Paul"

  Scenario: What was deleted is not there
    Given Ann deletes her only conversation
    When Ann exports her data
    Then the export does not mention "Clara"
