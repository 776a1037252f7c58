"""What is told in plain words ends what was told before, from the message to the memory."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from adapters.local.fact_extractor import RuleFactExtractor
from domain.memory.change.judging import is_changed_by
from domain.memory.facts import Exchange
from domain.memory.reconciling import reconcile
from domain.memory.revisions import Near, Revision

PLAIN = Path(__file__).parent / "plain"
"""News (``>``), and what was told before: over with it (``+``) or not (``-``)."""
LEAST_ENDED, MOST_WRONG = 0.75, 0.1
_TOLD_AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
_LATER = timedelta(days=20)


async def _learnt(text: str, said_at: datetime, near: tuple[Near, ...] = ()) -> Revision:
    number = count()
    exchange = Exchange(
        user_id="person",
        turn_id=f"turn-{said_at:%d}",
        session_id=f"session-{said_at:%d}",
        character_id="mira",
        character_name="Mira",
        user_name="",
        user_message_id=f"message-{said_at:%d}",
        user_text=text,
        reply_message_id=f"reply-{said_at:%d}",
        reply_text="I see.",
        said_at=said_at,
    )
    facts = await RuleFactExtractor().extract(exchange)
    return reconcile(
        exchange,
        facts,
        [None] * len(facts),
        [near] * len(facts),
        now=said_at,
        new_id=lambda: f"{said_at:%d}-{next(number)}",
    )


async def _ends(told: str, news: str) -> bool:
    """Whether the news ends what was told; what nobody keeps is judged by its words."""
    known = (await _learnt(told, _TOLD_AT)).additions
    if not known:
        return is_changed_by(told, None, news)
    near = tuple(Near(one.memory, None) for one in known)
    return bool((await _learnt(news, _TOLD_AT + _LATER, near)).endings)


def _pairs_in(plain: Path) -> Iterator[tuple[str, str, str]]:
    """Whether it is over, what was told, and the news."""
    news = ""
    for line in plain.read_text(encoding="utf-8").splitlines():
        if line[0] == ">":
            news = line[2:]
        else:
            yield line[0], line[2:], news


@pytest.mark.parametrize("plain", sorted(PLAIN.glob("*.txt")), ids=lambda path: path.stem)
async def test_what_is_plainly_over_ends_and_hardly_anything_else(plain: Path) -> None:
    ended: dict[str, list[bool]] = {"+": [], "-": []}
    for sign, told, news in _pairs_in(plain):
        ended[sign].append(await _ends(told, news))
    assert sum(ended["+"]) >= LEAST_ENDED * len(ended["+"])
    assert sum(ended["-"]) <= MOST_WRONG * len(ended["-"])


@pytest.mark.parametrize(
    ("told", "news", "right"),
    [
        ("My name is Katherine.", "Actually it's spelled Catherine, with a C.", "Catherine"),
        ("My sister's name is Sarah.", "It's Sara without an H.", "Sara"),
        ("My name is Max.", "It's spelled Margaret.", ""),
    ],
)
async def test_a_name_is_put_right_by_its_spelling(told: str, news: str, right: str) -> None:
    known = (await _learnt(told, _TOLD_AT)).additions
    near = tuple(Near(one.memory, None) for one in known)
    revision = await _learnt(news, _TOLD_AT + _LATER, near)
    assert bool(revision.endings) == bool(right)
    assert any(right in one.memory.text for one in revision.additions)
