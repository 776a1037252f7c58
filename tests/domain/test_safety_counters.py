"""What is counted of a judged text and of notices."""

from datetime import date

import pytest

from domain.notices import NoticeKind
from domain.safety.counters import (
    REPORT,
    Counters,
    DayCount,
    counted_notices,
    counted_verdict,
    every_kind,
)
from domain.safety.verdicts import Action, Category, Flag, Stage, Verdict

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def verdict(*found: tuple[Category, Action]) -> Verdict:
    return Verdict(
        tuple(Flag(category, action, "en/rule", "1", "words") for category, action in found)
    )


@pytest.mark.parametrize(
    ("stage", "found", "counted"),
    [
        (Stage.INPUT, [], []),
        (Stage.INPUT, [(Category.SELF_HARM, Action.ALLOW)], []),
        (Stage.INPUT, [(Category.SELF_HARM, Action.REFER)], ["crisis_referral_input"]),
        (Stage.OUTPUT, [(Category.SELF_HARM_METHOD, Action.REFER)], ["crisis_referral_output"]),
        (Stage.INPUT, [(Category.HATE, Action.BLOCK)], ["blocked_input:hate"]),
        (Stage.OUTPUT, [(Category.WEAPONS, Action.BLOCK)], ["cut_output:weapons"]),
        (Stage.OUTPUT, [(Category.DRUGS, Action.FLAG)], ["flagged:drugs"]),
        # What it led to counts once, whatever else was found.
        (
            Stage.INPUT,
            [(Category.HATE, Action.FLAG), (Category.WEAPONS, Action.BLOCK)],
            ["blocked_input:weapons"],
        ),
        (
            Stage.INPUT,
            [(Category.WEAPONS, Action.BLOCK), (Category.SELF_HARM, Action.REFER)],
            ["crisis_referral_input"],
        ),
        # What is only kept counts once for each category.
        (
            Stage.INPUT,
            [
                (Category.HATE, Action.FLAG),
                (Category.DRUGS, Action.FLAG),
                (Category.HATE, Action.FLAG),
            ],
            ["flagged:drugs", "flagged:hate"],
        ),
    ],
)
def test_a_verdict_counts_as_what_it_led_to(
    stage: Stage, found: list[tuple[Category, Action]], counted: list[str]
) -> None:
    assert list(counted_verdict(stage, verdict(*found))) == counted


def test_notices_count_by_kind_and_a_referral_with_the_words_that_led_to_it() -> None:
    assert counted_notices(list(NoticeKind)) == ("ai_disclosure", "break_reminder")
    assert counted_notices([]) == ()


def test_whatever_can_be_counted_is_among_the_kinds() -> None:
    kinds = set(every_kind())
    assert REPORT in kinds
    assert set(counted_notices(list(NoticeKind))) <= kinds
    for stage in Stage:
        for category in Category:
            for action in Action:
                assert set(counted_verdict(stage, verdict((category, action)))) <= kinds


def test_totals_show_what_never_happened_and_what_is_no_longer_counted() -> None:
    counted = (
        DayCount(MONDAY, "report", 2),
        DayCount(TUESDAY, "long_gone", 1),
        DayCount(TUESDAY, "report", 3),
    )
    counters = Counters(MONDAY, TUESDAY, counted)
    assert counters.totals == dict(
        sorted({**dict.fromkeys(every_kind(), 0), "report": 5, "long_gone": 1}.items())
    )
    assert counters.days == {MONDAY: {"report": 2}, TUESDAY: {"long_gone": 1, "report": 3}}
