Feature: Who one can talk to

  Scenario: Anybody can look at the catalogue
    When a visitor looks at the catalogue
    Then it shows Mira, Tunde, Duarte, Bronagh
    And every character has a name, a tagline, a description and a greeting

  Scenario Outline: What a tier opens
    Given Ann is of the tier <tier>
    When Ann looks at the catalogue
    Then Mira is <mira>
    And Duarte is <duarte>
    And Bronagh is <bronagh>

    Examples:
      | tier    | mira | duarte | bronagh |
      | free    | open | locked | locked  |
      | plus    | open | open   | locked  |
      | premium | open | open   | open    |

  Scenario Outline: A locked character neither begins a conversation nor answers
    Given Ann is of the tier <tier>
    When Ann opens a conversation with <character>
    Then it is refused because a higher tier is needed
    When Ann says "Good morning!" to <character>
    Then it is refused because a higher tier is needed

    Examples:
      | tier | character |
      | free | Duarte    |
      | free | Bronagh   |
      | plus | Bronagh   |

  Scenario: The tier counts at every message
    Given Ann is of the tier plus
    And Ann has said "Good morning!" to Duarte
    When Ann is of the tier free
    And Ann says "Are you still there?" to Duarte
    Then it is refused because a higher tier is needed

  Scenario: There is no such character
    When Ann opens a conversation with Nobody
    Then it is refused because there is no such thing

  Scenario: The catalogue is what OpenAI's tools call the list of models
    When a visitor looks at the catalogue
    Then the list of models names the same characters

  @scripted
  Scenario: A conversation keeps the version that it began with
    Given Ann has said "Good morning!" to Mira
    When a new version of Mira is published who "speaks in riddles only"
    And Ann says "And how are you?" to Mira
    Then the model was not told "speaks in riddles only"
    And the conversation of Ann is with version 1

  @scripted
  Scenario: A new conversation gets the new version
    Given Ann has said "Good morning!" to Mira
    When a new version of Mira is published who "speaks in riddles only"
    And Ann begins a new conversation
    And Ann says "And how are you?" to Mira
    Then the model was told "speaks in riddles only"
    And the conversation of Ann is with version 2

  @scripted
  Scenario: Publishing the same again makes no new version
    When Mira is published again without a change
    Then the catalogue shows version 1 of Mira
