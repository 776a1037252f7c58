@clock @memory
Feature: What is on sale
  The catalogue is data: an operator publishes another version, and nothing that was bought before
  changes by it.

  Background:
    Given it is 5 March 2026 at 10:00
    And Ann has signed in

  Scenario: Packs and subscriptions
    Then these products are on sale
      | id              | kind         | credits | tier    | period |
      | credits_500     | credits      | 500     |         |        |
      | credits_1000    | credits      | 1000    |         |        |
      | credits_5500    | credits      | 5500    |         |        |
      | plus_monthly    | subscription | 1500    | plus    | month  |
      | plus_yearly     | subscription | 18000   | plus    | year   |
      | premium_monthly | subscription | 5000    | premium | month  |
      | premium_yearly  | subscription | 60000   | premium | year   |

  Scenario: A promotion brings more, for a while
    Given until 8 March 2026 at 00:00 credits_1000 comes with 200 credits that last 30 days
    When Ann buys credits_1000
    Then Ann has 1000 purchased credits
    And Ann has 200 promo credits until 4 April 2026

  Scenario: A promotion that is over
    Given until 8 March 2026 at 00:00 credits_1000 comes with 200 credits that last 30 days
    When it is 8 March 2026 at 00:01
    And Ann buys credits_1000
    Then Ann has 1000 purchased credits
    And Ann has 0 promo credits

  Scenario: A refund takes the promotion's credits too
    Given until 8 March 2026 at 00:00 credits_1000 comes with 200 credits that last 30 days
    And Ann bought credits_1000
    When the store refunds the rest
    Then Ann has 0 purchased credits
    And Ann has 0 promo credits

  Scenario: What was bought is worth what it was worth then
    Given Ann bought credits_1000
    When credits_1000 brings 900 credits from now on
    And the store refunds 50 percent
    Then Ann has 500 purchased credits
