@scripted
Feature: Taking back what was said
  People can delete a message, a reply or a whole conversation. What the companion learnt only from
  that is forgotten with it, for good: it is neither remembered nor told to the model again. What
  was told elsewhere too stays.

  Scenario: With a message goes what was learnt from it
    Given Ann has said "I have a dog called Biscuit." to Mira
    And Ann has said "I live in Lisbon." to Mira
    When Ann deletes the message "I have a dog called Biscuit."
    Then nothing about "Biscuit" is remembered of Ann
    And nothing about "Biscuit" is in the history of Ann
    And something about "Lisbon" is remembered of Ann
    And the export of Ann has nothing about "Biscuit"

  Scenario: A deleted message is not told to the model again
    Given Ann has said "I have a dog called Biscuit." to Mira
    And Ann deletes the message "I have a dog called Biscuit."
    When Ann says "Do you know what my dog is called?" to Mira
    Then the model was not told "Biscuit"

  Scenario: The character promises no forgetting that it cannot see to
    When Ann says "Let my past be a closed book to you." to Mira
    Then the model was told "never promise that it is gone"
    And the model was told "can see and delete what is remembered"

  Scenario: With a message go the replies to it
    Given Ann has said "I have a dog called Biscuit." to Mira
    When Ann asks for another reply
    And Ann deletes the message "I have a dog called Biscuit."
    Then nothing that Ann said is kept
    And the last turn of Ann cannot be followed any more

  Scenario: A reply goes alone
    Given the model answers "What a lovely name for a dog!"
    And Ann has said "I have a dog called Biscuit." to Mira
    When Ann deletes the message "What a lovely name for a dog!"
    Then the conversation of Ann ends with "I have a dog called Biscuit."
    And something about "Biscuit" is remembered of Ann

  Scenario: What was told in two conversations outlives one of them
    Given Ann has said "I have a dog called Biscuit." to Mira
    And Ann begins a new conversation
    And Ann has said "I have a dog called Biscuit." to Mira
    When Ann deletes the conversation
    Then something about "Biscuit" is remembered of Ann

  Scenario: What was told nowhere else goes with its conversation
    Given Ann has said "I have a dog called Biscuit." to Mira
    When Ann deletes the conversation
    Then nothing about "Biscuit" is remembered of Ann
    And the export of Ann has nothing about "Biscuit"

  Scenario: What goes on of something that has ended goes with the old conversation
    Given Ann has said "Wilma's the loud one in our quiz team. My cousin Wilf keeps score and the pub is called the Heron." to Mira
    And Ann begins a new conversation
    And Ann has said "I've left the quiz team." to Mira
    Then nothing about "Wilma" is remembered of Ann
    And something about "Heron" is remembered of Ann
    When Ann deletes her first conversation
    Then nothing about "Heron" is remembered of Ann
    And nothing about "Heron" is in the history of Ann
    And something about "quiz team" is remembered of Ann

  Scenario: A conversation that was named after a deleted message is named after the character
    Given Ann has said "I have a dog called Biscuit." to Mira
    When Ann deletes the message "I have a dog called Biscuit."
    Then the conversation of Ann is named after Mira

  Scenario: A note stays when the message is deleted that said the same
    Given Ann asks Mira to remember "I have a dog called Biscuit."
    And Ann has said "I have a dog called Biscuit." to Mira
    When Ann deletes the message "I have a dog called Biscuit."
    Then something about "Biscuit" is remembered of Ann

  Scenario: Nobody can delete what another person said
    Given Ann has said "I have a dog called Biscuit." to Mira
    When Ben tries to delete what Ann said last
    Then it is refused because there is no such thing
    And something about "Biscuit" is remembered of Ann
