"""Measures how wishes to forget are heard, and whether what they mean is really forgotten.

``python -m bench.memory.wishes`` reads ``bench/memory/wishes/*.txt``: blocks of what somebody told
(``t``), what else they told (``o``), and a message that asks to forget it (``w``) or only sounds
like it (``n``). Each block is a person of their own, each message a day and a conversation of its
own, learnt from by the rules over the vectors of the product. ``--misses FILE`` lists what was not
understood of one file; ``held_out`` is for figures only, and is refused.
"""

import argparse
import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import frozen

from adapters.in_memory.clock import InMemoryClock, InMemoryIdGenerator
from adapters.in_memory.database import InMemoryDatabase, MessageRow, TurnRow, WorkRow
from adapters.in_memory.memory_index import InMemoryMemoryIndex
from adapters.in_memory.memory_work import InMemoryMemoryWork
from adapters.local.embedder import WordLlamaEmbedder
from adapters.local.fact_extractor import RuleFactExtractor
from application.memory.remembering import Remembering
from domain.chat import Message, MessageStatus, Role, Session, Turn, TurnStatus
from domain.memory.facts import Exchange, Fact

FOLDER = Path(__file__).parent / "wishes"
HELD_OUT = "held_out"
ORDINARY = Path("tests/adapters/local/lasting_sentences.txt")
_START = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
_PERSON, _CHARACTER = "person", "mira"


@frozen
class Block:
    """One person: what they told, and what they say in the end."""

    told: str
    others: tuple[str, ...]
    last: str
    is_wish: bool


@frozen
class Outcome:
    """What became of one block."""

    block: Block
    heard: tuple[str, ...]
    """What the rules took the last message to ask to be forgotten."""
    was_known: bool
    """Whether anything of what was told had been remembered."""
    is_forgotten: bool
    others_lost: int
    """Of the other messages: those of which a memory is gone."""


def blocks_of(text: str) -> Iterator[Block]:
    """The blocks of a file."""
    for part in text.split("\n\n"):
        lines = [line.split(": ", 1) for line in part.splitlines() if line.strip()]
        if lines:
            (_, told), *others, (sign, last) = lines
            yield Block(told, tuple(said for _, said in others), last, is_wish=sign == "w")


class Listener:
    """One person's memory, with the stores in memory that it needs."""

    def __init__(self, embedder: WordLlamaEmbedder) -> None:
        self._database = InMemoryDatabase()
        self._work = InMemoryMemoryWork(self._database)
        self._clock = InMemoryClock(_START)
        self._remembering = Remembering(
            instant=RuleFactExtractor(),
            deep=None,
            embedder=embedder,
            memories=InMemoryMemoryIndex(self._database),
            work=self._work,
            clock=self._clock,
            ids=InMemoryIdGenerator(),
        )
        self._days = 0

    async def hear(self, text: str) -> str:
        """Learn from a message, a day after the last; returns the id of the message."""
        self._days += 1
        self._clock.advance(timedelta(days=1))
        await self._remembering.learn(self._exchange(text))
        return f"msg{self._days}"

    def known_from(self, message_id: str) -> frozenset[str]:
        """The ids of all memories that came from a message, what is over among them."""
        rows = self._database.memories.values()
        return frozenset(
            row.memory.id for row in rows if message_id in row.memory.source_message_ids
        )

    def _exchange(self, text: str) -> Exchange:
        now = self._clock.now()
        number = self._days
        session = Session(f"ses{number}", _PERSON, _CHARACTER, 1, "", now, now)
        said = Message(f"msg{number}", session.id, 2, Role.USER, text, MessageStatus.COMPLETE, now)
        turn = Turn(
            id=f"turn{number}",
            user_id=_PERSON,
            session_id=session.id,
            character_id=_CHARACTER,
            user_message_id=said.id,
            message_id=f"reply{number}",
            status=TurnStatus.COMPLETED,
            created_at=now,
            held=0,
            price_version=1,
            stream=False,
            include_usage=False,
        )
        tables = self._database
        tables.sessions[session.id] = session
        tables.messages[said.id] = MessageRow(said)
        tables.turns[turn.id] = TurnRow(turn, is_closed=True)
        tables.memory_work[turn.id] = WorkRow(_PERSON, turn.id, now, now)
        return exchange_of(said, turn)


def exchange_of(said: Message, turn: Turn) -> Exchange:
    """The turn as it is learnt from, with nothing before it in its conversation."""
    return Exchange(
        user_id=turn.user_id,
        turn_id=turn.id,
        session_id=turn.session_id,
        character_id=turn.character_id,
        character_name="Mira",
        user_name="",
        user_message_id=said.id,
        user_text=said.content,
        reply_message_id=turn.message_id,
        reply_text="I see.",
        said_at=said.created_at,
    )


def ordinary_messages() -> list[str]:
    """Sentences in which nobody asks for anything to be forgotten."""
    return [line[2:] for line in ORDINARY.read_text(encoding="utf-8").splitlines()]


async def facts_of(text: str) -> Sequence[Fact]:
    """What the rules find in a message that stands alone."""
    return await RuleFactExtractor().extract(
        Exchange("", "", "", "", "Mira", "", "msg", text, "reply", "I see.", _START)
    )


async def measure(block: Block, embedder: WordLlamaEmbedder) -> Outcome:
    """Let one person tell everything, then say the last message."""
    listener = Listener(embedder)
    first = await listener.hear(block.others[0])
    told = await listener.hear(block.told)
    others = [first] + [await listener.hear(one) for one in block.others[1:]]
    before = {one: listener.known_from(one) for one in (told, *others)}
    await listener.hear(block.last)
    heard = tuple(one.text for one in await facts_of(block.last) if one.is_forgetting)
    return Outcome(
        block,
        heard,
        was_known=bool(before[told]),
        is_forgotten=not listener.known_from(told),
        others_lost=sum(not before[one] <= listener.known_from(one) for one in others),
    )


def figures_of(outcomes: Sequence[Outcome]) -> str:
    """One line of figures."""
    wishes = [one for one in outcomes if one.block.is_wish]
    others = [one for one in outcomes if not one.block.is_wish]
    known = [one for one in wishes if one.was_known]
    lost = [one for one in others if one.was_known and one.is_forgotten]
    return (
        f"wishes {len(wishes)}, heard {sum(bool(one.heard) for one in wishes)}, "
        f"known {len(known)}, of them forgotten {sum(one.is_forgotten for one in known)}, "
        f"others lost {sum(one.others_lost for one in wishes)}; "
        f"no wishes {len(others)}, false alarms {sum(bool(one.heard) for one in others)}, "
        f"lost by them {len(lost) + sum(one.others_lost for one in others)}"
    )


def _misses(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for one in outcomes:
        block = one.block
        fails = one.was_known and not one.is_forgotten if block.is_wish else bool(one.heard)
        if fails or one.others_lost or (block.is_wish and not one.heard):
            state = ("K" if one.was_known else "-") + ("F" if one.is_forgotten else "-")
            yield f"{state} lost {one.others_lost} | {block.told}\n   {block.last}\n   {one.heard}"


async def _ordinary() -> str:
    lines = ordinary_messages()
    alarms = [line for line in lines if any(one.is_forgetting for one in await facts_of(line))]
    return f"ordinary messages {len(lines)}, false alarms {len(alarms)}"


async def main() -> None:
    """Measure each file, and what is ordinary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", metavar="FILE", help="list what went wrong with one file")
    chosen = parser.parse_args().misses
    if chosen == HELD_OUT:
        parser.error("what is held out is for figures only")
    logging.disable(logging.CRITICAL)
    embedder = WordLlamaEmbedder()
    for path in sorted(FOLDER.glob("*.txt")):
        blocks = list(blocks_of(path.read_text(encoding="utf-8")))
        outcomes = [await measure(one, embedder) for one in blocks]
        print(f"{path.stem}: {figures_of(outcomes)}")
        if path.stem == chosen:
            print("\n".join(_misses(outcomes)))
    print(await _ordinary())


if __name__ == "__main__":
    asyncio.run(main())
