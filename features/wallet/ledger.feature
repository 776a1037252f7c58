Feature: The ledger explains every credit
  The ledger is the truth: all its amounts add up to the balance, and nothing in it ever changes.

  Background:
    Given Ann has signed in
    And Ann is given 500 purchased credits

  Scenario: The amounts add up to the balance
    When Ann says "Tell me about the sea." to Mira
    And Ann says "And about the tides?" to Mira
    Then the ledger of Ann adds up to her balance
    And each entry of Ann shows the balance after it

  Scenario: A reply is charged under its own name
    When Ann says "Tell me about the sea." to Mira
    Then the latest entry of Ann is a charge for that reply

  Scenario: The receipt follows from the published prices
    When Ann says "Tell me about the sea." to Mira
    Then the receipt of Ann follows from the published prices

  Scenario Outline: The receipt follows from the published prices, whatever the tier
    Given Ann is of the tier <tier>
    When Ann says "Tell me about the sea." to Mira
    Then the receipt of Ann follows from the published prices

    Examples:
      | tier    |
      | plus    |
      | premium |

  @scripted
  Scenario: New prices do not change what was charged
    Given Ann says "Tell me about the sea." to Mira
    When 1,000 tokens cost 10 credits to read and 25 to write
    Then the receipt of Ann is of an earlier price list than the one in force

  Scenario: A long ledger is read page by page
    When Ann is given 1 promo credits
    And Ann is given 2 promo credits
    And Ann is given 3 promo credits
    Then the ledger of Ann is the same when it is read 2 entries at a time

  Scenario: Nobody sees another person's ledger
    Given Ben has signed in
    Then the ledger of Ben has 0 entries of the kind grant
    And the ledger of Ann has 1 entries of the kind grant
