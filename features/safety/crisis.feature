Feature: Whoever is in a crisis is shown to help, at once and for free
  A message in which somebody means to die or to hurt themselves is not answered by a character.
  The product itself answers, with help lines for the person's country, in the language of the
  message. It costs nothing, and nothing that is broken or empty stands in its way.

  Background:
    Given Ann has signed in

  Rule: Help comes before any word of a model

    Scenario: The product answers, not the model
      When Ann says "I want to kill myself." to Mira
      Then Ann is shown to help
      And the help is kept as the complete reply to Ann
      And Ann pays nothing

    @scripted
    Scenario: The model is not even asked
      When Ann says "I don't want to live anymore." to Mira
      Then Ann is shown to help
      And the model was not asked

    Scenario: In a stream it comes like any reply
      When Ann says "I want to kill myself." to Mira and watches the reply come
      Then the stream of Ann is complete
      And what Ann has read shows her to help
      And what Ann has read is what is kept
      And Ann pays nothing

    Scenario: The conversation goes on
      Given Ann has said "I want to kill myself." to Mira
      When Ann says "Thank you. I called them. Tell me about the sea." to Mira
      Then it is accepted
      And Ann is not shown to help
      And Ann has 1 conversations

    Scenario: It is found among other words, and in disguise
      When Ann says "Work was fine. Honestly though, i w4nt to k1ll mys3lf tonight. Anyway." to Mira
      Then Ann is shown to help

    Scenario Outline: What only sounds like it is answered as always
      When Ann says "<text>" to Mira
      Then it is accepted
      And Ann is not shown to help

      Examples:
        | text                                      |
        | This game kills me, I laughed so hard.    |
        | I would die for a pizza right now.        |
        | My phone just died and so did my laptop.  |
        | The hero of my book fears death.          |

  Rule: Nothing stands in its way

    @scripted
    Scenario: An empty wallet
      Given 1,000 tokens cost 100 credits to read and 250 to write
      And Ann says "Tell me about the sea." to Mira
      And it is refused because the credits do not suffice
      When Ann says "I want to kill myself." to Mira
      Then Ann is shown to help
      And Ann pays nothing

    @scripted
    Scenario: The model is down
      Given the model fails before the first word
      When Ann says "I want to kill myself." to Mira
      Then Ann is shown to help

    Scenario: Too many requests
      Given Ann asks for the prices 600 times
      And Ann says "Tell me about the sea." to Mira
      And it is refused because there were too many requests
      When Ann says "I want to kill myself." to Mira
      Then Ann is shown to help

    Scenario: A character of a higher tier
      When Ann says "I want to kill myself." to Bronagh
      Then Ann is shown to help

    @scripted
    Scenario: Two replies that are still being written
      Given the model pauses after 1 words of "One reply."
      And the model pauses after 1 words of "Another reply."
      And Ann says "First?" to Mira and begins to watch
      And Ann says "Second?" to Mira and begins to watch
      When Ann says "I want to kill myself." to Mira and watches the reply come
      Then the stream of Ann is complete
      And what Ann has read shows her to help

  Rule: Help is where the person is, in the language of the message

    Scenario Outline: The lines of a country
      Given Ann lives in "<country>"
      When Ann says "I want to kill myself." to Mira
      Then Ann is shown to help at "<line>", and to "<emergency>" in danger

      Examples:
        | country | line             | emergency |
        | US      | 988              | 911       |
        | GB      | 116 123          | 999       |
        | DE      | 0800 111 0 111   | 112       |
        | AU      | 13 11 14         | 000       |
        | JP      | 0120-279-338     | 119       |
        | TR      | findahelpline.com | 112      |

    Scenario: Where the country is not known, the lines of any country
      When Ann says "I want to kill myself." to Mira
      Then Ann is shown to help at "findahelpline.com"

    Scenario Outline: The words are in the language of the message
      Given Ann lives in "US"
      When Ann says "<text>" to Mira
      Then Ann is shown to help at "988"
      And the help begins with "<words>"

      Examples:
        | text                      | words                  |
        | I want to kill myself.    | Please talk to someone |
        | Quiero suicidarme.        | Por favor, habla ahora |
        | Ich will mich umbringen.  | Bitte sprich jetzt     |
        | Je veux me suicider.      | Parle tout de suite    |

  Rule: It is looked at by people, and counted without them

    Scenario: What was found waits for review
      When Ann says "I want to kill myself." to Mira
      Then the administrator finds an open flag of Ann
        | stage | category  | action | excerpt                |
        | input | self_harm | refer  | I want to kill myself. |
      And the flag names its rule and the version of the rules
      When the administrator finds the flag of Ann escalated: "Called back."
      Then the administrator finds no open flag

    @alone
    Scenario: It is counted
      When Ann says "I want to kill myself." to Mira
      And Ann says "I want to kill myself." to Mira
      Then the product has counted
        | crisis_referral_input | 2 |
