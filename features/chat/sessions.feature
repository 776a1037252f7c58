Feature: The list of conversations

  Background:
    Given Ann has signed in

  Scenario: The latest one comes first
    Given Ann opens a conversation with Mira
    And Ann opens a conversation with Tunde
    And Ann opens a conversation with Gethin
    Then the conversations of Ann are with Gethin, Tunde, Mira
    And the conversations of Ann are the same when they are read 2 at a time

  Scenario: A conversation gets its title from its first words
    When Ann says "Tell me about the sea." to Mira
    Then the conversation of Ann has the title "Tell me about the sea."

  Scenario: It can have another title
    Given Ann has said "Tell me about the sea." to Mira
    When Ann calls the conversation "The sea"
    Then the conversation of Ann has the title "The sea"

  Scenario: A deleted conversation is gone with all its words
    Given Ann has said "Tell me about the sea." to Mira
    When Ann deletes the conversation
    Then Ann has 0 conversations
    And the messages of the deleted conversation of Ann cannot be read
    And the ledger of Ann has 1 entries of the kind charge

  Scenario Outline: Another person's conversation is as if it were not there
    Given Ann has said "This is between us." to Mira
    When Ben tries to <do> the conversation of Ann
    Then it is refused because there is no such thing
    And Ann has 1 conversations
    And Ben has 0 conversations

    Examples:
      | do     |
      | show   |
      | read   |
      | rename |
      | delete |

  Scenario: A message can be reported, once
    Given Ann has said "Tell me about the sea." to Mira
    When Ann reports the reply because "It was rude."
    And Ann reports the reply because "It was very rude."
    Then it is accepted
    And both reports of Ann are one
