Feature: Whether the product is well

  Scenario: It lives and can serve
    Then the product is alive
    And the product is ready

  Scenario: It is measured
    Given Ann has said "Good morning!" to Mira
    Then the metrics are there, and name nobody

  Scenario: The books are in order, and only administrators may look
    Given Ann has said "Good morning!" to Mira
    When Ann asks whether the books are in order
    Then it is refused because only administrators may do that
    And the administrator sees that the books are in order

  Scenario: Every answer carries the number of its request
    When Ann asks for the prices with the request number "req-from-my-app"
    Then the answer carries the request number "req-from-my-app"

  @scripted @memory
  Scenario Outline: Not ready while a part is missing, but alive
    When <part> does not answer
    Then the product is not ready because of <part>
    And the product is alive

    Examples:
      | part     |
      | postgres |
      | redis    |
