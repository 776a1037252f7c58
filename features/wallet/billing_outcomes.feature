@scripted
Feature: What a person pays, however a reply ends
  Before the model is asked, the most that a reply can cost is held. When the reply ends, the hold
  is resolved exactly once: the price is charged and the rest released. Whoever gets no whole reply
  pays nothing for it.

  Prices of these scenarios: the model reads at most 4,096 tokens and writes at most 400, so
  (4,096 × 10 + 400 × 25) / 1,000 = 51 credits are held. A reply for which it read 2,000 tokens and
  wrote 400 costs (2,000 × 10 + 400 × 25) / 1,000 = 30 credits.

  Background:
    Given 1,000 tokens cost 10 credits to read and 25 to write
    And Ann has signed in

  Rule: Whatever is refused before the model is asked is free

    Scenario: Not enough credits
      Given 1,000 tokens cost 100 credits to read and 250 to write
      When Ann says "Tell me about the sea." to Mira
      Then it is refused because the credits do not suffice
      And Ann pays nothing
      And nothing that Ann said is kept
      And the model was not asked

    Scenario: A character of a higher tier
      When Ann says "Tell me about the sea." to Bronagh
      Then it is refused because a higher tier is needed
      And Ann pays nothing
      And the model was not asked

    Scenario: A suspended account
      Given Ann is suspended
      When Ann says "Tell me about the sea." to Mira
      Then it is refused because the account is suspended
      And the model was not asked
      When Ann is readmitted
      Then Ann has 100 credits

    Scenario: A message that is too long
      When Ann says 20000 characters to Mira
      Then it is refused because the message is too long
      And Ann pays nothing
      And nothing that Ann said is kept
      And the model was not asked

    Scenario: Too many requests
      Given Ann asks for the prices 600 times
      When Ann says "Tell me about the sea." to Mira
      Then it is refused because there were too many requests
      And the model was not asked
      And the administrator sees that Ann has 100 credits

    Scenario: Too many replies at once
      Given Ann is given 100 purchased credits
      And the model pauses after 1 words of "One reply."
      And the model pauses after 1 words of "Another reply."
      And Ann says "First?" to Mira and begins to watch
      And Ann says "Second?" to Mira and begins to watch
      When Ann says "Third?" to Mira and begins to watch
      Then it is refused because too many replies are being written
      And 102 credits of Ann are held

  Rule: A reply that the model does not finish is free

    Scenario: The model fails before the first word
      Given the model fails before the first word
      When Ann says "Tell me about the sea." to Mira
      Then it is refused because the model is unavailable
      And Ann pays nothing
      And no reply to Ann is kept

    Scenario: The model fails in the middle
      Given the model fails after 3 words of "The sea was here before us."
      When Ann says "Tell me about the sea." to Mira and watches the reply come
      Then the stream of Ann breaks off with model_unavailable
      And Ann has read "The sea was"
      And "The sea was" is kept as the incomplete reply to Ann
      And the receipt of Ann shows 51 held, 0 charged and 51 released
      And Ann pays nothing

    Scenario: The model's provider refuses the content before the first word
      Given the model refuses the content before the first word
      When Ann says "Tell me something awful." to Mira
      Then it is refused because the content is blocked
      And Ann pays nothing
      And no reply to Ann is kept

    Scenario: The model's provider refuses the content in the middle
      Given the model refuses the content after 2 words of "Well then, listen to this."
      When Ann says "Tell me something awful." to Mira and watches the reply come
      Then the stream of Ann breaks off with content_blocked
      And "Well then," is kept as the incomplete reply to Ann
      And Ann pays nothing

    Scenario: The model never says that it has finished
      Given the model says "The sea was here before us." but never that it has finished
      When Ann says "Tell me about the sea." to Mira and watches the reply come
      Then the stream of Ann breaks off with model_unavailable
      And "The sea was here before us." is kept as the incomplete reply to Ann
      And Ann pays nothing

    Scenario: The model says nothing for too long
      Given the model says nothing for longer than the product waits
      When Ann says "Tell me about the sea." to Mira
      Then it is refused because the model is unavailable
      And Ann pays nothing
      And no reply to Ann is kept

    Scenario: The model falls silent in the middle
      Given the model falls silent after 3 words of "The sea was here before us." for longer than the product waits
      When Ann says "Tell me about the sea." to Mira and watches the reply come
      Then the stream of Ann breaks off with model_unavailable
      And "The sea was" is kept as the incomplete reply to Ann
      And Ann pays nothing

  Rule: A reply that is finished costs its price

    Scenario: The model finishes
      Given the model answers "The sea was here before us.", having read 2000 tokens and written 400
      When Ann says "Tell me about the sea." to Mira
      Then the reply is "The sea was here before us."
      And the reply ended because of stop
      And Ann pays 30 credits
      And the receipt of Ann shows 51 held, 30 charged and 21 released
      And the receipt of Ann says that the usage was reported
      And "The sea was here before us." is kept as the complete reply to Ann

    Scenario: The reply is cut off at its greatest length
      Given the model answers "The sea was here before us."
      When Ann says "Tell me about the sea." to Mira and wants at most 3 tokens
      Then the reply is "The sea was"
      And the reply ended because of length
      And "The sea was" is kept as the complete reply to Ann
      And Ann pays something, and at most 42 credits

    Scenario: The model does not say what it took
      Given the model answers "The sea was here before us." and does not say what it took
      When Ann says "Tell me about the sea." to Mira
      Then Ann pays something, and at most 51 credits
      And the receipt of Ann says that the usage was estimated

    Scenario Outline: The price is rounded up, has a minimum, and never exceeds what was held
      Given the model answers "Yes.", having read <read> tokens and written <written>
      When Ann says "Tell me about the sea." to Mira
      Then Ann pays <credits> credits

      Examples:
        | read  | written | credits |
        | 0     | 0       | 1       |
        | 100   | 0       | 1       |
        | 101   | 0       | 2       |
        | 2000  | 400     | 30      |
        | 4096  | 400     | 51      |
        | 90000 | 9000    | 51      |

  Rule: A reply that was begun is the person's, whether they stay or not

    Scenario: The person leaves in the middle
      Given the model pauses after 3 words of "The sea was here before us."
      And Ann says "Tell me about the sea." to Mira and begins to watch
      And Ann has seen 3 words
      And Ann loses the connection
      When the model goes on
      Then the reply to Ann ends by itself
      And "The sea was here before us." is kept as the complete reply to Ann
      And Ann pays something, and at most 51 credits

    Scenario: The person stops the reply
      Given the model pauses after 3 words of "The sea was here before us."
      And Ann says "Tell me about the sea." to Mira and begins to watch
      And Ann has seen 3 words
      When Ann stops the reply
      Then "The sea was" is kept as the stopped reply to Ann
      And the turn of Ann is stopped
      And Ann pays something, and at most 51 credits
      And the receipt of Ann says that the usage was estimated

  @clock
  Rule: A hold that nobody comes back for is released

    Scenario: The hold runs out while the model is still answering
      Given the model pauses after 3 words of "The sea was here before us."
      And Ann says "Tell me about the sea." to Mira and begins to watch
      And Ann has seen 3 words
      And 51 credits of Ann are held
      When 11 minutes pass
      And the job sweep-holds runs
      Then 0 credits of Ann are held
      When the model goes on
      And the reply to Ann has ended
      Then Ann pays nothing

    Scenario: The process is killed while the model is answering
      Given the model pauses after 3 words of "The sea was here before us."
      And Ann says "Tell me about the sea." to Mira and begins to watch
      And Ann has seen 3 words
      When the product's process is killed and started again
      Then 51 credits of Ann are held
      When 11 minutes pass
      And the job sweep-holds runs
      Then 0 credits of Ann are held
      And Ann pays nothing
      And the turn of Ann is failed
