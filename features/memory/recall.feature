@scripted
Feature: What a companion remembers
  What somebody tells a character in one conversation is there in the next one: when it matters, the
  character is reminded of it before answering. It is this person's, with this character, and gone
  when the person wants it gone.

  Background:
    Given Ann has said "My sister Clara plays the cello in Lisbon." to Mira
    And Ann begins a new conversation

  Scenario: Something said earlier is there in a new conversation
    When Ann says "Which instrument does my sister Clara play?" to Mira
    Then the model was told "My sister Clara plays the cello in Lisbon."
    And Ann is told that "My sister Clara plays the cello in Lisbon." was remembered

  Scenario: Nothing is remembered that has nothing to do with it
    When Ann says "Please explain thermodynamics quickly." to Mira
    Then the model was not told "cello"

  Scenario: Another character does not know it
    When Ann says "Which instrument does my sister Clara play?" to Tunde
    Then the model was not told "cello"

  Scenario: Another person's companion does not know it
    When Ben says "Which instrument does my sister Clara play?" to Mira
    Then the model was not told "cello"
    And nothing is remembered of Ben

  Scenario: What was forgotten stays forgotten
    Given Ann lets Mira forget "My sister Clara plays the cello in Lisbon."
    When Ann says "Which instrument does my sister Clara play?" to Mira
    Then the model was not told "cello"

  Scenario: All that a character remembers can be forgotten at once
    Given Ann has said "My brother Paul repairs old clocks." to Tunde
    And Ann lets Mira forget everything
    Then nothing is remembered of Ann except "My brother Paul repairs old clocks."

  Scenario: What was said in a deleted conversation is forgotten
    Given Ann deletes her only conversation
    When Ann says "Which instrument does my sister Clara play?" to Mira
    Then the model was not told "cello"

  Scenario: A memory can be put right
    Given Ann corrects "My sister Clara plays the cello in Lisbon." to "My sister Clara plays the violin in Lisbon."
    When Ann says "Which instrument does my sister Clara play?" to Mira
    Then the model was told "My sister Clara plays the violin in Lisbon."
    And the model was not told "cello"

  Scenario: Something can be told outside of any conversation
    Given Ann asks Mira to remember "My birthday is on the ninth of March."
    When Ann says "When is my birthday?" to Mira
    Then the model was told "My birthday is on the ninth of March."

  Scenario: Small talk is not remembered
    When Ann says "Good morning!" to Mira
    Then nothing is remembered of Ann except "My sister Clara plays the cello in Lisbon."

  Scenario: What was said to a model that failed is not remembered
    Given the model fails before the first word
    When Ann says "My neighbour keeps seven bees in a shoebox." to Mira
    Then nothing is remembered of Ann except "My sister Clara plays the cello in Lisbon."

  Scenario Outline: Nobody can touch another person's memories
    When Ben tries to <do> what Mira remembers of Ann
    Then it is refused because there is no such thing
    And nothing is remembered of Ann except "My sister Clara plays the cello in Lisbon."

    Examples:
      | do      |
      | correct |
      | forget  |
