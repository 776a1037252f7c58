Feature: Credits given by an administrator

  Background:
    Given Ann has signed in
    And Ann has 100 credits

  Scenario Outline: They go to the bucket that they are meant for
    When the administrator gives Ann 250 <bucket> credits because "Sorry for the outage"
    Then Ann has 350 credits
    And the ledger of Ann ends with
      | kind  | bucket   | amount | description          |
      | grant | <bucket> | 250    | Sorry for the outage |

    Examples:
      | bucket       |
      | promo        |
      | subscription |
      | purchased    |

  Scenario: The same grant sent again is one grant
    When the administrator gives Ann 250 promo credits because "Sorry" with the key "outage-7"
    And the administrator gives Ann 250 promo credits because "Sorry" with the key "outage-7"
    Then it is accepted
    And Ann has 350 credits

  Scenario: A key that was used for another grant
    When the administrator gives Ann 250 promo credits because "Sorry" with the key "outage-8"
    And the administrator gives Ann 999 promo credits because "Sorry" with the key "outage-8"
    Then it is refused because the key belongs to another request
    And Ann has 350 credits

  Scenario: A grant without a key
    When the administrator gives Ann 250 promo credits because "Sorry" without a key
    Then it is refused because the request is not valid
    And Ann has 100 credits

  Scenario Outline: What cannot be given
    When the administrator gives Ann <amount> <bucket> credits because "<reason>"
    Then it is refused because the amount or its reason is not valid
    And Ann has 100 credits

    Examples:
      | amount     | bucket    | reason | why                              |
      | 0          | promo     | Sorry  | nothing                          |
      | -5         | promo     | Sorry  | less than nothing                |
      | 1000000001 | promo     | Sorry  | more than a wallet takes at once |
      | 10         | daily     | Sorry  | only the new day fills these     |
      | 10         | gold      | Sorry  | there is no such bucket          |
      | 10         | purchased |        | nobody would know why            |

  Scenario: Nobody else can give credits
    Given Ben has signed in
    When Ben tries to give Ann 250 credits
    Then it is refused because only administrators may do that
    And Ann has 100 credits

  Scenario: To nobody that is known
    When the administrator gives a stranger 250 credits
    Then it is refused because there is no such thing
