@clock
Feature: Subscriptions
  A subscription opens its tier while it lasts and brings credits with each period that is paid,
  never twice for one payment. What is left of a period's credits expires with the period.

  Background:
    Given it is 31 January 2026 at 10:00
    And Ann has signed in

  Scenario: The first month
    When Ann buys plus_monthly
    Then the subscription of Ann is active
    And Ann is of the tier plus now
    And Ann has 1500 subscription credits until 28 February 2026

  Scenario: A first payment that takes its time
    When Ann buys plus_monthly, and the payment waits
    Then the purchase of Ann is pending
    And Ann has no subscription
    And Ann is of the tier free now
    When the store lets the payment succeed
    Then the subscription of Ann is active
    And Ann is of the tier plus now
    And Ann has 1500 subscription credits until 28 February 2026

  Scenario: A first payment that fails
    When Ann buys plus_monthly, and the payment fails
    Then the purchase of Ann is failed
    And Ann has no subscription
    And Ann is of the tier free now
    And Ann has 0 subscription credits

  Scenario: The next month, counted from the day on which it began
    Given Ann bought plus_monthly
    When it is 28 February 2026 at 11:00
    And the job renew-subscriptions runs
    Then the subscription of Ann is active
    And Ann has 1500 subscription credits until 31 March 2026

  Scenario: However often it is looked at, one period brings its credits once
    Given Ann bought plus_monthly
    When it is 28 February 2026 at 11:00
    And the job renew-subscriptions runs
    And the job reconcile-purchases runs
    And the job renew-subscriptions runs
    Then the ledger of Ann has 2 entries of the kind subscription

  Scenario: Thirteen months, a change to summer time and back among them
    Given Ann bought plus_monthly
    When 13 months go by, and the job renew-subscriptions runs in each
    Then the ledger of Ann has 14 entries of the kind subscription
    And Ann has 1500 subscription credits until 31 March 2027
    And Ann is of the tier plus now

  Scenario: Months during which nothing ran are made up for
    Given Ann bought plus_monthly
    When it is 15 May 2026 at 12:00
    And the job renew-subscriptions runs
    Then the ledger of Ann has 4 entries of the kind subscription
    And Ann has 1500 subscription credits until 31 May 2026

  Scenario: A year
    When Ann buys plus_yearly
    Then Ann has 18000 subscription credits until 31 January 2027

  Scenario: Cancelled, it stays until its period ends
    Given Ann bought plus_monthly
    When Ann cancels the subscription
    Then the subscription of Ann is active and does not renew
    And Ann is of the tier plus now
    When it is 28 February 2026 at 11:00
    And the job renew-subscriptions runs
    Then Ann has no subscription
    And Ann is of the tier free now
    And Ann has 0 subscription credits

  Scenario: Cancelled and taken up again
    Given Ann bought plus_monthly
    And Ann cancels the subscription
    When Ann buys plus_monthly
    Then the subscription of Ann is active and renews
    And the ledger of Ann has 1 entries of the kind subscription

  Scenario: The same subscription twice
    Given Ann bought plus_monthly
    When Ann tries to buy plus_monthly at sandbox
    Then it is refused because it is so already

  Scenario: A greater one begins at once, and what was left of the smaller one is given back
    Given Ann bought plus_monthly
    When it is 14 February 2026 at 10:00
    And Ann buys premium_monthly
    Then the subscription of Ann is active
    And Ann is of the tier premium now
    And Ann has 3250 subscription credits until 28 February 2026

  Scenario: A smaller one begins with the next period
    Given Ann bought premium_monthly
    When Ann buys plus_monthly
    Then Ann is of the tier premium now
    And the subscription of Ann will be plus_monthly
    When it is 28 February 2026 at 11:00
    And the job renew-subscriptions runs
    Then Ann is of the tier plus now
    And Ann has 1500 subscription credits until 31 March 2026

  Scenario: A renewal that fails leaves some days of grace
    Given Ann bought plus_monthly
    When the store cannot collect the renewal
    Then the subscription of Ann is in_grace
    And Ann is of the tier plus now
    When the store collects it after all
    Then the subscription of Ann is active

  Scenario: A renewal that goes on failing closes what was open
    Given Ann bought plus_monthly
    And the store cannot collect the renewal
    When the store gives up for now
    Then the subscription of Ann is on_hold
    And Ann is of the tier free now
    When the store collects it after all
    Then the subscription of Ann is active
    And Ann is of the tier plus now

  Scenario: A pause
    Given Ann bought plus_monthly
    When Ann pauses the subscription
    Then the subscription of Ann is paused
    And Ann is of the tier free now
    When Ann takes the subscription up again
    Then the subscription of Ann is active
    And Ann is of the tier plus now

  Scenario: The end
    Given Ann bought plus_monthly
    When the store ends the subscription
    Then the purchase of Ann is expired
    And Ann has no subscription
    And Ann is of the tier free now

  Scenario: It ends by itself when the store says nothing more
    Given Ann bought plus_monthly
    And Ann cancels the subscription
    When it is 28 February 2026 at 09:59
    Then Ann is of the tier plus now
    When it is 28 February 2026 at 10:01
    And the job renew-subscriptions runs
    Then the purchase of Ann is expired

  Scenario: A renewal that is never paid ends it with its days of grace
    Given Ann bought plus_monthly
    And the store cannot collect the renewal
    When it is 28 March 2026 at 12:00
    And the job renew-subscriptions runs
    Then Ann is of the tier free now
    And Ann has 0 subscription credits
    And the ledger of Ann has 1 entries of the kind subscription

  Scenario: The running period is refunded
    Given Ann bought plus_monthly
    When the store refunds the rest
    Then the purchase of Ann is refunded
    And Ann has no subscription
    And Ann is of the tier free now
    And Ann has 0 subscription credits
    And Ann owes 0 credits

  Scenario: A refund of the running period that is undone
    Given Ann bought plus_monthly
    And the store refunds the rest
    When the store undoes the refund
    Then the subscription of Ann is active
    And Ann is of the tier plus now
    And Ann has 1500 subscription credits until 28 February 2026

  Scenario: A refund of half of the running period
    Given Ann bought plus_monthly
    When the store refunds 50 percent
    Then the subscription of Ann is active
    And Ann has 750 subscription credits until 28 February 2026

  Scenario: A dispute closes what the payment opened, until it is won
    Given Ann bought plus_monthly
    When the payer's bank opens a dispute
    Then the subscription of Ann is disputed
    And Ann is of the tier free now
    When the dispute is won
    Then the subscription of Ann is active
    And Ann is of the tier plus now

  Scenario: A dispute that is lost takes the running period back
    Given Ann bought plus_monthly
    And the payer's bank opens a dispute
    When the dispute is lost
    Then the purchase of Ann is refunded
    And Ann has no subscription
    And Ann is of the tier free now
    And 1500 credits of the purchase of Ann were taken back

  Scenario: Credits of all kinds stand beside each other
    Given Ann bought credits_1000
    And Ann bought plus_monthly
    When it is 28 February 2026 at 11:00
    And the job renew-subscriptions runs
    Then Ann has 1000 purchased credits
    And Ann has 1500 subscription credits until 31 March 2026
