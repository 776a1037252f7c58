@scripted
Feature: What a character knows, and when it comes to mind
  A character's lorebook has entries about people, places and things. The model is told an entry
  when the conversation comes to it, so that a character may know far more than fits into a prompt.
  A lorebook works here as the specification of Character Card V3 says, and as SillyTavern does
  where a card was written for it.

  # ------------------------------------------------------------------------------ what calls it

  Scenario: An entry is told when one of its keys is said
    Given Wren knows
      | keys         | tells                 |
      | ferry, boat  | The ferry is green.   |
      | lighthouse   | The light went out.   |
    When Ann says "When does the boat leave?" to Wren
    Then the model was told "The ferry is green."
    And the model was not told "The light went out."

  Scenario: An entry is told when the character itself says a key
    Given Wren knows
      | keys  | tells               |
      | ferry | The ferry is green. |
    And the model answers "You could take the ferry."
    And Ann has said "How do I get there?" to Wren
    When Ann says "And then?" to Wren
    Then the model was told "The ferry is green."

  Scenario Outline: Keys are whole words where words have spaces between them
    Given Wren knows
      | keys           | tells             |
      | cat, 龙, дракон | It has been seen. |
    When Ann says "<message>" to Wren
    Then the model was <told> "It has been seen."

    Examples:
      | message                    | told     |
      | My CAT is asleep.          | told     |
      | Two cats, or the cat's kin | told     |
      | Please concatenate these.  | not told |
      | 小龙女来了                  | told     |
      | Я видел драконов.          | told     |

  Scenario: A card can ask for parts of words, and for exact ones
    Given Wren knows
      | keys | tells                 | match whole words |
      | cat  | Found anywhere.       | no                |
      | cats | Found as it is.       | yes               |
      | dog  | Not found in plurals. | yes               |
    When Ann says "Concatenate cats and dogs." to Wren
    Then the model was told "Found anywhere."
    And the model was told "Found as it is."
    And the model was not told "Not found in plurals."

  Scenario Outline: Case matters where the card says so
    Given Wren knows
      | keys | tells                 | case sensitive |
      | Rose | Rose is her aunt.     | yes            |
      | Rose | Roses are her garden. | no             |
    When Ann says "<message>" to Wren
    Then the model was <aunt> "Rose is her aunt."
    And the model was told "Roses are her garden."

    Examples:
      | message         | aunt     |
      | Rose came by.   | told     |
      | A rose is here. | not told |

  Scenario: Names are put into keys
    Given Wren knows
      | keys     | tells                  |
      | {{char}} | Wren is short of Serena. |
    When Ann says "Is that your real name, Wren?" to Wren
    Then the model was told "Wren is short of Serena."

  Scenario Outline: Secondary keys narrow down when an entry is told
    Given Wren knows
      | keys  | secondary keys | selective logic | tells       |
      | ferry | storm, night   | <logic>         | Stay ashore! |
    When Ann says "<message>" to Wren
    Then the model was <told> "Stay ashore!"

    Examples:
      | logic   | message                        | told     |
      | AND ANY | The ferry at night             | told     |
      | AND ANY | The ferry                      | not told |
      | AND ANY | A storm at night               | not told |
      | AND ALL | The ferry at night             | not told |
      | AND ALL | The ferry in a storm, at night | told     |
      | NOT ANY | The ferry                      | told     |
      | NOT ANY | The ferry at night             | not told |
      | NOT ALL | The ferry at night             | told     |
      | NOT ALL | The ferry in a storm, at night | not told |

  Scenario: Secondary keys mean nothing to an entry that is not selective
    Given Wren knows
      | keys  | secondary keys | selective | tells               |
      | ferry | storm          | no        | The ferry is green. |
      | ferry | storm          | yes       | Stay ashore!        |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "The ferry is green."
    And the model was not told "Stay ashore!"

  Scenario: A constant entry is always told, a disabled one never
    Given Wren knows
      | keys  | tells            | constant | enabled |
      |       | It is raining.   | yes      | yes     |
      | hello | It is snowing.   | no       | no      |
      |       | It is hailing.   | yes      | no      |
    When Ann says "Hello!" to Wren
    Then the model was told "It is raining."
    And the model was not told "It is snowing."
    And the model was not told "It is hailing."

  Scenario Outline: Keys may be regular expressions
    Given Wren knows
      | keys   | use regex | tells               |
      | <keys> | <use>     | The ferry is green. |
    When Ann says "<message>" to Wren
    Then the model was <told> "The ferry is green."

    Examples:
      | keys           | use | message          | told     |
      | ferr(y\|ies)   | yes | Two FERRIES      | told     |
      | /ferr(y\|ies)/ | no  | two ferries      | told     |
      | /ferr(y\|ies)/ | no  | Two FERRIES      | not told |
      | /^ferry/im     | no  | Ferry or train?  | told     |
      | /^ferry/im     | no  | A ferry or what? | not told |
      | ferr(y         | yes | a ferry, ferr(y  | not told |
      | /ferr(y/       | no  | a ferry, ferr(y  | not told |
      | ferry, ferr(y  | yes | a ferry          | not told |
      | ferry, /(/     | no  | a ferry          | told     |

  Scenario: An expression that would take for ever finds nothing, and nobody waits for it
    Given Wren knows, without the checks of an import
      | keys           | tells               |
      | /(a+)+$/       | Never found.        |
      | /(a+)+\!ferry/ | Never found either. |
      | /fer+y/        | The ferry is green. |
    When Ann says "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! The ferry?" to Wren
    Then the model was told "The ferry is green."
    And the model was not told "Never found."
    And the model was not told "Never found either."

  # ----------------------------------------------------------------------- how far it looks back

  Scenario: Keys are looked for in the latest messages only
    Given the lorebook of Wren looks at the latest 3 messages
    And Wren knows
      | keys  | tells               |
      | ferry | The ferry is green. |
      | piano | The piano is old.   |
    And Ann has said "I came by ferry." to Wren
    And Ann has said "I play the piano." to Wren
    When Ann says "And you?" to Wren
    Then the model was told "The piano is old."
    And the model was not told "The ferry is green."

  Scenario: An entry may look further back than its book
    Given the lorebook of Wren looks at the latest 1 messages
    And Wren knows
      | keys  | tells                             | scan depth |
      | ferry | The ferry is green.               | 3          |
      | ferry | @@scan_depth 3\nShe sails at six. |            |
      | ferry | Everybody is aboard.              |            |
    And Ann has said "I came by ferry." to Wren
    When Ann says "And you?" to Wren
    Then the model was told "The ferry is green."
    And the model was told "She sails at six."
    And the model was not told "Everybody is aboard."

  # ------------------------------------------------------------------ entries that call each other

  Scenario Outline: Entries call each other where the book allows it
    Given the lorebook of Wren is searched <how>
    And Wren knows
      | keys    | tells                       |
      | ferry   | The ferry goes to Rossan.   |
      | rossan  | Rossan has one kitchen.     |
      | kitchen | In the kitchen is a letter. |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "The ferry goes to Rossan."
    And the model was <told> "Rossan has one kitchen."
    And the model was <told> "In the kitchen is a letter."

    Examples:
      | how         | told     |
      | recursively | told     |
      | once        | not told |

  Scenario: Entries may keep out of calling each other
    Given the lorebook of Wren is searched recursively
    And Wren knows
      | keys   | tells                     | exclude recursion | prevent recursion | delay until recursion |
      | ferry  | The ferry goes to Rossan. |                   |                   |                       |
      | rossan | Nobody called me.         | yes               |                   |                       |
      | rossan | Paris is far.             |                   | yes               |                       |
      | paris  | Nobody spoke of it.       |                   |                   |                       |
      | ferry  | Nobody told me of it.     |                   | yes               | yes                   |
      | train  | I was not asked first.    |                   |                   | yes                   |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "Paris is far."
    And the model was told "Nobody told me of it."
    And the model was not told "Nobody called me."
    And the model was not told "Nobody spoke of it."
    When Ann begins a new conversation
    And Ann says "Or the train?" to Wren
    Then the model was not told "I was not asked first."

  Scenario: Two entries that call each other are told once
    Given the lorebook of Wren is searched recursively
    And Wren knows
      | keys   | tells                     |
      | ferry  | The ferry goes to Rossan. |
      | rossan | Rossan waits for a ferry. |
    When Ann says "When is the ferry?" to Wren
    Then the model was told once "The ferry goes to Rossan."
    And the model was told once "Rossan waits for a ferry."

  # -------------------------------------------------------------------------- room, order and place

  Scenario: When the room is short, what has the lowest priority is left out
    Given the lorebook of Wren may take 20 tokens
    And Wren knows
      | keys  | tells                          | priority |
      | ferry | The ferry has a green funnel.  | 5        |
      | ferry | The ferry has a blue mast.     | 1        |
      | ferry | The ferry has a red hull.      | 9        |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "The ferry has a green funnel."
    And the model was told "The ferry has a red hull."
    And the model was not told "The ferry has a blue mast."

  Scenario: Without priorities, what is inserted first is left out first
    Given the lorebook of Wren may take 10 tokens
    And Wren knows
      | keys  | tells                         | insertion order |
      | ferry | The ferry has a green funnel. | 20              |
      | ferry | The ferry has a blue mast.    | 10              |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "The ferry has a green funnel."
    And the model was not told "The ferry has a blue mast."

  Scenario: Entries are told in their order of insertion
    Given Wren knows
      | keys  | tells  | insertion order |
      | ferry | Third. | 30              |
      | ferry | First. | -1              |
      | ferry | Second. | 20             |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "First.", "Second.", "Third." in this order

  Scenario: Entries stand before or behind what describes the character
    Given Wren is described as "Wren keeps the harbour office."
    And Wren knows
      | keys  | tells                             | position    |
      | ferry | Behind the description.           | after_char  |
      | ferry | Before the description.           | before_char |
      | ferry | @@position before_desc\nAsked so. | after_char  |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "Before the description.", "Asked so.", "Wren keeps the harbour office.", "Behind the description." in this order

  Scenario: An entry may stand among the messages, as if somebody had said it
    Given Wren knows
      | keys  | tells                                         |
      | ferry | @@depth 1\nThe tide turns.                    |
      | ferry | @@depth 0\nAnswer in one line.                |
      | ferry | @@depth 3\n@@role assistant\nI love the sea.  |
      | ferry | @@depth 99\n@@role user\nLet us talk of boats. |
      | ferry | @@reverse_depth 1\nAfter the first words.     |
    And the model answers "Certainly."
    And Ann has said "Good morning." to Wren
    When Ann says "When is the ferry?" to Wren
    Then the model read these messages last
      | from      | message               |
      | user      | Let us talk of boats. |
      | assistant | I love the sea.       |
      | user      | Good morning.         |
      | system    | After the first words. |
      | assistant | Certainly.            |
      | system    | The tide turns.       |
      | user      | When is the ferry?    |
      | system    | Answer in one line.   |

  Scenario: SillyTavern's places are kept
    Given Wren knows
      | keys  | tells                | extensions.position | extensions.depth | extensions.role |
      | ferry | I love the sea.      | 4                   | 1                | 2               |
      | ferry | Answer in one line.  | 4                   | 0                | 0               |
      | ferry | Before all of it.    | 0                   |                  |                 |
    And Wren is described as "Wren keeps the harbour office."
    When Ann says "When is the ferry?" to Wren
    Then the model was told "Before all of it.", "Wren keeps the harbour office." in this order
    And the model read these messages last
      | from      | message             |
      | assistant | I love the sea.     |
      | user      | When is the ferry?  |
      | system    | Answer in one line. |

  # ---------------------------------------------------------------------------------------- chance

  Scenario: Some things come to mind only sometimes
    Given Wren knows
      | keys  | tells      | probability | use probability |
      | ferry | Never.     | 0           | yes             |
      | ferry | Always.    | 100         | yes             |
      | ferry | Not asked. | 0           | no              |
    And Wren knows 80 things about the ferry, each with a probability of 50
    When Ann says "When is the ferry?" to Wren
    Then the model was told "Always."
    And the model was told "Not asked."
    And the model was not told "Never."
    And the model was told between 15 and 65 of these things

  Scenario: Of a group only one entry is told
    Given Wren knows
      | keys  | tells               | group          | group weight | group override |
      | ferry | The sea is calm.    | sea            | 100          |                |
      | ferry | The sea is rough.   | sea            | 0            |                |
      | ferry | The sky is clear.   | sky            | 100          |                |
      | ferry | The sky is falling. | sky            | 1            | yes            |
      | train | The sea is frozen.  | sea            | 9999         | yes            |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "The sea is calm."
    And the model was told "The sky is falling."
    And the model was not told "The sea is rough."
    And the model was not told "The sky is clear."
    And the model was not told "The sea is frozen."

  Scenario: A group is closed once one of its entries was told
    Given the lorebook of Wren is searched recursively
    And Wren knows
      | keys   | tells                   | group |
      | ferry  | The sea is calm.        | sea   |
      | calm   | The sea is rough.       | sea   |
      | calm   | Calm days are the best. |       |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "The sea is calm."
    And the model was told "Calm days are the best."
    And the model was not told "The sea is rough."

  Scenario: Entries that wait to be called come level by level
    Given the lorebook of Wren is searched recursively
    And Wren knows
      | keys   | tells                     | delay until recursion | group | group override |
      | ferry  | The ferry goes to Rossan. |                       |       |                |
      | rossan | Rossan has one kitchen.   | 1                     | place |                |
      | rossan | Rossan has two chapels.   | 2                     | place | yes            |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "Rossan has one kitchen."
    And the model was not told "Rossan has two chapels."

  # ------------------------------------------------------------------------------------------ time

  Scenario: An entry can wait, come every few replies, and end
    Given the lorebook of Wren looks at the latest 1 messages
    And Wren knows
      | keys  | tells                                     |
      | ferry | @@activate_only_after 2\nFrom the third.  |
      | ferry | @@activate_only_every 2\nEvery other.     |
      | ferry | @@dont_activate_after_match\nOnly once.   |
      | storm | @@keep_activate_after_match\nFrom then on. |
    When Ann says to Wren
      | message        | the model is told                     |
      | The ferry?     | Every other., Only once.              |
      | Ferry and storm | From then on.                        |
      | The ferry!     | From the third., Every other., From then on. |
      | And now?       | From then on.                         |

  Scenario: SillyTavern's entries can stay, rest and be delayed
    Given the lorebook of Wren looks at the latest 1 messages
    And Wren knows
      | keys  | tells    | sticky | cooldown | delay |
      | ferry | Stays.   | 3      |          |       |
      | ferry | Rests.   |        | 3        |       |
      | ferry | Delayed. |        |          | 3     |
    When Ann says to Wren
      | message    | the model is told |
      | The ferry? | Stays., Rests.    |
      | And now?   | Stays.            |
      | The ferry! | Stays., Rests., Delayed. |
      | And now?   | Stays.            |

  Scenario: Replies count from the beginning of the conversation, however long it is
    Given Wren knows
      | keys  | tells                                  |
      | ferry | @@activate_only_after 25\nFrom then on. |
      | ferry | @@activate_only_after 35\nMuch later.   |
    And Ann has said "Hello again." to Wren, after 30 replies that her app knows of
    When Ann says "The ferry?" to Wren
    Then the model was told "From then on."
    And the model was not told "Much later."

  # ------------------------------------------------------------------------------------ decorators

  Scenario: Decorators decide beside the keys
    Given Wren knows
      | keys  | tells                                        | constant |
      | train | @@activate\nIn any case.                     |          |
      | ferry | @@dont_activate\nIn no case.                 | yes      |
      | ferry | @@additional_keys storm, night\nBoth said.   |          |
      | ferry | @@additional_keys calm, noon\nNot both said. |          |
      | ferry | @@exclude_keys storm\nNot in a storm.        |          |
      | ferry | @@exclude_keys snow\nNot in snow.            |          |
      |       | @@is_greeting 0\nThe usual beginning.        | yes      |
      |       | @@is_greeting 1\nAnother beginning.          | yes      |
    When Ann says "The ferry at night, in a storm?" to Wren
    Then the model was told "In any case."
    And the model was told "Both said."
    And the model was told "Not in snow."
    And the model was told "The usual beginning."
    And the model was not told "In no case."
    And the model was not told "Not both said."
    And the model was not told "Not in a storm."
    And the model was not told "Another beginning."

  Scenario: What is not known falls back, and no decorator is ever told
    Given Wren knows
      | keys  | tells                                                                |
      | ferry | @@theirs 4\n@@@also_theirs\n@@@depth 1\n\nBefore your words.         |
      | ferry | @@depth 1\n@@@dont_activate\nAlso before.                            |
      | ferry | @@instruct_depth 5\n@@unheard_of\nFor chats it means nothing.        |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "For chats it means nothing."
    And the model was not told "@@"
    And the model read these messages last
      | from   | message            |
      | system | Before your words. |
      | system | Also before.       |
      | user   | When is the ferry? |

  # ---------------------------------------------------------------------------------------- macros

  Scenario: Macros are replaced in what is told
    Given Wren knows
      | keys  | tells                                                       |
      | ferry | {{char}} waits for {{user}}.                                |
      | ferry | {{reverse:.llams si ehS}}                                   |
      | ferry | The deck{{// private}} is wet{{comment: also private}}.     |
      | ferry | She has {{random:one,one}} mast and {{roll:1}} funnel.      |
      | ferry | {{unknown:macro}} stays.                                    |
    And Ann is called "Ann Lee"
    When Ann says "When is the ferry?" to Wren
    Then the model was told "Wren waits for Ann Lee."
    And the model was told "She is small."
    And the model was told "The deck is wet."
    And the model was told "She has one mast and 1 funnel."
    And the model was told "{{unknown:macro}} stays."
    And the model was not told "private"

  Scenario: A nickname goes before the name
    Given Wren goes by the name of "Wrenny"
    And Wren knows
      | keys  | tells                       |
      | ferry | {{char}} waits at the pier. |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "Wrenny waits at the pier."

  Scenario: A pick stays the same throughout a conversation
    Given Wren knows
      | keys | tells                                         | constant |
      |      | The flag is {{pick:r,b,g,w}}{{pick:r,b,g,w}}{{pick:r,b,g,w}}. | yes |
    And Ann has said "Which flag?" to Wren
    When Ann says "Are you sure?" to Wren
    Then the model was told the same flag both times

  Scenario: Hidden keys call other entries, and the model does not see them
    Given the lorebook of Wren is searched recursively
    And Wren knows
      | keys   | tells                                           |
      | ferry  | She sails at six.{{hidden_key:harbourmaster}}   |
      | harbourmaster | His name is Odran.                       |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "His name is Odran."
    And the model was not told "harbourmaster"

  # ---------------------------------------------------------------------------------- odds and ends

  Scenario: Names and notes of entries are not told
    Given Wren knows
      | keys  | tells               | name     | comment     |
      | ferry | The ferry is green. | Entry 45 | To do later |
    When Ann says "When is the ferry?" to Wren
    Then the model was told "The ferry is green."
    And the model was not told "Entry 45"
    And the model was not told "To do later"

  Scenario: A lorebook that comes with the product is in use
    Given Ann is of the tier premium
    When Ann says "Tell me about the ferry's engine." to Bronagh
    Then the model was told "Her engine is called the Bishop"

  Scenario: A card from SillyTavern works as it did there
    Given Wren knows, as SillyTavern writes it
      | keys  | secondary keys | tells                  | constant |
      | C++   |                | She writes C++.        |          |
      | ferry | storm          | Stay ashore!           |          |
      |       |                | It is raining.         | yes      |
    When Ann says "Do you know C++, on the ferry?" to Wren
    Then the model was told "She writes C++."
    And the model was told "It is raining."
    And the model was not told "Stay ashore!"
