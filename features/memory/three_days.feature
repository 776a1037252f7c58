@clock @scripted
Feature: Three days with a companion
  Nora is new. She talks to Mira on three evenings, tells things, changes her mind about some, and
  takes others back. Mira knows what matters when it matters, and what Nora has deleted is gone: it
  is not told to the model again, and nothing holds it.

  Scenario: Mira remembers what matters, and says nothing that was deleted
    # ------------------------------------------------------------------- Thursday: getting to know
    Given the model never says more than that it listens
    And it is 5 March 2026 at 18:00
    When Nora says "Hi, I'm Nora. I've never done this before." to Mira
    And Nora says "I live in Leipzig and I work as a baker, so I'm up at three." to Mira
    And Nora says "It's raining cats and dogs here. Do you like rain?" to Mira
    And Nora says "My dog is called Pretzel. He is afraid of the vacuum cleaner." to Mira
    And Nora says "If I were rich I'd live in a lighthouse in Norway!" to Mira
    And Nora says "Can you recommend a good film?" to Mira
    Then something about "Leipzig" is remembered of Nora
    And something about "Pretzel" is remembered of Nora
    And nothing about "Norway" is remembered of Nora
    And nothing about "film" is remembered of Nora
    # In the same evening, another conversation: it knows already.
    Given Nora begins a new conversation
    When Nora says "What shall I buy for my dog?" to Mira
    Then Nora is reminded of "Pretzel"
    And Nora is not reminded of "lighthouse"
    When Nora says "My friend Jule owes me two thousand euros." to Mira
    And Nora says "My driving test is on the 12th of March." to Mira

    # ----------------------------------------------------------------- Friday: some things change
    Given it is 6 March 2026 at 19:30
    And Nora begins a new conversation
    When Nora says "When is my driving test?" to Mira
    Then Nora is reminded of "12th of March"
    When Nora says "They moved it: my driving test is on the 19th of March now." to Mira
    And Nora says "I'm allergic to walnuts, by the way." to Mira
    And Nora says "My secret wish is to open a bakery in Lyon." to Mira
    Given Nora begins a new conversation
    When Nora says "When is my driving test?" to Mira
    Then Nora is reminded of "19th of March"
    And Nora is not reminded of "12th of March"
    # Nora looks at the list of what is remembered, and takes one thing back.
    When Nora deletes what is remembered about "Jule"
    And Nora says "Who owes me money?" to Mira
    Then Nora is not reminded of "Jule"
    # And she says something that she regrets at once.
    Given Nora begins a new conversation
    When Nora says "My sister Ronja is secretly engaged." to Mira
    And Nora says "I love the sea." to Mira
    And Nora deletes the message "My sister Ronja is secretly engaged."
    Then nothing about "Ronja" is remembered of Nora
    And something about "sea" is remembered of Nora
    When Nora says "How is my sister?" to Mira
    Then the model was not told "Ronja"

    # ------------------------------------------------------------- Saturday: what stays, what goes
    Given it is 7 March 2026 at 20:15
    And Nora begins a new conversation
    When Nora says "Well, I have moved to Dresden today." to Mira
    And Nora deletes the conversation in which she said "My secret wish is to open a bakery in Lyon."
    Given Nora begins a new conversation
    When Nora says "Which city do I live in now?" to Mira
    Then Nora is reminded of "Dresden"
    And Nora is not reminded of "I live in Leipzig"
    When Nora says "I want to bake a cake for myself. What must not be in it?" to Mira
    Then Nora is not reminded of "walnut"
    When Nora says "What is my secret wish?" to Mira
    Then the model was not told "Lyon"
    When Nora says "What do I do for a living?" to Mira
    Then Nora is reminded of "baker"
    When Nora says "Please forget what I told you about Pretzel." to Mira
    And Nora begins a new conversation
    And Nora says "How is my dog?" to Mira
    Then Nora is not reminded of "Pretzel"

    # ---------------------------------------------------------------------- Nothing deleted is left
    And since then the model has been told nothing of what Nora deleted
      | Jule   | memory       |
      | Ronja  | message      |
      | Lyon   | conversation |
      | walnut | conversation |
    And nothing about "Jule" is in the history of Nora
    And nothing about "Ronja" is in the history of Nora
    And nothing about "Lyon" is in the history of Nora
    And nothing about "walnut" is in the history of Nora
    And nothing about "Pretzel" is in the history of Nora
    And the export of Nora has nothing about "Ronja"
    And the export of Nora has nothing about "Lyon"
    And the export of Nora has nothing about "walnut"
