Feature: Suspending an account

  Background:
    Given Ann has said "Good morning!" to Mira
    And Ann is suspended

  Scenario Outline: A suspended account can do nothing
    When Ann tries to <do>
    Then it is refused because the account is suspended

    Examples:
      | do                     |
      | read her conversations |
      | look at her wallet     |
      | export her data        |
      | sign in                |

  Scenario: Nor can it talk
    When Ann says "Are you there?" to Mira
    Then it is refused because the account is suspended

  Scenario: The administrator sees why
    Then the administrator sees that Ann is suspended because of "under review"

  Scenario: Everything is there again when the account is readmitted
    When Ann is readmitted
    Then Ann has 1 conversations
    And the ledger of Ann has 1 entries of the kind charge

  Scenario: Credits can be given meanwhile
    Given Ann is given 50 promo credits
    When Ann is readmitted
    Then the ledger of Ann has 1 entries of the kind grant

  Scenario: Others are not concerned
    When Ben says "Good morning!" to Mira
    Then it is accepted
