"""The sentences that the wording of crises is learnt from, and those that it is measured by.

Each file of ``learnt_from`` and ``held_out`` is of one language (``de_crisis.txt``,
``de_benign.txt``); its lines have a kind, a tab and a message. They were made up by writers who
were told whom to think of, and not what the product hears; no message is of a real person.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from bench.memory.people import load_people
from bench.memory.wishes import FOLDER as WISHES
from bench.memory.wishes import blocks_of

HERE = Path(__file__).parent
LEARNT_FROM = HERE / "learnt_from"
HELD_OUT = HERE / "held_out"
FIXED = Path("tests/domain/safety/data")
ORDINARY = Path("tests/adapters/local/lasting_sentences.txt")


@frozen
class Sentence:
    """One message, in which somebody is in danger or not."""

    text: str
    language: str
    kind: str
    is_crisis: bool


def sentences_in(folder: Path) -> Iterator[Sentence]:
    """All messages of a folder; raises ``ValueError`` for a line that is not as it should be."""
    for file in sorted(folder.glob("*_*.txt")):
        language, name = file.stem.split("_")
        if name not in {"crisis", "benign"}:
            message = f"{file.name}: neither crisis nor benign"
            raise ValueError(message)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            kind, tab, text = line.partition("\t")
            if not (kind and tab and text.strip()):
                message = f"{file.name}, line {number}: expected a kind, a tab and a message"
                raise ValueError(message)
            yield Sentence(text.strip(), language, kind, name == "crisis")


def fixed_sentences() -> Iterator[Sentence]:
    """The fixed sentences of the tests."""
    for name in ("crisis", "benign"):
        for one in json.loads((FIXED / f"{name}.json").read_text(encoding="utf-8")):
            yield Sentence(one["text"], one["language"], "fixed", name == "crisis")


def ordinary_sentences() -> Iterator[Sentence]:
    """What people tell a companion day by day, in English: from the measurements of memory."""
    lines = ORDINARY.read_text(encoding="utf-8").splitlines()
    told = [line[2:] for line in lines]
    for one in load_people():
        told += [said for day in one.sessions for said, _ in day.turns]
        told += [question.ask for question in one.questions]
    for file in sorted(WISHES.glob("*.txt")):
        for block in blocks_of(file.read_text(encoding="utf-8")):
            told += [block.told, *block.others, block.last]
    for text in told:
        yield Sentence(text, "en", "ordinary", is_crisis=False)
