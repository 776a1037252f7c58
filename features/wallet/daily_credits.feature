@clock
Feature: Credits for every day
  Everybody gets credits once a day, by the UTC calendar. They do not pile up: what is left of
  yesterday's is gone when today's arrive. Nothing else in the wallet changes.

  Background:
    Given it is 5 March 2026 at 10:00
    And Ann has signed in

  Scenario: The first day
    Then Ann has 100 credits
    And the next daily credits of Ann come on 6 March 2026 at 00:00

  Scenario: Nobody gets them twice on one day
    Given Ann has 100 credits
    When it is 5 March 2026 at 23:59
    And the job refresh-daily-credits runs
    Then Ann has 100 credits
    And the ledger of Ann has 1 entries of the kind daily_refresh

  Scenario: The next day begins at midnight
    Given Ann has 100 credits
    When it is 6 March 2026 at 00:00
    Then Ann has 100 credits
    And the ledger of Ann has 2 entries of the kind daily_refresh

  @scripted
  Scenario: What is left of yesterday's credits is gone
    Given 1,000 tokens cost 10 credits to read and 25 to write
    And the model answers "Yes.", having read 2000 tokens and written 400
    And Ann says "Are you there?" to Mira
    And Ann has 70 credits
    When it is 6 March 2026 at 08:00
    Then Ann has 100 credits
    And the ledger of Ann ends with
      | kind          | bucket | amount |
      | daily_refresh | daily  | 100    |
      | charge        | daily  | -30    |
      | expiry        | daily  | -70    |
      | daily_refresh | daily  | 100    |

  Scenario: Whoever stays away for days gets one day's credits
    Given Ann has 100 credits
    When it is 12 March 2026 at 17:30
    Then Ann has 100 credits
    And the ledger of Ann has 2 entries of the kind daily_refresh

  Scenario: A clock that was set back gives nothing
    Given Ann has 100 credits
    When it is 4 March 2026 at 10:00
    Then Ann has 100 credits
    When it is 5 March 2026 at 12:00
    Then Ann has 100 credits
    And the ledger of Ann has 1 entries of the kind daily_refresh

  Scenario: Other credits stay as they are
    Given Ann is given 500 purchased credits
    And Ann is given 40 promo credits
    When it is 6 March 2026 at 08:00
    Then Ann has 100 daily, 40 promo, 0 subscription and 500 purchased credits

  Scenario: The job gives everybody theirs before they ask
    Given Ann has 100 credits
    And Ben has signed in
    And Ben has 100 credits
    When it is 6 March 2026 at 00:05
    And the job refresh-daily-credits runs
    Then the ledger of Ann has 2 entries of the kind daily_refresh
    And the ledger of Ben has 2 entries of the kind daily_refresh
    When the job refresh-daily-credits runs
    Then the ledger of Ann has 2 entries of the kind daily_refresh

  Scenario Outline: A higher tier gets more
    Given Ann is of the tier <tier>
    When it is 6 March 2026 at 08:00
    Then Ann has <credits> credits

    Examples:
      | tier    | credits |
      | free    | 100     |
      | plus    | 300     |
      | premium | 1000    |

  @scripted
  Scenario: A reply over midnight is paid with the credits that were held for it
    Given 1,000 tokens cost 10 credits to read and 25 to write
    And it is 5 March 2026 at 23:58
    And the model pauses after 1 words of "Good night."
    And Ann says "Sleep well." to Mira and begins to watch
    And 51 credits of Ann are held
    When it is 6 March 2026 at 00:01
    Then 51 credits of Ann are held
    And Ann has 100 credits
    When the model goes on
    And the reply to Ann has ended
    Then 0 credits of Ann are held
    And Ann has 100 credits
