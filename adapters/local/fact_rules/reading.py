"""Reading a message: sentences into clauses, clauses into facts."""

import re
from collections.abc import Sequence
from datetime import datetime

from attrs import evolve

from adapters.local.fact_rules import asides, joints, other_languages
from adapters.local.fact_rules.clauses import antecedent_of, found_in
from adapters.local.fact_rules.found import Found, value_of
from adapters.local.fact_rules.screening import JOKE, is_left_out, without_harmless_if
from adapters.local.fact_rules.sentences import Clause, clause_of, plain, sentences_of, tidy
from domain.memory.facts import FactKind

_MOST_CUTS = 6
_MOST_SENTENCES = 80
_ASKED_FOR = 4
_SHORTEST_TO_CUT = 24
_STRONG = 3
_IT_IS = re.compile(r"(?:now )?it(?:'s| is) (?!called)", re.IGNORECASE)
_PRONOUN = re.compile(
    r"(?:(?P<of>his|her|its) (?=\w+(?: \w+){0,2}? (?:is|was|has)\b|name\b)|(?:he|she)(?=['\s])"
    r"|it(?='s called| is called)|now it(?='s | is )|it(?='s now| is now))",
    re.IGNORECASE,
)


class Reading:
    """One message read from its beginning to its end; knows whom "she" means meanwhile.

    ``earlier`` are the messages before, as ``(role, content)``.
    """

    def __init__(self, said_at: datetime, earlier: Sequence[tuple[str, str]] = ()) -> None:
        self._said_at = said_at
        self._earlier = earlier
        self._antecedent: str | None = None
        self._before: list[str] = []

    def read(self, message: str) -> list[Found]:
        """All that the message tells, in its order."""
        found: list[list[Found]] = []
        for sentence in sentences_of(message)[:_MOST_SENTENCES]:
            joke = JOKE.search(sentence)
            if joke is not None:
                # Neither this nor what came right before it was meant.
                del found[-1:]
            meant = sentence if joke is None else sentence[joke.end() :].lstrip(" ,.;")
            if meant:
                found.append(self._sentence(without_harmless_if(meant)))
                self._before.append(meant)
        told = [one for group in found for one in group]
        return told or self._answer(message) or other_languages.found_in(message)

    def _sentence(self, sentence: str) -> list[Found]:
        bare = clause_of(sentence).text
        kept = asides.to_remember(bare)
        if kept is not None:
            found = self._statement(kept) or [Found(tidy(kept), FactKind.OTHER, _ASKED_FOR)]
            return [evolve(one, importance=max(one.importance, _ASKED_FOR)) for one in found]
        gone = asides.to_forget(bare)
        if gone is not None:
            return self._forgetting(gone)
        if sentence.endswith("?"):
            stated = asides.as_statement(bare)
            return [] if stated is None else self._statement(stated)
        return self._statement(sentence)

    def _statement(self, sentence: str) -> list[Found]:
        found: list[Found] = []
        parts = joints.apart(sentence)
        if is_left_out(clause_of(parts[0]).plain):
            return []
        for part in parts:
            found += self._part(part, _MOST_CUTS)
            self._antecedent = antecedent_of(found, self._antecedent or "") or self._antecedent
        return found

    def _part(self, part: str, cuts: int) -> list[Found]:
        """A part as a whole, or cut in two where both halves tell something."""
        if cuts > 0 and len(part) >= _SHORTEST_TO_CUT:
            for head, tail in joints.in_two(part):
                cuts -= 1
                first = self._clause(head)
                rest = self._part(tail, cuts // 2) if first else []
                if rest and max(one.importance for one in rest) >= _STRONG:
                    return first + rest
                if cuts <= 0:
                    break
        return self._clause(part)

    def _clause(self, part: str) -> list[Found]:
        clause = clause_of(part)
        corrected = asides.put_right(clause.plain, self._said_before()) if "not " in part else None
        if corrected is not None:
            found = found_in(clause_of(corrected), self._said_at)
            return [evolve(one, is_correction=True) for one in found]
        return found_in(self._resolved(clause), self._said_at)

    def _resolved(self, clause: Clause) -> Clause:
        """With a name in the place of the pronoun that it begins with."""
        match = _PRONOUN.match(clause.text)
        if match is None:
            return clause
        if self._antecedent is None:
            self._antecedent = self._antecedent_before()
        if not self._antecedent or (_IT_IS.match(clause.text) and not _is_thing(self._antecedent)):
            return clause
        name = f"{self._antecedent}'s " if match["of"] else self._antecedent
        return evolve(
            clause_of(name + clause.text[match.end() :]), is_correction=clause.is_correction
        )

    def _said_before(self) -> list[str]:
        said = [text for role, text in self._earlier[-4:] if role == "user"]
        return [sentence for text in said for sentence in sentences_of(text)] + self._before

    def _antecedent_before(self) -> str:
        """Whom the person spoke of last, in the message before."""
        said = [text for role, text in self._earlier[-2:] if role == "user"]
        if not said:
            return ""
        return antecedent_of(Reading(self._said_at).read(said[-1]), "")

    def _forgetting(self, what: str) -> list[Found]:
        stated = [one for one in self._statement(what) if one.topic and not one.is_over]
        if stated:
            return [evolve(one, text=what, is_forgetting=True, ends=(), about="") for one in stated]
        name = plain(what)
        for start in ("my ", "our ", "the "):
            name = name.removeprefix(start)
        topic = _TOPIC_WORDS.get(name.lower(), "")
        return [Found(what, FactKind.OTHER, 1, topic, value_of(name), is_forgetting=True)]

    def _answer(self, message: str) -> list[Found]:
        if not self._earlier or self._earlier[-1][0] != "assistant":
            return []
        sentence = asides.answered(self._earlier[-1][1], message)
        return [] if sentence is None else self._clause(sentence)


def _is_thing(antecedent: str) -> bool:
    return antecedent.startswith("my favourite")


_TOPIC_WORDS = {
    "name": "name",
    "age": "age",
    "birthday": "birthday",
    "job": "job",
    "work": "job",
    "address": "address",
    "home": "home",
    "partner": "partner",
    "boyfriend": "partner",
    "girlfriend": "partner",
    "husband": "partner",
    "wife": "partner",
    "nickname": "nickname",
    "diet": "diet",
}
