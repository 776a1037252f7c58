"""How well the lines that a model got to read serve the questions."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import Factory, define

from bench.memory.people import Person, Question
from domain.tokens import estimate_tokens


@define
class Score:
    """One way of remembering, over the questions of one person."""

    person: Person
    known: list[str]
    """All that could be recalled."""
    asked: int = 0
    found: int = 0
    answerable: int = 0
    """Questions whose facts are all known."""
    about_changes: int = 0
    stale_about_changes: int = 0
    alone_about_changes: int = 0
    """Of these, prompts in which nothing tells what took the old fact's place."""
    prompts: int = 0
    stale_prompts: int = 0
    tokens: int = 0
    leaked: set[str] = Factory(set)
    misses: list[tuple[str, str, list[str]]] = Factory(list)
    """Question, what was wrong, and the lines."""

    def note(self, question: Question, lines: list[str]) -> None:
        """Weigh one prompt."""
        person = self.person
        missing = [name for name in question.needs if not person.facts[name].are_in_any(lines)]
        unknown = [name for name in missing if not person.facts[name].are_in_any(self.known)]
        unrecalled = [name for name in missing if name not in unknown]
        if question.needs:
            self.asked += 1
            self.found += not missing
            self.answerable += not unknown
        stale = person.stale_in(lines)
        about = [name for name in question.never if name in person.ends]
        wrong = [name for name in about if name in stale]
        alone = [name for name in wrong if not self._is_put_right(name, lines)]
        if about:
            self.about_changes += 1
            self.stale_about_changes += bool(wrong)
            self.alone_about_changes += bool(alone)
        leaked = person.leaked_in(lines)
        self.prompts += 1
        self.stale_prompts += bool(stale)
        self.leaked.update(leaked)
        self.tokens += sum(estimate_tokens(f"\n- {line}") for line in lines)
        for kind, names in (
            ("unknown", unknown),
            ("not recalled", unrecalled),
            ("stale", wrong),
            ("leaked", leaked),
        ):
            if names:
                self.misses.append((question.ask, f"{kind}: {', '.join(names)}", lines))

    def _is_put_right(self, name: str, lines: list[str]) -> bool:
        """Whether the lines also tell what took the place of a fact that is over."""
        return self.person.facts[self.person.ends[name]].are_in_any(lines)

    def figures(self) -> dict[str, float]:
        """Shares between 0 and 1, the number of leaks, and tokens a prompt."""
        return {
            "found": _share(self.found, self.asked),
            "found_of_known": _share(self.found, self.answerable),
            "stale": _share(self.stale_about_changes, self.about_changes),
            "stale_alone": _share(self.alone_about_changes, self.about_changes),
            "stale_anywhere": _share(self.stale_prompts, self.prompts),
            "leaks": len(self.leaked),
            "tokens": _share(self.tokens, self.prompts),
        }


@define
class Stored:
    """What was kept of all that was said."""

    messages: int
    memories: int
    right: int
    wrong: list[str]
    leaked: list[str]

    def figures(self) -> dict[str, float]:
        """The share of what is right, and how much there is."""
        return {
            "precision": _share(self.right, self.memories),
            "per_100_messages": 100 * _share(self.memories, self.messages),
            "leaks_stored": len(self.leaked),
        }


def weigh_memories(
    person: Person, memories: Sequence[Mapping[str, Any]], session_of: Mapping[str, str]
) -> Stored:
    """A memory is right if it tells a fact of a conversation that it comes from.

    ``session_of`` is the dataset's id of the conversation of each message.
    """
    by_id = {one.id: one for one in person.sessions}
    wrong = []
    for memory in memories:
        sources = {session_of[one] for one in memory["source_message_ids"] if one in session_of}
        facts = [words for one in sources for words in by_id[one].facts.values()]
        if not any(words.are_in(memory["text"]) for words in facts):
            wrong.append(memory["text"])
    return Stored(
        messages=sum(len(one.turns) for one in person.sessions),
        memories=len(memories),
        right=len(memories) - len(wrong),
        wrong=wrong,
        leaked=person.leaked_in([memory["text"] for memory in memories]),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
