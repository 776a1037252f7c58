Feature: Buying credits
  A pack is bought once. What becomes of the payment at the store becomes of its credits: they
  come, are frozen, are taken back in part or as a whole, and come back.

  Background:
    Given Ann has signed in
    And Ann has 100 credits

  Scenario: A pack that is paid
    When Ann buys credits_1000
    Then the purchase of Ann is completed
    And Ann has 1100 credits
    And the ledger of Ann ends with
      | kind     | bucket    | amount | description   |
      | purchase | purchased | 1000   | 1,000 credits |

  Scenario: The same order sent again is one order
    When Ann buys credits_1000 with the key "order-1"
    And Ann buys credits_1000 with the key "order-1"
    Then Ann has 1100 credits
    And Ann has 1 purchase

  Scenario: A payment that fails
    When Ann buys credits_1000, and the payment fails
    Then the purchase of Ann is failed
    And Ann has 100 credits

  Scenario: A payment that takes its time
    When Ann buys credits_1000, and the payment waits
    Then the purchase of Ann is pending
    And Ann is told how to pay
    And Ann has 100 credits
    When the store lets the payment succeed
    Then the purchase of Ann is completed
    And Ann has 1100 credits

  Scenario: A payment that takes its time, and fails
    When Ann buys credits_1000, and the payment waits
    And the store lets the payment fail
    Then the purchase of Ann is failed
    And Ann has 100 credits

  Scenario: A refund in parts
    Given Ann bought credits_1000
    When the store refunds 30 percent
    Then the purchase of Ann is partially_refunded
    And Ann has 800 credits
    When the store refunds the rest
    Then the purchase of Ann is refunded
    And Ann has 100 credits
    And 1000 credits of the purchase of Ann were taken back

  Scenario: A refund that is undone
    Given Ann bought credits_1000
    And the store refunds the rest
    When the store undoes the refund
    Then the purchase of Ann is completed
    And Ann has 1100 credits

  @scripted
  Scenario: What was spent before a refund is owed, and the next purchase pays it
    Given Ann bought credits_500
    And 1,000 tokens cost 100 credits to read and 250 to write
    And the model answers "Yes.", having read 2000 tokens and written 400
    And Ann says "Are you there?" to Mira
    And Ann has 300 credits
    When the store refunds the rest
    Then Ann has 0 credits
    And Ann owes 200 credits
    When Ann buys credits_1000
    Then Ann has 800 credits
    And Ann owes 0 credits
    And the ledger of Ann ends with
      | kind           | bucket    | amount |
      | purchase       | purchased | 1000   |
      | debt_repayment | purchased | -200   |

  Scenario: A dispute freezes what it is about
    Given Ann bought credits_1000
    When the payer's bank opens a dispute
    Then the purchase of Ann is disputed
    And Ann has 100 credits
    And Ann owes 0 credits
    And 1000 credits of Ann are held

  Scenario: A dispute that is won
    Given Ann bought credits_1000
    And the payer's bank opens a dispute
    When the dispute is won
    Then the purchase of Ann is completed
    And Ann has 1100 credits

  Scenario: A dispute that is lost
    Given Ann bought credits_1000
    And the payer's bank opens a dispute
    When the dispute is lost
    Then the purchase of Ann is refunded
    And Ann has 100 credits
    And 1000 credits of the purchase of Ann were taken back

  Scenario: A dispute about what was refunded in part
    Given Ann bought credits_1000
    And the store refunds 30 percent
    When the payer's bank opens a dispute
    Then the purchase of Ann is disputed
    And 700 credits of Ann are held
    When the dispute is won
    Then the purchase of Ann is partially_refunded
    And Ann has 800 credits

  Scenario Outline: What cannot be ordered
    When Ann tries to buy <product> at <store>
    Then it is refused because <reason>
    And Ann has 100 credits

    Examples:
      | product      | store   | reason                   |
      | gold_bars    | sandbox | there is no such thing   |
      | credits_1000 | apple   | the store is not open    |
      | credits_1000 | corner  | the request is not valid |

  Scenario: Nobody sees or changes what somebody else has bought
    Given Ben has signed in
    And Ann bought credits_1000
    Then Ben cannot see the purchase of Ann
    And Ben cannot have the purchase of Ann refunded
    And Ann has 1100 credits

  Scenario: An order needs a key
    When Ann buys credits_1000 without a key
    Then it is refused because the request is not valid
    And Ann has 100 credits
