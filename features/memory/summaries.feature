@scripted
Feature: Long conversations keep their beginning
  The model reads only so many messages of a conversation. Those before them are not lost: a summary
  tells them in short, above the rest of the conversation. It is brought up to date after replies,
  and never delays one.

  Background:
    Given Ann has said "My grandmother kept bees in Toledo." to Mira

  Scenario: A short conversation is read whole
    When Ann says "What did my grandmother do?" to Mira
    Then the model read what Ann said first
    And the model read no summary

  Scenario: The beginning of a long conversation is told in short
    Given Ann has chatted with Mira 30 times
    When Ann says "What did my grandmother do?" to Mira
    Then the model read a summary with "Toledo"
    And the model read fewer than 45 messages

  Scenario: The summary grows with the conversation
    Given Ann has chatted with Mira 20 times
    And Ann has said "My grandfather built clocks in Segovia." to Mira
    And Ann has chatted with Mira 20 times
    When Ann says "Where did my grandparents live?" to Mira
    Then the model read a summary with "Toledo"
    And the model read a summary with "Segovia"

  Scenario: A new conversation begins without it
    Given Ann has chatted with Mira 30 times
    And Ann begins a new conversation
    When Ann says "Hello again!" to Mira
    Then the model read no summary

  Scenario: A deleted message is not told in short either
    Given Ann has chatted with Mira 30 times
    And Ann deletes what she said first
    When Ann says "What did my grandmother do?" to Mira
    Then the model was not told "Toledo"
