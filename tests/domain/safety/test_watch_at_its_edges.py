"""A reply that is watched letter by letter, with rules made for where the watch forgets."""

from typing import Any

import pytest

from domain.safety.rules import SafetyRules
from domain.safety.verdicts import Action, Category
from domain.safety.watch import MOST_CONTEXT, OutputWatch

ACTIONS: dict[str, Any] = {category: {"input": "refer", "output": "block"} for category in Category}
RULE = {"id": "harm", "category": "self_harm"}


def sent(text: str, rules: SafetyRules) -> tuple[str, OutputWatch]:
    """What is let through of the text, letter by letter."""
    watch = OutputWatch(rules, is_minor=False)
    return "".join(map(watch.feed, text)) + watch.finish(), watch


def made(*rules: dict[str, Any], **changes: Any) -> SafetyRules:
    file = {"language": "en", "rules": list(rules), **changes}
    return SafetyRules.from_data("1", ACTIONS, {"a.toml": file})


@pytest.mark.parametrize(
    ("filler", "harm", "changes"),
    [
        ("la ", " kill yourself", {}),
        ("la ", " no more you", {"common": ["no", "more", "you"]}),
        ("啊", "睡眠薬を飲む", {"script": "dense"}),
    ],
)
def test_harm_is_heard_wherever_in_a_long_sentence_it_begins(
    filler: str, harm: str, changes: dict[str, Any]
) -> None:
    rules = made({**RULE, "patterns": [harm.strip()]}, **changes)
    missed = []
    for length in range(20, 84):
        before = (filler * length)[:length]
        let_through, watch = sent(f"{before}{harm} at once. ", rules)
        if watch.verdict is None or harm in let_through:
            missed.append(length)
    assert missed == []


STORY = "In the story "
QUOTE = "they say kill yourself. "
STILL_QUOTED = MOST_CONTEXT - len(QUOTE) - len(STORY) // 2
"""Characters after which of the two only the quote is still looked at."""
AFTER = ("They sang on. " * MOST_CONTEXT)[:STILL_QUOTED]


def test_what_lost_its_excuse_only_as_the_context_moved_on_is_not_cut() -> None:
    rules = made({**RULE, "patterns": ["kill yourself"], "unless": ["in the story"]})
    text = f"{STORY}{QUOTE}{AFTER}. Now kill time. "
    let_through, watch = sent(text, rules)
    assert (let_through, watch.verdict) == (text, None)
    # Said once more it is new, and without the excuse.
    assert sent(f"{AFTER}. So kill yourself. ", rules)[1].verdict is not None


def test_what_lost_its_excuse_is_not_cut_for_what_is_only_kept_for_review() -> None:
    kept = {**RULE, "id": "kept", "patterns": ["kill time"], "actions": {"output": "flag"}}
    rules = made({**RULE, "patterns": ["kill yourself"], "unless": ["in the story"]}, kept)
    text = f"{STORY}{QUOTE}{AFTER}. Now kill time. "
    let_through, watch = sent(text, rules)
    assert (let_through, watch.verdict) == (text, None)
    assert Action.FLAG in {flag.action for flag in watch.flags}
