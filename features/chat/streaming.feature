Feature: Watching a reply come

  Background:
    Given Ann has signed in

  Scenario: The pieces add up to the reply that is kept
    When Ann says "Tell me about the sea." to Mira and watches the reply come
    Then the stream of Ann is complete
    And every piece has its own place in the stream of Ann
    And what Ann has read is what is kept
    And Ann is told what the reply cost

  Scenario: A stream costs what a reply at once costs
    When Ann says "Tell me about the sea." to Mira and watches the reply come
    Then Ann pays what the receipt says

  @scripted
  Scenario: Words are shown as they come
    Given the model pauses after 2 words of "The sea was here before us."
    When Ann says "Tell me about the sea." to Mira and begins to watch
    And Ann has seen 2 words
    Then Ann has read "The sea"
    When the model goes on
    And Ann watches to the end
    Then Ann has read "The sea was here before us."
    And the stream of Ann is complete

  @scripted
  Scenario: A failure in the middle is told in the stream
    Given the model fails after 2 words of "The sea was here before us."
    When Ann says "Tell me about the sea." to Mira and watches the reply come
    Then Ann has read "The sea"
    And the stream of Ann breaks off with model_unavailable

  @scripted
  Scenario: A failure before the first word is told at once
    Given the model fails before the first word
    When Ann says "Tell me about the sea." to Mira and watches the reply come
    Then it is refused because the model is unavailable

  @scripted
  Scenario: Any script and sign comes through unharmed
    Given the model answers "Ça va ? Ναι — да 🦊 漢字"
    When Ann says "Ça va ?" to Mira and watches the reply come
    Then Ann has read "Ça va ? Ναι — да 🦊 漢字"

  @scripted
  Scenario: A second reply may be watched when the first has ended
    Given the model pauses after 1 words of "First reply."
    And the model pauses after 1 words of "Second reply."
    And Ann says "First?" to Mira and begins to watch
    And Ann says "Second?" to Mira and begins to watch
    When the model goes on
    And Ann watches to the end
    And Ann says "Third?" to Mira and watches the reply come
    Then the stream of Ann is complete
