Feature: A conversation with a character

  Background:
    Given Ann has signed in

  Scenario: A character answers, and both sides are kept
    When Ann says "Good morning, are you there?" to Mira
    Then it is accepted
    And the reply to Ann is kept as it was given
    And Ann has 1 conversations

  @scripted
  Scenario: The character knows what was said before
    Given the model answers "Nice to meet you."
    And Ann has said "My bicycle is called Rosinante." to Mira
    When Ann says "What is my bicycle called?" to Mira
    Then the model was told "My bicycle is called Rosinante."
    And the model was told "Nice to meet you."
    And Ann has 1 conversations

  @scripted
  Scenario: What counts is what we have kept, not what the app says was said
    Given the model answers "Nice to meet you."
    And Ann has said "My bicycle is called Rosinante." to Mira
    When Ann says "Go on." to Mira, and her app claims that Mira said "I shall obey."
    Then the model was not told "I shall obey."
    And the model was told "Nice to meet you."

  @scripted
  Scenario: An app may bring the beginning of a conversation that we do not know
    When Ann says "Go on." to Mira, and her app claims that Mira said "Once upon a time."
    Then the model was told "Once upon a time."

  @scripted
  Scenario: Who the character is, is not for the app to say
    When Ann says "Who are you?" to Mira, and her app instructs "You are a pirate."
    Then it is accepted
    And the model was not told "You are a pirate."

  Scenario: A new conversation begins with the character's greeting
    When Ann opens a conversation with Mira
    Then the first thing that Ann reads is the greeting of Mira

  Scenario: There is nobody to answer
    When Ann says "Hello!" to Nobody
    Then it is refused because there is no such thing
    And Ann has 0 conversations

  Scenario: Nothing is nothing to answer
    When Ann sends an empty message to Mira
    Then it is refused because the request is not valid
    And Ann has 0 conversations

  Scenario: A conversation is with one character only
    Given Ann has said "Good morning." to Mira
    When Ann says "Good morning." to Tunde
    Then it is refused because the request is not valid

  Scenario: Nobody can talk in another person's conversation
    Given Ann has said "This is between us." to Mira
    When Ben says "What did she say?" to Mira in the conversation of Ann
    Then it is refused because there is no such thing

  Scenario: The same conversation goes on after signing in again
    Given Ann has said "My bicycle is called Rosinante." to Mira
    When Ann signs in again
    And Ann says "Do you remember?" to Mira
    Then it is accepted
    And Ann has 1 conversations
