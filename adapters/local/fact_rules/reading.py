"""Reading a message: sentences into clauses, clauses into facts."""

import math
import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from attrs import evolve

from adapters.local.fact_rules import asides, joints, other_languages
from adapters.local.fact_rules.afterthoughts import (
    told_once,
    without_taken_back,
    without_talk_of,
    without_talk_of_wishes,
    without_the_wrong,
)
from adapters.local.fact_rules.clauses import antecedent_of, found_in
from adapters.local.fact_rules.forgetting.hearing import wish_in
from adapters.local.fact_rules.found import Found
from adapters.local.fact_rules.introductions import introduced
from adapters.local.fact_rules.lasting import worth
from adapters.local.fact_rules.naming import (
    being_in,
    is_called_out,
    is_fragment,
    is_name,
    speaks_of_being,
    thing_in,
)
from adapters.local.fact_rules.passages import Said, as_understood, passages_of, worth_keeping
from adapters.local.fact_rules.pronouns import begins_with_pronoun, with_name, with_thing
from adapters.local.fact_rules.salience import is_loose
from adapters.local.fact_rules.screening import (
    JOKE,
    OPINION,
    importance_of_rest,
    is_command,
    is_left_out,
    tells_a_habit,
    without_harmless_if,
)
from adapters.local.fact_rules.sentences import (
    Clause,
    clause_of,
    is_acted,
    sentences_of,
    tidy,
)
from domain.memory.facts import FactKind

_MOST_CUTS = 6
_MOST_SENTENCES = 80
_ASKED_FOR = 4
_SHORTEST_TO_CUT = 24
_STILL_MEANT = 4
"""Messages, replies among them, after which \"she\" is still the same."""
_STRONG = 3
_LOOSE_MAY_STAND = 3
_LONGEST_BEFORE = 200
_OF_A_NAME = re.compile(
    r"(?:it|that|his name|her name|the name|their name|she|he|i mean|i meant)\b", re.IGNORECASE
)


class Reading:
    """One message read from its beginning to its end; knows whom "she" means meanwhile.

    ``earlier`` are the messages before, as ``(role, content)``.
    """

    def __init__(self, said_at: datetime, earlier: Sequence[tuple[str, str]] = ()) -> None:
        self._said_at = said_at
        self._earlier = earlier
        self._antecedent: str | None = None
        self._thing = ""
        self._before: list[str] = []
        self._after = ""
        self._clauses: dict[str, Clause] = {}

    def read(self, message: str) -> list[Found]:
        """All that the message tells, in its order."""
        if asides.is_in_play(self._earlier, message):
            return []
        found: list[list[Found]] = []
        said: list[Said] = []
        before = ""
        sentences = sentences_of(message)[:_MOST_SENTENCES]
        for sentence, self._after in pairwise([*sentences, ""]):
            joke = JOKE.search(sentence)
            if joke is not None:
                # Neither this nor what came right before it was meant.
                del found[-1:], said[-1:]
            meant = sentence if joke is None else sentence[joke.end() :].lstrip(" ,.;")
            if meant:
                meant = without_harmless_if(meant)
                heard = self._as_said(meant)
                understood = worth_keeping(self._sentence(meant))
                found.append(self._in_context(understood, before))
                said.append(as_understood(heard, understood))
                self._before.append(meant)
                self._turn_to("" if is_called_out(meant) else being_in(meant) or None)
                before = "" if meant.endswith("?") else self._as_clause(meant).text
        found, said = without_talk_of_wishes(found, said)
        told = told_once(passages_of(said), [one for group in found for one in group])
        told = without_taken_back(told)
        if is_acted(message):
            # Who acts between asterisks may be anybody; only what names its topic is believed.
            told = [one for one in told if one.topic or one.is_forgetting]
        return told or self._answer(message)

    def _turn_to(self, being: str | None) -> None:
        """Whom "she" means from here on; "my sister" is no news of "my sister Clara"."""
        if being is not None and f" {being} " not in f" {self._antecedent} ":
            self._antecedent = being

    def _sentence(self, sentence: str) -> list[Found]:
        bare = self._as_clause(sentence).text
        unwanted = wish_in(sentence, self._said_last(), self._after)
        if unwanted:
            wished = asides.to_be_forgotten(unwanted, self._statement(unwanted))
            told = self._statement(bare.partition(",")[2])
            return wished + without_talk_of(unwanted, told)
        kept = asides.to_remember(bare)
        if kept is not None:
            found = worth_keeping(self._statement(kept)) or [
                Found(tidy(kept), FactKind.OTHER, _ASKED_FOR)
            ]
            return [evolve(one, importance=max(one.importance, _ASKED_FOR)) for one in found]
        if sentence.endswith("?"):
            stated = asides.as_statement(bare)
            return [] if stated is None else self._statement(stated)
        return (
            self._statement(sentence)
            or self._fragment(sentence)
            or other_languages.found_in(sentence)
        )

    def _fragment(self, sentence: str) -> list[Found]:
        """In "Daniel made lasagne. My boyfriend." says who Daniel is."""
        whole = self._as_clause(sentence)
        if not self._antecedent or not is_fragment(whole.plain):
            return []
        if self._antecedent.startswith("my "):
            return []
        link = " is " if whole.plain.lower().startswith("my ") else ": "
        rest = whole.text[0].lower() + whole.text[1:]
        found = found_in(self._as_clause(f"{self._antecedent}{link}{rest}"), self._said_at)
        return found or [Found(f"{self._antecedent}{link}{rest}", FactKind.OTHER, 2)]

    def _as_clause(self, text: str) -> Clause:
        """A clause of this message: the same ones are asked for again and again."""
        known = self._clauses.get(text)
        if known is None:
            known = self._clauses[text] = clause_of(text)
        return known

    def _as_said(self, sentence: str) -> Said:
        """The sentence as it may be kept where no table understands it."""
        bare = self._as_clause(sentence)
        left_out = is_left_out(bare.plain) and not tells_a_habit(bare.plain)
        if sentence.endswith("?") or left_out or is_command(bare.plain):
            return Said(bare.text, -math.inf)
        clause = self._resolved(bare)
        if clause is bare or not self._antecedent:
            return Said(bare.text, worth(bare.plain))
        # Of somebody known, as if it were said of a friend.
        return Said(clause.text, worth(f"my friend{clause.plain.removeprefix(self._antecedent)}"))

    def _in_context(self, found: list[Found], before: str) -> list[Found]:
        """With the sentence before, where a fact says "it" or "them" of what was named there."""
        kept: list[Found] = []
        for one in found:
            stands = one.is_over or one.is_forgetting or one.wrong
            if stands or not is_loose(one.text, one.importance):
                kept.append(one)
            elif before and len(before) <= _LONGEST_BEFORE:
                kept.append(evolve(one, text=f"{before} {one.text}"))
            elif one.importance > _LOOSE_MAY_STAND:
                kept.append(one)
        return [self._introduced(one) for one in kept]

    def _introduced(self, found: Found) -> Found:
        """Somebody who was spoken of just before needs not be known for longer."""
        if not found.about:
            return found
        before = [text for _, text in self._earlier[-4:]] + self._before
        own = [text for role, text in self._earlier[-4:] if role == "user"] + self._before
        known = any(found.about in text for text in before) or any(map(speaks_of_being, own))
        return evolve(found, about="") if known else found

    def _statement(self, sentence: str) -> list[Found]:
        found: list[Found] = []
        is_told = False
        if corrected := self._corrected(sentence):
            return corrected
        parts = introduced(self._as_clause(sentence).text) or joints.apart(sentence)
        if is_left_out(self._as_clause(parts[0]).plain):
            return []
        for part in parts:
            told = self._part(part, _MOST_CUTS)
            is_told = is_told or bool(told)
            found += told or self._rest(part)
            self._thing = thing_in(part) or self._thing
            self._antecedent = antecedent_of(found, self._antecedent or "") or self._antecedent
        return [without_the_wrong(one) for one in found] if is_told else []

    def _rest(self, part: str) -> list[Found]:
        """A part that no table understands."""
        clause = self._as_clause(part)
        if is_left_out(clause.plain) or is_command(clause.plain):
            return []
        return [Found(tidy(self._resolved(clause).text), FactKind.OTHER, 1)]

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
        clause = self._as_clause(part)
        whole = self._resolved(clause)
        found = found_in(whole, self._said_at)
        if found or whole is clause or not self._antecedent:
            return found
        # Of somebody known, as if it were said of a friend.
        said = whole.plain.removeprefix(self._antecedent).removeprefix("'s")
        importance = 0 if OPINION.match(said) else importance_of_rest(f"my friend{said}")
        return [Found(whole.text, FactKind.PERSON, importance)] if importance else []

    def _corrected(self, sentence: str) -> list[Found]:
        """What was said before with the right word, or just the two words."""
        clause = self._as_clause(sentence)
        pair = asides.right_and_wrong(clause.plain) if "not " in sentence else None
        if pair is None:
            return []
        corrected = asides.put_right(*pair, self._said_before())
        if corrected is not None:
            found = found_in(self._as_clause(corrected), self._said_at)
            return [evolve(one, is_correction=True) for one in found]
        if _OF_A_NAME.match(clause.plain) and all(map(is_name, pair)):
            right, wrong = pair
            return [Found(clause.text, FactKind.OTHER, 2, value=right, wrong=wrong)]
        return []

    def _resolved(self, clause: Clause) -> Clause:
        """With a name in the place of the pronoun that it begins with."""
        told = with_thing(clause, self._thing)
        if told is not None:
            return told
        if not begins_with_pronoun(clause):
            return clause
        if self._antecedent is None:
            self._antecedent = self._antecedent_before()
        return with_name(clause, self._antecedent, self._said_before())

    def _said_before(self) -> list[str]:
        said = [text for role, text in self._earlier[-4:] if role == "user"]
        return [sentence for text in said for sentence in sentences_of(text)] + self._before

    def _antecedent_before(self) -> str:
        """Whom the person spoke of last, in the messages before."""
        said = [text for role, text in self._earlier[-_STILL_MEANT:] if role == "user"]
        for text in reversed(said):
            known = antecedent_of(Reading(self._said_at).read(text), "")
            names = (being_in(sentence) for sentence in reversed(sentences_of(text)))
            if known := known or next(filter(None, names), ""):
                return known
        return ""

    def _said_last(self) -> str:
        """The sentence before this one, be it of the person's last message."""
        said = self._before or [text for role, text in self._earlier if role == "user"]
        return next(reversed(sentences_of(said[-1])), "") if said else ""

    def _answer(self, message: str) -> list[Found]:
        if not self._earlier or self._earlier[-1][0] != "assistant":
            return []
        question = self._earlier[-1][1]
        if len(self._earlier) > 1 and asides.is_returned(question):
            question = self._earlier[-2][1]
        sentence = asides.answered(question, message)
        return [] if sentence is None else self._clause(sentence)
