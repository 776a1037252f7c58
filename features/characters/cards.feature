@scripted
Feature: Characters come in from cards of other programs, and go out again
  A Character Card is one file with a whole character in it: who it is, how it talks, what it knows,
  and often a picture. Many programs read and write such cards, in three versions and several kinds
  of files. Whatever an administrator imports, nothing of it is lost, not even what this product
  does not know; and whatever is hidden in a file does no harm.

  # --------------------------------------------------------------------------------- coming in

  Scenario Outline: A card of another program becomes a character
    When the administrator imports Luna as <program> writes her
    Then Luna is in the catalogue with the greeting "Good evening, you."
    When Ann says "Good evening!" to Luna
    Then it is accepted
    And the model was told "Luna keeps the lighthouse."

    Examples:
      | program                     |
      | SillyTavern                 |
      | SillyTavern, as JSON        |
      | Chub                        |
      | Agnai                       |
      | TavernAI                    |
      | the text-generation web UI  |

  Scenario: A nickname is what a character goes by
    When the administrator imports Luna as RisuAI writes her
    And Ann says "Good evening!" to Luna
    Then the model was told "Lu keeps the lighthouse."

  Scenario: The picture of a card is the picture of the character
    When the administrator imports Luna as SillyTavern writes her
    Then the catalogue shows the picture of Luna, without the card in it

  Scenario: A card without a picture
    When the administrator imports Luna as Chub writes her
    Then the catalogue shows no picture of Luna

  Scenario: What its creator tells people is not for the model
    Given a card of Luna whose creator notes are "best with the lights out"
    When the administrator imports the card
    And Ann says "Good evening!" to Luna
    Then the model was not told "best with the lights out"
    And the catalogue describes Luna as "best with the lights out"

  # ---------------------------------------------------------------------------- what it is called

  Scenario: A card may bring its own id
    Given a card of Luna with the id "keeper-of-the-light"
    When the administrator imports the card
    Then the character is called "keeper-of-the-light"

  Scenario: The administrator may choose the id of a card that brings none
    Given a card of Luna
    When the administrator imports the card as "lu"
    Then the character is called "lu"

  Scenario Outline: Otherwise the name gives the id
    Given a card of <name>
    When the administrator imports the card
    Then the character is called "<id>"

    Examples:
      | name          | id            |
      | Zoë d'Été     | zoe-d-ete     |
      | Mira          | mira-2        |

  Scenario: A name in another script gives an id as well
    Given a card of Луна
    When the administrator imports the card
    Then the character can be found by its id

  # ------------------------------------------------------------------------------------- versions

  Scenario: The same card again changes nothing
    Given the administrator has imported Luna as SillyTavern writes her
    When the administrator imports Luna as SillyTavern writes her
    Then the catalogue shows version 1 of Luna

  Scenario: A changed card is a new version, and conversations keep theirs
    Given a card of Luna with the id "luna"
    And the administrator has imported the card
    And Ann has said "Good evening!" to Luna
    When the description on the card becomes "She speaks in riddles."
    And the administrator imports the card
    And Ann says "And how are you?" to Luna
    Then the model was not told "She speaks in riddles."
    And the catalogue shows version 2 of Luna
    And the administrator finds versions 2, 1 of Luna

  Scenario: A lorebook may come alone
    Given the administrator has imported Luna as Chub writes her
    When the administrator gives Luna a lorebook as SillyTavern keeps it
    And Ann says "Tell me about the lighthouse." to Luna
    Then the catalogue shows version 2 of Luna
    And the card of Luna has 2 entries in its lorebook

  # ------------------------------------------------------------------------------------ going out

  Scenario Outline: What goes out is what came in
    Given the administrator has imported Luna as <program> writes her
    When somebody downloads the card of Luna as <kind>
    Then nothing is missing from the card that came in
    When the administrator imports the download
    Then the catalogue shows version 1 of Luna

    Examples:
      | program     | kind  |
      | SillyTavern | PNG   |
      | SillyTavern | JSON  |
      | SillyTavern | CHARX |
      | RisuAI      | PNG   |
      | RisuAI      | JSON  |
      | RisuAI      | CHARX |
      | Chub        | PNG   |
      | TavernAI    | CHARX |

  Scenario: Programs that know only the second version can read a picture too
    Given the administrator has imported Luna as RisuAI writes her
    When somebody downloads the card of Luna as PNG
    Then the picture also holds a card of the second version

  Scenario: Characters that ship with the product can be taken elsewhere
    When somebody downloads the card of Ottavia as CHARX
    Then the download is a card of Maestra Ottavia Serrat

  # --------------------------------------------------------------------------------- what is kept out

  Scenario Outline: A file that was made to do harm is refused
    When the administrator imports <file>
    Then it is refused because <reason>
    And nothing has changed

    Examples:
      | file                                                 | reason                          |
      | a picture without a card                             | the request is not valid        |
      | a picture with a chunk of four gigabytes             | the request is not valid        |
      | a picture with a packed text of 100 megabytes        | the file is too large           |
      | an archive that unpacks to 100 megabytes             | the file is too large           |
      | an archive with a file named ../../etc/passwd        | the request is not valid        |
      | an archive with 5000 files                           | the file is too large           |
      | 17 megabytes                                         | the file is too large           |
      | JSON that is nested 100000 deep                      | the request is not valid        |
      | a lorebook of 100000 entries                         | the request is not valid        |
      | a key that is the regular expression /(a+)+$/        | the request is not valid        |
      | a description with a script in it                    | the request is not valid        |
      | a greeting with a link that runs a program           | the request is not valid        |
      | a description that is a number                       | the request is not valid        |

  Scenario: Ordinary markup is welcome
    Given a card of Luna whose creator notes are "<i>Quiet.</i><br>**Made** for [evenings](https://example.org)."
    When the administrator imports the card
    Then it is accepted

  Scenario: Only administrators import cards
    When Ann imports Luna as SillyTavern writes her
    Then it is refused because only administrators may do that

  Scenario Outline: A character for adults is open to people who are known to be adults
    Given a card of Luna with the tag "nsfw"
    And the administrator has imported the card
    And Ann is known as <age>
    When Ann looks at the catalogue
    Then Luna is <state>

    Examples:
      | age     | state  |
      | unknown | locked |
      | 16_17   | locked |
      | adult   | open   |
