Feature: What is worth remembering
  After a reply, the companion notes what an attentive friend would note of what the person said:
  who they are, who is in their life, what they do, where they live, what they like, what is coming
  up. Small talk, questions, jokes and what is only supposed are let go. Memories are the person's
  own: each names the messages that it comes from.

  Scenario Outline: A friend would remember <what>
    When Ann says "<words>" to Mira
    Then something about "<telling>" is remembered of Ann

    Examples:
      | what          | words                                                  | telling   |
      | a name        | My name is Annika Berg.                                | Annika    |
      | an age        | I'm 29 years old.                                      | 29        |
      | a pet         | I have a dog called Biscuit.                           | Biscuit   |
      | a job         | I work as a nurse at the children's hospital.          | nurse     |
      | studies       | I'm studying architecture in Porto.                    | architect |
      | a home        | I live in Lisbon.                                      | Lisbon    |
      | an origin     | I grew up in a small town near Oslo.                   | Oslo      |
      | a like        | I love jazz.                                           | jazz      |
      | a dislike     | I can't stand coriander.                               | coriander |
      | an allergy    | I'm allergic to peanuts.                               | peanut    |
      | a birthday    | My birthday is on the 9th of March.                    | March     |
      | family        | My sister Clara plays the cello.                       | Clara     |
      | a friend      | My best friend Tom has just become a father.           | Tom       |
      | a plan        | I'm going to run a marathon in October.                | marathon  |
      | a fear        | I'm terrified of moths.                                | moth      |
      | an agreement  | From now on, please call me Captain.                   | Captain   |

  Scenario Outline: Nobody would remember <what>
    When Ann says "<words>" to Mira
    Then nothing is remembered of Ann

    Examples:
      | what                     | words                                              |
      | a greeting               | Good morning!                                      |
      | a nod                    | Yes, that's right, thank you.                      |
      | a question               | What is the capital of Mongolia?                   |
      | a question of one's own  | Where do I live?                                   |
      | the weather              | It's raining again.                                |
      | the mood of a moment     | I'm so tired today.                                |
      | praise                   | You're really funny, you know that?                |
      | what is only supposed    | If I were rich, I'd live in a castle in Scotland.  |
      | a part that is played    | *draws a sword* I am the queen of the pirates!     |

  Scenario: It is there for the next conversation at once
    Given Ann has said "I have a dog called Biscuit." to Mira
    And Ann begins a new conversation
    When Ann says "What is my dog called?" to Mira
    Then Ann is reminded of "Biscuit"

  Scenario: A memory names the message that it comes from
    When Ann says "I have a dog called Biscuit." to Mira
    Then what is remembered about "Biscuit" comes from what Ann said last

  Scenario: Several things said at once are several memories
    When Ann says "I live in Lisbon. I work as a baker. I'm allergic to peanuts." to Mira
    Then something about "Lisbon" is remembered of Ann
    And something about "baker" is remembered of Ann
    And something about "peanut" is remembered of Ann
    And 3 things are remembered of Ann

  Scenario: What is told again is remembered once
    Given Ann has said "I have a dog called Biscuit." to Mira
    And Ann begins a new conversation
    When Ann says "I have a dog called Biscuit." to Mira
    Then 1 thing is remembered of Ann

  Scenario: Other people's companions learn nothing from it
    When Ann says "I have a dog called Biscuit." to Mira
    Then nothing is remembered of Ben
