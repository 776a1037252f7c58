Feature: Everybody is told that they talk to an AI, and minors are told to take a break
  With the first reply of a day, and again after three hours, the product itself says that this is
  an AI and not a human. Known minors are told to take a break when they have gone on for so long.
  The hours are configuration, by the law of where somebody lives; the wording has a version.

  The clock of notices is kept with the account: it is the same on every device, in every
  conversation and after a restart. When in doubt, people are told once more.

  @clock
  Rule: "You are talking to an AI" at the beginning of a day and after three hours

    Background:
      Given it is 5 March 2026 at 10:00
      And Ann has signed in

    Scenario: The first reply of a day tells it, and those after it do not
      When Ann says "Good morning!" to Mira
      Then Ann is told that this is an AI
      When Ann says "How are you?" to Mira
      Then Ann is told nothing
      When it is 6 March 2026 at 08:00
      And Ann says "Good morning!" to Mira
      Then Ann is told that this is an AI

    Scenario: Whoever goes on for three hours is told again
      Given Ann has said "Good morning!" to Mira
      When 179 minutes pass
      And Ann says "Still here." to Mira
      Then Ann is told nothing
      When 1 minutes pass
      And Ann says "Still here." to Mira
      Then Ann is told that this is an AI

    Scenario: A day begins at midnight, UTC
      Given it is 5 March 2026 at 23:30
      And Ann has said "Good evening!" to Mira
      When it is 6 March 2026 at 00:01
      And Ann says "Still awake." to Mira
      Then Ann is told that this is an AI

    Scenario: Another character, another conversation: it is the same clock
      Given Ann has said "Good morning!" to Mira
      When Ann begins a new conversation
      And Ann says "Good morning!" to Tunde
      Then Ann is told nothing

    Scenario: A restart forgets nothing
      Given Ann has said "Good morning!" to Mira
      When the product's process is killed and started again
      And Ann says "Still here." to Mira
      Then Ann is told nothing

    Scenario: A clock that was set back tells once more
      Given Ann has said "Good morning!" to Mira
      When it is 5 March 2026 at 09:00
      And Ann says "Good morning again!" to Mira
      Then Ann is told that this is an AI
      When Ann says "How are you?" to Mira
      Then Ann is told nothing

    Scenario: Signing in shows what the next reply will tell, and does not count as telling it
      When Ann signs in
      Then the sign-in says that this is an AI
      When Ann says "Good morning!" to Mira
      Then Ann is told that this is an AI
      When Ann signs in
      Then the sign-in tells nothing

    Scenario: A stream tells it with its first event, before any word of the reply
      When Ann says "Good morning!" to Mira and begins to watch
      Then the first event that Ann sees tells her that this is an AI

    @scripted
    Scenario: A reply that did not come has told nothing
      Given the model fails before the first word
      And Ann says "Good morning!" to Mira
      When Ann says "Good morning?" to Mira
      Then Ann is told that this is an AI

    Scenario: The wording has a version, and says what the law wants said
      When Ann says "Good morning!" to Mira
      Then Ann is told in words that name "an AI" and "not a human"
      And the notice has a version

    Scenario: In the United States it also says for whom this may not be suitable
      Given Ann lives in "US"
      When Ann says "Good morning!" to Mira
      Then Ann is told in words that name "not a human" and "not be suitable for some minors"

  @clock
  Rule: A break for known minors

    Scenario Outline: Whoever is known to be a minor is told to take a break after three hours
      Given it is 5 March 2026 at 10:00
      And Ann comes from the identity provider as <age>
      And Ann has said "Good morning!" to Mira
      When 180 minutes pass
      And Ann says "Still here." to Mira
      Then Ann is told <what>

      Examples:
        | age      | what                                        |
        | under_13 | that this is an AI, and then to take a break |
        | 13_15    | that this is an AI, and then to take a break |
        | 16_17    | that this is an AI, and then to take a break |
        | adult    | that this is an AI                           |
        | unknown  | that this is an AI                           |

    Scenario: The first reply of a day tells nobody to take a break
      Given it is 5 March 2026 at 10:00
      And Ann comes from the identity provider as 13_15
      When Ann says "Good morning!" to Mira
      Then Ann is told that this is an AI

    Scenario: Somebody who says that they are younger is reminded as well
      Given it is 5 March 2026 at 10:00
      And Ann has said "Good morning!" to Mira
      And Ann says that her age is 16_17
      When 180 minutes pass
      And Ann says "Still here." to Mira
      Then Ann is told that this is an AI, and then to take a break

    Scenario: Going on through midnight is no new beginning
      Given it is 5 March 2026 at 22:30
      And Ann comes from the identity provider as 13_15
      And Ann has said "Good evening!" to Mira
      When it is 6 March 2026 at 00:30
      And Ann says "Still awake." to Mira
      Then Ann is told that this is an AI, and then to take a break

  @clock
  Rule: The law of a place counts from its day on

    Scenario Outline: In the United States minors are told each hour from 2027 on
      Given it is <day> at 10:00
      And Ann comes from the identity provider as 13_15
      And Ann lives in "<country>"
      And Ann has said "Good morning!" to Mira
      When 60 minutes pass
      And Ann says "Still here." to Mira
      Then Ann is told <what>

      Examples:
        | day             | country | what                                        |
        | 31 August 2026  | US      | nothing                                      |
        | 4 January 2027  | US      | that this is an AI, and then to take a break |
        | 4 January 2027  | DE      | nothing                                      |

    Scenario: Of whom nobody knows the country, the strictest law counts
      Given it is 4 January 2027 at 10:00
      And Ann comes from the identity provider as 13_15
      And Ann has said "Good morning!" to Mira
      When 60 minutes pass
      And Ann says "Still here." to Mira
      Then Ann is told that this is an AI, and then to take a break
