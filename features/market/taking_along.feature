Feature: What was bought is told to its owner

  Scenario: The export holds what was bought
    Given Ann has signed in
    And Ann bought credits_1000
    When Ann exports her data
    Then the export shows the purchase of credits_1000
