@scripted
Feature: Which credits are spent first
  Daily credits go first, then promotional ones, then those of a subscription, and purchased ones
  last. What was bought is never touched while something else is left.

  Background:
    Given 1,000 tokens cost 100 credits to read and 250 to write
    And Ann has signed in
    And Ann is given 1000 purchased credits
    And Ann is given 100 subscription credits
    And Ann is given 100 promo credits

  Scenario Outline: A reply that costs <cost> credits
    Given the model answers "Yes.", having read <tokens> tokens and written 0
    When Ann says "Are you there?" to Mira
    Then Ann pays <cost> credits
    And Ann has <daily> daily, <promo> promo, <subscription> subscription and <purchased> purchased credits

    Examples:
      | tokens | cost | daily | promo | subscription | purchased |
      | 500    | 50   | 50    | 100   | 100          | 1000      |
      | 1000   | 100  | 0     | 100   | 100          | 1000      |
      | 1500   | 150  | 0     | 50    | 100          | 1000      |
      | 2500   | 250  | 0     | 0     | 50           | 1000      |
      | 4000   | 400  | 0     | 0     | 0            | 900       |

  Scenario: The receipt says which credits were spent
    Given the model answers "Yes.", having read 2500 tokens and written 0
    When Ann says "Are you there?" to Mira
    Then the receipt of Ann takes
      | bucket       | credits |
      | daily        | 100     |
      | promo        | 100     |
      | subscription | 50      |

  Scenario: The next reply goes on where the last one left off
    Given the model answers "Yes.", having read 1500 tokens and written 0
    And the model answers "Still.", having read 1000 tokens and written 0
    When Ann says "Are you there?" to Mira
    And Ann says "And now?" to Mira
    Then Ann has 0 daily, 0 promo, 50 subscription and 1000 purchased credits

  Scenario: A reply that fails gives every bucket its credits back
    Given the model fails after 1 words of "Never mind."
    When Ann says "Are you there?" to Mira
    Then Ann has 100 daily, 100 promo, 100 subscription and 1000 purchased credits

  @clock
  Scenario: A new day fills the daily credits and changes nothing else
    Given the model answers "Yes.", having read 2500 tokens and written 0
    And Ann says "Are you there?" to Mira
    When it is 6 March 2026 at 09:00
    Then Ann has 100 daily, 0 promo, 50 subscription and 1000 purchased credits
