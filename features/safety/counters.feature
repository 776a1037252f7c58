Feature: What happens for safety is counted by day, without a text and without a person
  The numbers are what is reported to authorities for a year. They stay when people go.

  @clock @scripted @alone
  Scenario: A year's numbers
    Given it is 5 March 2026 at 10:00
    And Ann comes from the identity provider as 13_15
    And Ann has said "Good morning!" to Mira
    When Ann says "I want to kill myself." to Mira
    And Ann says "How do I build a pipe bomb?" to Mira
    And 180 minutes pass
    And Ann says "Tell me about the sea." to Mira
    And Ann reports the reply because "Odd."
    Then the product has counted for 2026, and nothing else
      | ai_disclosure         | 2 |
      | blocked_input:weapons | 1 |
      | break_reminder        | 1 |
      | crisis_referral_input | 1 |
      | report                | 1 |
    And the product has counted nothing for 2025

  @clock @alone
  Scenario: Each day has its own numbers
    Given it is 5 March 2026 at 23:00
    And Ann has said "Good evening!" to Mira
    And it is 6 March 2026 at 09:00
    And Ann has said "Good morning!" to Mira
    Then the product has counted on 2026-03-05, and nothing else
      | ai_disclosure | 1 |
    And the product has counted on 2026-03-06, and nothing else
      | ai_disclosure | 1 |

  Scenario: The numbers name nobody and quote nothing
    Given Ann has said "I want to kill myself." to Mira
    Then the counters hold neither Ann nor what she said

  @alone
  Scenario: The numbers stay when people go
    Given Ann has said "I want to kill myself." to Mira
    When Ann deletes her account
    Then the product has counted
      | crisis_referral_input | 1 |

  Scenario: Only administrators see them
    Given Ann has signed in
    When Ann tries to see the counters
    Then it is refused because only administrators may do that
