"""Lives through the conversations of each person, asks the questions, prints and keeps figures."""

import argparse
import asyncio
import json
import logging
import tempfile
import time
from pathlib import Path
from typing import Any

from attrs import frozen

from bench.memory.baselines import RawMessages
from bench.memory.people import Person, Session, load_people
from bench.memory.product import Companion, Refused, companion_of
from bench.memory.scoring import Score, Stored, weigh_memories

WAYS = ("ours", "last 20 messages", "similar messages")
_LATER = 3
_COLUMNS = {
    "found": ("found", 8, ".3f"),
    "found_of_known": ("of known", 10, ".3f"),
    "stale": ("stale", 8, ".3f"),
    "stale_alone": ("alone", 8, ".3f"),
    "stale_anywhere": ("anywhere", 10, ".3f"),
    "leaks": ("leaks", 7, "d"),
    "tokens": ("tokens", 8, ".0f"),
}
"""Of each figure: its heading, its width and how it is written."""
_RESULTS = Path("bench/results")


@frozen
class Outcome:
    """The figures of one person."""

    person: Person
    scores: dict[str, Score]
    stored: Stored
    refused: list[str]
    """Messages that the product would not have."""

    def figures(self) -> dict[str, Any]:
        """All of them, as JSON values."""
        return {
            "is_held_out": self.person.is_held_out,
            "questions": len(self.person.questions),
            "facts": sum(not name.startswith("fine") for name in self.person.facts),
            "refused": len(self.refused),
            "stored": self.stored.figures(),
            **{way: score.figures() for way, score in self.scores.items()},
        }


async def measure(person: Person, folder: Path) -> Outcome:
    """Live through all conversations in a product of its own, then ask all questions."""
    raw = RawMessages()
    async with companion_of(person.name.lower(), folder) as companion:
        session_of: dict[str, str] = {}
        real_ids: dict[str, str] = {}
        refused: list[str] = []
        for session in person.sessions:
            await companion.go_to(session.day)
            real_ids[session.id] = await _talk(companion, session, raw, session_of, refused)
            await _forget(companion, person, session, raw, real_ids)
        await companion.go_to(person.sessions[-1].day + _LATER)
        memories = await companion.memories()
        stored = weigh_memories(person, memories, session_of)
        ours = Score(person, [one["text"] for one in memories])
        last, similar = Score(person, raw.last()), Score(person, raw.all())
        for question in person.questions:
            # The same evening each time: a token lasts an hour.
            await companion.go_to(person.sessions[-1].day + _LATER)
            told = await _said(companion, question.ask, "Let me think.", None)
            lines = companion.reminded_of()
            if told is None:
                refused.append(question.ask)
            else:
                # The next question is not to know this one.
                await companion.forget_session(told["session_id"])
            ours.note(question, lines)
            last.note(question, raw.last())
            similar.note(question, await raw.similar_to(question.ask, companion.embedder))
    scores = dict(zip(WAYS, (ours, last, similar), strict=True))
    return Outcome(person, scores, stored, refused)


async def _said(
    companion: Companion, text: str, reply: str, session_id: str | None
) -> dict[str, Any] | None:
    """What the product says of a turn; None when it refuses it."""
    try:
        return await companion.say(text, reply, session_id)
    except Refused:
        return None


async def _talk(
    companion: Companion,
    session: Session,
    raw: RawMessages,
    session_of: dict[str, str],
    refused: list[str],
) -> str:
    """One conversation; returns the product's id of it."""
    session_id: str | None = None
    for said, reply in session.turns:
        await raw.note(session.id, said, reply, companion.embedder)
        told = await _said(companion, said, reply, session_id)
        if told is None:
            refused.append(said)
            continue
        session_id = str(told["session_id"])
        for key in ("user_message_id", "message_id"):
            session_of[told[key]] = session.id
    assert session_id is not None
    return session_id


async def _forget(
    companion: Companion,
    person: Person,
    session: Session,
    raw: RawMessages,
    real_ids: dict[str, str],
) -> None:
    """What the person deletes after this conversation."""
    if session.deletes_memories:
        memories = await companion.memories()
        for name in session.deletes_memories:
            words = person.facts[name]
            await companion.forget_memories(
                [one["id"] for one in memories if words.are_in(one["text"])]
            )
            raw.forget(words)
    for deleted in session.deletes_sessions:
        await companion.forget_session(real_ids[deleted])
        raw.forget_session(deleted)


def show(outcome: Outcome) -> None:
    """A table for one person."""
    figures = outcome.figures()
    kind = "held out" if outcome.person.is_held_out else "looked at while building"
    print(
        f"{outcome.person.name} ({kind}): {figures['facts']} facts in"
        f" {len(outcome.person.sessions)} conversations, {figures['questions']} questions"
    )
    print(f"  {'':18}" + "".join(f"{name:>{width}}" for name, width, _ in _COLUMNS.values()))
    for way in WAYS:
        cells = (
            format(figures[way][key], f"{width}{kind}")
            for key, (_, width, kind) in _COLUMNS.items()
        )
        print(f"  {way:18}" + "".join(cells))
    if outcome.refused:
        print(f"  refused by the product: {len(outcome.refused)} messages")
    stored = figures["stored"]
    print(
        f"  stored: {outcome.stored.memories} memories, {stored['per_100_messages']:.0f} for 100"
        f" messages, {stored['precision']:.3f} of them right, {stored['leaks_stored']} leaks"
    )


def show_misses(outcome: Outcome) -> None:
    """Everything that went wrong, unless the person is held out."""
    if outcome.person.is_held_out:
        return
    for ask, what, lines in outcome.scores["ours"].misses:
        print(f"  {ask!r} {what}" + "".join(f"\n      {line}" for line in lines[:40]))
    print("  refused:" + "".join(f"\n      {text}" for text in outcome.refused))
    print("  stored, but no fact:" + "".join(f"\n      {text}" for text in outcome.stored.wrong))


def main() -> None:
    """Measure, print, and write ``bench/results/memory.json``."""
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--only", metavar="NAME", help="measure this person only")
    parser.add_argument("--misses", action="store_true", help="list what went wrong")
    wish = parser.parse_args()
    logging.disable(logging.WARNING)
    began = time.monotonic()
    results: dict[str, Any] = {}
    for person in load_people():
        if wish.only and wish.only.lower() != person.name.lower():
            continue
        with tempfile.TemporaryDirectory(prefix="companion-bench-") as folder:
            outcome = asyncio.run(measure(person, Path(folder)))
        show(outcome)
        if wish.misses:
            show_misses(outcome)
        results[person.name] = outcome.figures()
    print(f"{time.monotonic() - began:.0f} s")
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / "memory.json").write_text(json.dumps(results, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
