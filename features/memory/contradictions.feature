Feature: What has changed
  A person's life goes on. When what they say contradicts what is remembered, the new takes the
  place of the old: it is no longer told to the model, and kept as history. What can both be true
  stays. What the person asks to be forgotten is forgotten, however they ask.

  Scenario Outline: <what> takes the place of the old one
    Given Ann has said "<before>" to Mira
    And Ann begins a new conversation
    When Ann says "<after>" to Mira
    Then something about "<new>" is remembered of Ann
    And nothing about "<old>" is remembered of Ann

    Examples:
      | what                   | before                                     | after                                        | old     | new     |
      | A new home             | I live in Paris.                           | I've moved to Rome.                          | Paris   | Rome    |
      | A home told otherwise  | I live in Paris.                           | I live in Rome now.                          | Paris   | Rome    |
      | A new job              | I work as a waiter.                        | I work as a photographer now.                | waiter  | photo   |
      | Another favourite      | My favourite colour is green.              | My favourite colour is blue now.             | green   | blue    |
      | Another date           | My exam is on the 4th of May.              | My exam is on the 11th of May now.           | 4th     | 11th    |
      | A name put right       | My sister's name is Catrine.               | My sister's name is Katrin, not Catrine.     | name is Catrine | Katrin  |
      | Another form of address | Please call me Annie.                     | Please call me Captain from now on.          | Annie   | Captain |

  Scenario: The old one is kept as history
    Given Ann has said "I live in Paris." to Mira
    And Ann has said "I've moved to Rome." to Mira
    Then something about "Paris" is in the history of Ann
    And nothing about "Paris" is remembered of Ann

  Scenario: The model is told what is true now
    Given Ann has said "I live in Paris." to Mira
    And Ann begins a new conversation
    And Ann has said "I've moved to Rome." to Mira
    And Ann begins a new conversation
    When Ann says "Which city do I live in?" to Mira
    Then Ann is reminded of "Rome"
    And Ann is not reminded of "Paris"

  Scenario Outline: What can both be true stays
    Given Ann has said "<one>" to Mira
    And Ann begins a new conversation
    When Ann says "<other>" to Mira
    Then something about "<first>" is remembered of Ann
    And something about "<second>" is remembered of Ann

    Examples:
      | one                             | other                         | first   | second |
      | I love jazz.                    | I love opera.                 | jazz    | opera  |
      | I have a dog called Biscuit.    | I have a cat called Tiger.    | Biscuit | Tiger  |
      | My sister Clara is a cellist.   | My sister Ida is a vet.       | Clara   | Ida    |
      | I live in Paris.                | My brother lives in Rome.     | Paris   | Rome   |

  Scenario: What is over is not told as if it went on
    Given Ann has said "My boyfriend is called Paul." to Mira
    And Ann begins a new conversation
    And Ann has said "Paul and I broke up." to Mira
    And Ann begins a new conversation
    When Ann says "Do I have a boyfriend?" to Mira
    Then Ann is not reminded of "boyfriend is called Paul"

  Scenario Outline: What the person asks to be forgotten is forgotten
    Given Ann has said "My friend Mark has lost his job." to Mira
    And Ann has said "I have a dog called Biscuit." to Mira
    When Ann says "<words>" to Mira
    Then nothing about "Mark" is remembered of Ann
    And nothing about "Mark" is in the history of Ann
    And something about "Biscuit" is remembered of Ann

    Examples:
      | words                                           |
      | Please forget what I told you about Mark.       |
      | Forget about Mark.                              |
      | Could you please forget everything about Mark?  |

  Scenario: With a memory goes the history that it took the place of
    Given Ann has said "I live in Paris." to Mira
    And Ann has said "I've moved to Rome." to Mira
    When Ann deletes what is remembered about "Rome"
    Then nothing about "Rome" is remembered of Ann
    And nothing about "Paris" is in the history of Ann
