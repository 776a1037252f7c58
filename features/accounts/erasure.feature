Feature: Leaving for good
  Whoever deletes the account takes all words and memories along. The ledger stays, as the law wants
  it, but leads to nobody.

  Background:
    Given Ann has said "My sister Clara plays the cello in Lisbon." to Mira
    And Ann is given 50 promo credits

  Scenario: The sign-in is over
    When Ann deletes her account
    Then it is accepted
    When Ann looks at her wallet with her old token
    Then it is refused because the sign-in is not valid

  Scenario: Deleting twice is not harmful
    When Ann deletes her account
    And Ann deletes her account with her old token
    Then nothing went wrong inside

  Scenario: Whoever comes back begins anew
    When Ann deletes her account
    And Ann comes back as a new person
    Then a new account is made for Ann
    And it is another account than before
    And Ann has 0 conversations
    And nothing is remembered of Ann
    And the ledger of Ann has 0 entries of the kind grant

  Scenario: The administrator finds no person behind the account
    When Ann deletes her account
    Then the administrator finds nobody by the sign-in of Ann

  @scripted
  Scenario: A reply that is being written is stopped
    Given the model pauses after 2 words of "The sea was here before us."
    And Ann says "Tell me about the sea." to Mira and begins to watch
    And Ann has seen 2 words
    When Ann deletes her account
    Then it is accepted

  Scenario: Others keep theirs
    Given Ben has said "My sister Clara plays the cello in Lisbon." to Mira
    When Ann deletes her account
    Then Ben has 1 conversations
    And nothing is remembered of Ben except "My sister Clara plays the cello in Lisbon."
