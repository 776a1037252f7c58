Feature: Signing in

  Scenario: The first sign-in makes the account
    When Ann signs in
    Then a new account is made for Ann
    And Ann has 100 credits

  Scenario: The next sign-in finds it
    Given Ann signs in
    When Ann signs in
    Then no new account is made for Ann
    And it is the same account as before

  Scenario: Signing in for the first time twice at once makes one account
    When Ann signs in 4 times at once
    Then one new account is made for Ann

  Scenario Outline: What is no sign-in
    When somebody comes with <proof>
    Then it is refused because the sign-in is not valid

    Examples:
      | proof             |
      | nothing           |
      | an invented token |
      | an altered token  |

  @clock
  Scenario: A sign-in is good for an hour
    Given Ann signs in
    When 61 minutes pass, and Ann still uses her old token
    Then it is refused because the sign-in is too old

  Scenario: Signing out ends all sign-ins
    Given Ann signs in
    When Ann signs out
    And Ann looks at her wallet with her old token
    Then it is refused because the sign-in is not valid
    When Ann signs in again
    Then Ann has 100 credits

  Scenario: A person may change name and country
    Given Ann signs in
    When Ann calls herself "Annie" and lives in "PT"
    Then the profile of Ann shows "Annie" and "PT"

  Scenario: A declared age can only be lower than what is known
    Given Ann comes from the identity provider as adult
    When Ann says that her age is 13_15
    Then the age of Ann is 13_15
    When Ann says that her age is adult
    Then the age of Ann is 13_15

  Scenario: Only administrators see the administration
    Given Ann has signed in
    When Ann asks for the list of users
    Then it is refused because only administrators may do that
