Feature: Jobs that run by themselves, or by an administrator's hand

  Scenario: The administrator sees all of them
    When the administrator lists the jobs
    Then these jobs are listed
      | aggregate-analytics   |
      | apply-store-events    |
      | check-invariants      |
      | embed-memories        |
      | learn-memories        |
      | perform-errands       |
      | purge-job-runs        |
      | purge-keys            |
      | purge-sessions        |
      | purge-store-events    |
      | reconcile-purchases   |
      | refresh-daily-credits |
      | renew-subscriptions   |
      | sweep-holds           |

  Scenario Outline: Any of them can be run at any time, and again
    When the job <job> runs
    Then the job says what it did
    And the list of jobs shows this run of <job>
    When the job <job> runs
    Then the job says what it did

    Examples:
      | job                   |
      | aggregate-analytics   |
      | apply-store-events    |
      | check-invariants      |
      | embed-memories        |
      | learn-memories        |
      | perform-errands       |
      | purge-job-runs        |
      | purge-keys            |
      | purge-sessions        |
      | purge-store-events    |
      | reconcile-purchases   |
      | refresh-daily-credits |
      | renew-subscriptions   |
      | sweep-holds           |

  Scenario: An unknown job
    When the job polish-shoes runs
    Then it is refused because there is no such thing

  Scenario: Nobody else can run them
    When Ann tries to run the job sweep-holds
    Then it is refused because only administrators may do that

  @scripted
  Scenario: The sweeper leaves replies alone that are being written
    Given Ann has signed in
    And the model pauses after 2 words of "The sea was here before us."
    And Ann says "Tell me about the sea." to Mira and begins to watch
    And Ann has seen 2 words
    When the job sweep-holds runs
    And the model goes on
    And Ann watches to the end
    Then the stream of Ann is complete
    And Ann pays what the receipt says
