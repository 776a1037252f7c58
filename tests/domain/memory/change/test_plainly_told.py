"""What is told in plain words ends what was told before, from the message to the memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.memory.changes import LATER, TOLD_AT, learnt
from domain.memory.change.judging import is_changed_by
from domain.memory.revisions import Near

PLAIN = Path(__file__).parent / "plain"
"""News (``>``), and what was told before: over with it (``+``) or not (``-``)."""
LEAST_ENDED, MOST_WRONG = 0.75, 0.1


async def _ends(told: str, news: str) -> bool:
    """Whether the news ends what was told; what nobody keeps is judged by its words."""
    known = (await learnt(told, TOLD_AT)).additions
    if not known:
        return is_changed_by(told, None, news)
    near = tuple(Near(one.memory, None) for one in known)
    return bool((await learnt(news, TOLD_AT + LATER, near)).endings)


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
    known = (await learnt(told, TOLD_AT)).additions
    near = tuple(Near(one.memory, None) for one in known)
    revision = await learnt(news, TOLD_AT + LATER, near)
    assert bool(revision.endings) == bool(right)
    assert any(right in one.memory.text for one in revision.additions)
