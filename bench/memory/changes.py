"""How many changes the rules hear, in words that were made hard on purpose.

``python -m bench.memory.changes`` reads ``bench/memory/changes/*.txt``. A block there is what
somebody told, then messages after which that is over (``-``), a third of them without a word of it,
and messages that only sound so (``+``): somebody else's change, a plan, an exception, one thing
more. Nobody looked at rules when writing them, nor at them when writing rules. What was told is
learnt as the product learns it; then each message is, and it is seen whether anything has ended.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from attrs import frozen

from adapters.local.fact_extractor import RuleFactExtractor
from domain.memory.facts import Exchange
from domain.memory.reconciling import reconcile
from domain.memory.revisions import Near, Revision

FOLDER = Path(__file__).parent / "changes"
TOLD_AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
LATER = timedelta(days=20)


@frozen
class Block:
    """What was told, and what may be said later."""

    told: str
    after_which_over: tuple[str, ...]
    after_which_so: tuple[str, ...]


def blocks_in(file: Path) -> Iterator[Block]:
    """All blocks of a file, in its order."""
    for text in file.read_text(encoding="utf-8").split("\n\n"):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if lines:
            yield Block(lines[0], _said(lines[1:], "-"), _said(lines[1:], "+"))


def _said(lines: list[str], mark: str) -> tuple[str, ...]:
    return tuple(line[1:].strip() for line in lines if line[0] == mark)


async def ends(told: str, text: str) -> bool:
    """Whether a message ends anything that was learnt of another; nothing is near but that."""
    before = await learnt(told, TOLD_AT)
    near = tuple(Near(one.memory, None) for one in before.additions)
    return bool((await learnt(text, TOLD_AT + LATER, near)).endings)


async def learnt(text: str, said_at: datetime, near: tuple[Near, ...] = ()) -> Revision:
    """What a message changes in a memory that has nothing near it but ``near``."""
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


async def _show(name: str, blocks: list[Block]) -> None:
    over = [await ends(one.told, text) for one in blocks for text in one.after_which_over]
    so = [await ends(one.told, text) for one in blocks for text in one.after_which_so]
    heard, wrong = sum(over) / len(over), sum(so) / len(so)
    print(f"{name:14}{len(over):6}{heard:8.3f}{len(so):7}{wrong:18.3f}")


async def _main() -> None:
    print(f"{'':14}{'over':>6}{'heard':>8}{'so':>7}{'ended by mistake':>18}")
    every: list[Block] = []
    for file in sorted(FOLDER.glob("*.txt")):
        blocks = list(blocks_in(file))
        every += blocks
        await _show(file.stem, blocks)
    await _show("all", every)


if __name__ == "__main__":
    asyncio.run(_main())
