"""What the scores of a moderation model lead to."""

import pytest

from domain.safety.scores import MOST_EXCERPT, ScoreRule, ScoreRules
from domain.safety.verdicts import Action, Category, Flag

HARM = ScoreRule(
    "self-harm", Category.SELF_HARM, minor={"flag": 0.2, "refer": 0.5}, adult={"refer": 0.8}
)
HATE = ScoreRule("hate", Category.HATE, minor={"block": 0.5}, adult={})
RULES = ScoreRules("3", "model", "moderation-1", (HARM, HATE))


@pytest.mark.parametrize(
    ("score", "is_minor", "action"),
    [
        (0.19, True, Action.ALLOW),
        (0.2, True, Action.FLAG),
        (0.49, True, Action.FLAG),
        (0.5, True, Action.REFER),
        (0.79, False, Action.ALLOW),
        (0.8, False, Action.REFER),
    ],
)
def test_a_score_leads_to_the_greatest_action_that_it_reaches(
    *, score: float, is_minor: bool, action: Action
) -> None:
    assert HARM.action(score, is_minor=is_minor) is action


def test_each_category_that_leads_to_something_is_a_flag() -> None:
    scores = {"self-harm": 0.6, "hate": 0.4, "unknown": 1.0}
    assert RULES.flags(scores, " I am lost. ", is_minor=True) == (
        Flag(Category.SELF_HARM, Action.REFER, "model/self-harm", "3", excerpt="I am lost."),
    )
    assert RULES.flags({"hate": 1.0}, "x", is_minor=False) == ()
    assert RULES.flags({}, "x", is_minor=True) == ()


def test_the_excerpt_is_what_was_said_last() -> None:
    text = "a" * MOST_EXCERPT + "b"
    [flag] = RULES.flags({"hate": 0.5}, text, is_minor=True)
    assert flag.excerpt == "a" * (MOST_EXCERPT - 1) + "b"
