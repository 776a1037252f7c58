@scripted
Feature: Asking for another reply

  Background:
    Given Ann has signed in
    And the model answers "The sea is grey."
    And Ann has said "Tell me about the sea." to Mira

  Scenario: The new reply takes the place of the old one
    Given the model answers "The sea is blue."
    When Ann asks for another reply
    Then the reply is "The sea is blue."
    And the conversation of Ann is
      | user      | Tell me about the sea. |
      | assistant | The sea is blue.       |

  Scenario: The model is asked the same, and is not shown the old reply
    When Ann asks for another reply
    Then the model was told "Tell me about the sea."
    And the model was not told "The sea is grey."

  Scenario: It costs as much as any reply
    When Ann asks for another reply
    Then Ann pays what the receipt says

  Scenario: If it fails, the old reply stays
    Given the model fails before the first word
    When Ann asks for another reply
    Then it is refused because the model is unavailable
    And Ann pays nothing
    And the conversation of Ann is
      | user      | Tell me about the sea. |
      | assistant | The sea is grey.       |

  Scenario: If it fails on the way, the old reply stays as well
    Given the model fails after 2 words of "The sea was here before us."
    When Ann asks for another reply
    Then it is refused because the model is unavailable
    And Ann pays nothing
    And the conversation of Ann is
      | user      | Tell me about the sea. |
      | assistant | The sea is grey.       |

  Scenario: Nobody can ask for another reply to another person
    When Ben asks for another reply in the place of Ann
    Then it is refused because there is no such thing
