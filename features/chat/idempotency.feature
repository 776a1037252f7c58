Feature: The same message sent again
  Phones lose connections at the worst moment and send again. With the same key, the same message
  is said once, answered once and paid once.

  Background:
    Given Ann has signed in

  Scenario: After the answer
    When Ann says "Tell me about the sea." to Mira with the key "a"
    And Ann says "Tell me about the sea." to Mira with the key "a"
    Then both replies to Ann are the same
    And Ann has 1 conversations
    And the ledger of Ann has 1 entries of the kind charge

  Scenario: At the same moment
    When Ann says "Tell me about the sea." to Mira 4 times at once with the key "b"
    Then all replies to Ann are the same
    And Ann has 1 conversations
    And the ledger of Ann has 1 entries of the kind charge

  @scripted
  Scenario: While the reply is still being written
    Given the model pauses after 3 words of "The sea was here before us."
    And Ann says "Tell me about the sea." to Mira and begins to watch with the key "c"
    And Ann has seen 3 words
    And Ann loses the connection
    When Ann begins a new conversation
    And Ann says "Tell me about the sea." to Mira and begins to watch with the key "c"
    And the model goes on
    And Ann watches to the end
    Then Ann has read "The sea was here before us."
    And the model was asked 1 times
    And the ledger of Ann has 1 entries of the kind charge

  Scenario: Another message with the same key is refused
    Given Ann says "Tell me about the sea." to Mira with the key "d"
    When Ann begins a new conversation
    And Ann says "Tell me about the moon." to Mira with the key "d"
    Then it is refused because the key belongs to another request
    And the ledger of Ann has 1 entries of the kind charge

  Scenario: Other people's keys do not matter
    Given Ben has signed in
    When Ann says "Tell me about the sea." to Mira with the key "e"
    And Ben says "Tell me about the moon." to Mira with the key "e"
    Then it is accepted
    And Ben has 1 conversations

  @scripted
  Scenario: A message that was refused may be sent again
    Given 1,000 tokens cost 100 credits to read and 250 to write
    And Ann says "Tell me about the sea." to Mira with the key "f"
    And it is refused because the credits do not suffice
    And Ann is given 1000 purchased credits
    When Ann says "Tell me about the sea." to Mira with the key "f"
    Then it is accepted
