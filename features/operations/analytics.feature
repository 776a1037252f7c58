Feature: What happened on a day, in figures that name nobody
  A job counts what is new every few minutes. What is heard of late counts for the day on which it
  happened, and what was counted once stays, whoever leaves.

  @clock
  Scenario: People, their turns and their credits
    Given it is 5 March 2026 at 10:00
    And Ann has signed in
    And Ben has signed in
    And Ann says "Hello!" to Mira
    And Ann says "How are you?" to Mira
    And Ben says "Hello!" to Mira
    And Ben is given 50 promo credits
    When the job aggregate-analytics runs
    Then the administrator sees these figures of 5 March 2026
      | active users          | 2   |
      | completed turns       | 3   |
      | daily credits granted | 200 |
      | promo credits granted | 50  |
      | new payers            | 0   |
    And the figures of 5 March 2026 are those of the ledgers of Ann and Ben
    And the figures of 5 March 2026 say what Mira brought and cost

  @clock
  Scenario: Counting again changes nothing
    Given it is 5 March 2026 at 10:00
    And Ann has signed in
    And Ann says "Hello!" to Mira
    When the job aggregate-analytics runs
    And the job aggregate-analytics runs
    Then the administrator sees these figures of 5 March 2026
      | active users    | 1 |
      | completed turns | 1 |

  @clock
  Scenario: A purchase, and what goes back of it on another day
    Given it is 5 March 2026 at 10:00
    And Ann has signed in
    And Ann bought credits_1000
    And the job aggregate-analytics runs
    And it is 6 March 2026 at 10:00
    And the store refunds 50 percent
    When the job aggregate-analytics runs
    Then the administrator sees these figures of 5 March 2026
      | revenue of credits_1000     | 1000 |
      | refunds of credits_1000     | 0    |
      | purchased credits granted   | 1000 |
      | new payers                  | 1    |
    And the administrator sees these figures of 6 March 2026
      | revenue of credits_1000       | 0   |
      | refunds of credits_1000       | 500 |
      | purchased credits clawed back | 500 |
      | new payers                    | 0   |

  @clock
  Scenario: Who comes back
    Given it is 5 March 2026 at 10:00
    And Ann has signed in
    And Ben has signed in
    And Ann says "Hello!" to Mira
    When it is 6 March 2026 at 10:00
    And Ann says "It is me again." to Mira
    And it is 12 March 2026 at 10:00
    And Ben says "Hello!" to Mira
    And the job aggregate-analytics runs
    Then the administrator sees these figures of 5 March 2026
      | active users        | 1 |
      | back after 1 day    | 1 |
      | back after 7 days   | 1 |
      | back after 30 days  | 0 |

  @clock
  Scenario: Whoever leaves before they were counted is counted all the same
    Given it is 5 March 2026 at 10:00
    And Ann has signed in
    And Ann says "Hello!" to Mira
    When Ann deletes her account
    And the job aggregate-analytics runs
    Then the administrator sees these figures of 5 March 2026
      | active users          | 1   |
      | completed turns       | 1   |
      | daily credits granted | 100 |
    And the figures of 5 March 2026 do not mention Ann

  @clock
  Scenario: Help in a crisis is no turn of a model
    Given it is 5 March 2026 at 10:00
    And Ann has signed in
    And Ann says "I want to kill myself" to Mira
    When the job aggregate-analytics runs
    Then the administrator sees these figures of 5 March 2026
      | answered turns | 1 |
      | active users   | 0 |
    And the safety counters are among the figures of 5 March 2026

  Scenario: A year is the most that can be asked for
    When the administrator asks for the figures from 2025-01-01 to 2026-01-02
    Then it is refused because the request is not valid
    When the administrator asks for the figures from 2026-01-02 to 2026-01-01
    Then it is refused because the request is not valid
    When the administrator asks for the figures from 2025-01-01 to 2026-01-01
    Then it is accepted

  Scenario: Nobody else can see them
    Given Ann has signed in
    When Ann tries to see the figures
    Then it is refused because only administrators may do that
