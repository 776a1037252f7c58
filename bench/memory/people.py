"""The people of the measurement: what they say, what of it is a fact, and what is asked later."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

FOLDER = Path(__file__).parent / "people"
_SPOKEN_OF_AS_OVER = re.compile(
    r"\b(left|leav\w*|quit|notice|no longer|no more|used to|former\w*|died|passed|gone"
    r"|broke up|split up|sold|moved|instead|changed|gave up|given up|over|is off|sacked"
    r"|lost|stopped|dropped|cancel\w*|called off|traded)\b|(\bnot\b|n't\b).* any ?(more|longer)\b"
)


@frozen
class Keywords:
    """What one line must have to tell a fact: one word of each group, from its beginning on."""

    groups: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, text: str) -> "Keywords":
        """From ``sister|ilinca, vienna``: commas join, bars choose."""
        return cls(
            tuple(
                tuple(word.strip().lower() for word in group.split("|"))
                for group in text.split(",")
            )
        )

    def are_in(self, line: str) -> bool:
        """Whether this line tells it."""
        text = line.lower().replace("’", "'")
        return all(any(_has_word(word, text) for word in group) for group in self.groups)

    def are_in_any(self, lines: Iterator[str] | list[str]) -> bool:
        """Whether one of the lines tells all of it."""
        return any(map(self.are_in, lines))


def _has_word(word: str, text: str) -> bool:
    end = r"(?!\d)" if word[-1].isdigit() else ""
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}{end}", text) is not None


@frozen
class Session:
    """One conversation; ``turns`` are what the person says and what the model answers.

    ``facts`` are all that is worth remembering of it; those whose name begins with ``fine`` are
    never asked for. ``ends`` names facts of before that a fact of this session takes the place of.
    After it the person deletes the memories of ``deletes_memories`` and the conversations of
    ``deletes_sessions``; ``asks_to_forget`` was said in words.
    """

    day: int
    turns: tuple[tuple[str, str], ...]
    id: str
    facts: Mapping[str, Keywords]
    ends: Mapping[str, str]
    asks_to_forget: tuple[str, ...]
    deletes_memories: tuple[str, ...]
    deletes_sessions: tuple[str, ...]


@frozen
class Question:
    """A message that begins a new conversation when all was told.

    The facts of ``needs`` must be in the prompt, those of ``never`` must not.
    """

    ask: str
    needs: tuple[str, ...]
    never: tuple[str, ...]


@frozen
class Person:
    """Somebody with thirty conversations behind them."""

    name: str
    is_held_out: bool
    sessions: tuple[Session, ...]
    questions: tuple[Question, ...]
    facts: Mapping[str, Keywords] = field(init=False)
    ends: Mapping[str, str] = field(init=False)
    forgotten: frozenset[str] = field(init=False)
    """Facts that the person wanted gone, in one way or another."""

    @facts.default
    def _all_facts(self) -> Mapping[str, Keywords]:
        return {name: words for one in self.sessions for name, words in one.facts.items()}

    @ends.default
    def _all_ends(self) -> Mapping[str, str]:
        return {old: new for one in self.sessions for old, new in one.ends.items()}

    @forgotten.default
    def _all_forgotten(self) -> frozenset[str]:
        by_id = {one.id: one for one in self.sessions}
        names: set[str] = set()
        for session in self.sessions:
            names.update(session.asks_to_forget, session.deletes_memories)
            for deleted in session.deletes_sessions:
                names.update(by_id[deleted].facts)
        return frozenset(names)

    def is_stale(self, name: str, line: str) -> bool:
        """Whether the line tells a fact as true that has been over since."""
        return (
            self.facts[name].are_in(line)
            and not self.facts[self.ends[name]].are_in(line)
            and _SPOKEN_OF_AS_OVER.search(line.lower()) is None
        )

    def stale_in(self, lines: list[str]) -> list[str]:
        """The facts that are over and that these lines tell as true."""
        return [name for name in self.ends if any(self.is_stale(name, line) for line in lines)]

    def leaked_in(self, lines: list[str]) -> list[str]:
        """The facts that should be forgotten and that these lines tell."""
        return [name for name in sorted(self.forgotten) if self.facts[name].are_in_any(lines)]


def load_people() -> list[Person]:
    """Everybody, those to look at first; the files say what their fields mean."""
    people = [
        _person(tomllib.loads(path.read_text(encoding="utf-8"))) for path in FOLDER.glob("*.toml")
    ]
    return sorted(people, key=lambda one: (one.is_held_out, -len(one.questions), one.name))


def _person(data: Mapping[str, Any]) -> Person:
    return Person(
        name=data["name"],
        is_held_out=data["is_held_out"],
        sessions=tuple(_session(number, one) for number, one in enumerate(data["sessions"])),
        questions=tuple(
            Question(one["ask"], tuple(one.get("needs", ())), tuple(one.get("never", ())))
            for one in data["questions"]
        ),
    )


def _session(number: int, data: Mapping[str, Any]) -> Session:
    facts = data.get("facts", {})
    return Session(
        day=data["day"],
        turns=tuple((said, reply) for said, reply in data["turns"]),
        id=data.get("id", f"session-{number}"),
        facts={
            # Passing remarks of different conversations may have the same name.
            f"{name}@{number}" if name.startswith("fine") else name: Keywords.of(words)
            for name, words in facts.items()
        },
        ends=data.get("ends", {}),
        asks_to_forget=tuple(data.get("asks_to_forget", ())),
        deletes_memories=tuple(data.get("deletes_memories", ())),
        deletes_sessions=tuple(data.get("deletes_sessions", ())),
    )
