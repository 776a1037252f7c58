Feature: Anybody can report what a character said, and somebody looks at it

  Background:
    Given Ann has said "Tell me about the sea." to Mira

  Scenario: A report waits for review, with the message that it is about
    When Ann reports the reply because "That was rude."
    Then the administrator finds 1 open reports
    And the open report of Ann says "That was rude." about the reply of Mira

  @alone
  Scenario: Reporting twice is reporting once
    When Ann reports the reply because "That was rude."
    And Ann reports the reply because "Again: rude."
    Then both reports of Ann are one
    And the administrator finds 1 open reports
    And the open report of Ann says "That was rude." about the reply of Mira
    And the product has counted
      | report | 1 |

  Scenario: A decision takes it off the list, and says who decided
    Given Ann reports the reply because "That was rude."
    When the administrator finds the report of Ann upheld: "Told the writers."
    Then the administrator finds 0 open reports
    And the reviewed report of Ann was upheld: "Told the writers."

  Scenario: Nobody can report what was said to somebody else
    Given Ben has signed in
    When Ben tries to report the reply to Ann
    Then it is refused because there is no such thing
    And the administrator finds 0 open reports

  Scenario: Only administrators see reports
    When Ann tries to see all reports
    Then it is refused because only administrators may do that

  @alone
  Scenario: A report goes with the account
    Given Ann reports the reply because "That was rude."
    When Ann deletes her account
    Then the administrator finds 0 open reports
    And the product has counted
      | report | 1 |
