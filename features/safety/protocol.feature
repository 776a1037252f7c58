Feature: The safety protocol is published

  Scenario: Anybody can read it, without an account
    When somebody opens the safety protocol
    Then the protocol says
      | what is done in a crisis | In a crisis              |
      | that this is an AI       | artificial intelligence  |
      | how minors are protected | Children and young people |
      | how to report            | Reporting                |
      | what is counted          | What is counted and kept |
      | on what it is based      | Columbia-Suicide Severity Rating Scale |
      | the law of the EU        | AI Act                   |
      | the law of New York      | article 47               |

  Scenario: It lists help by country
    When somebody opens the safety protocol
    Then the protocol lists
      | United States  | 988              |
      | United Kingdom | 116 123          |
      | Germany        | 0800 111 0 111   |
      | France         | 3114             |
      | Japan          | 0120-279-338     |
      | Brazil         | 188              |

  Scenario: It needs no script and nothing from elsewhere
    When somebody opens the safety protocol
    Then the protocol runs no script
