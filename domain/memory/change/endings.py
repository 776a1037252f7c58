"""What is over by the words that say so: a thing sold, a club left, a pain healed, a life ended.

A text is cut into clauses; one that says in earnest that something has ended names it, before
("the blog is history") or after ("I gave up the blog"). A memory of the same person that tells
this in the present is over with it. English only.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen

from domain.memory.change.clauses import clauses_of, sentences_in
from domain.memory.change.ending_words import (
    CONSUMED,
    GONE,
    HINT,
    MADE,
    NO_MORE_WITH,
    OBJECT,
    OBJECT_ENDS,
    PAST,
    SUBJECT_BEFORE,
    TASTE,
    WORK_ON,
)
from domain.memory.change.owners import KIN, SOMEBODY, is_same_owner, owner_of
from domain.memory.change.vague_words import NAMING_NOTHING_STEMS
from domain.memory.change.word_fields import fields_of
from domain.memory.words import stem, telling_stems, telling_words

_OURS = re.compile(r"\b(?:our|my)(?: [\w-]+(?!['’])\b){1,3}")
_KIN = re.compile(rf"\b{KIN}\b")
_A_BEING = re.compile(
    rf"\b(?i:{KIN}|dog|cat|puppy|kitten|rabbit|bunny|hamster|horse|pony|parrot|bird|fish|goldfish"
    rf"|pet"
    r"|turtle|pig|snake)\b|\b(?!The\b|My\b|Our\b|And\b|So\b|But\b|Now\b|It\b|That\b|All\b|His\b"
    r"|Her\b|This\b|Then\b|Finally\b|I\b)[A-ZÀ-Þ]\w+"
)
"""Who may be gone for good; a flu is only over."""
_MY = re.compile(r"(?:my|our) (?!.*(?-i:[A-Z]))", re.IGNORECASE)
_SOME = re.compile(
    r"\b(?:spare|other|others|second|extra|another|one of|half|some|some of|few|couple|most of"
    r"|part of"
    r"|rest of|last of|end of|bit of|next|previous|first|wrong|except|apart from|one more|a"
    r" (?:lot|piece|slice|cup|packet|bottle"
    r"|pair|box|bag|batch) of)\b",
    re.IGNORECASE,
)
"""Another one than was told of, or not all of it."""
_DENIED = re.compile(
    r"\b(?:can'?t|cannot|don'?t|doesn'?t|never|isn'?t)\b(?!.* without\b)", re.IGNORECASE
)
"""Who cannot drive does not drive either without the car."""
_PRONOUN = re.compile(r"\s*(?:it|that|them|this|all|it all|all of it)?\s*", re.IGNORECASE)


@frozen
class _End:
    """What a clause says is over: stems and fields of its words, and whose it was."""

    stems: frozenset[str]
    fields: frozenset[str]
    owner: frozenset[str] | None
    is_gone: bool
    """Somebody died: all that is told of them as living is over."""
    is_made: bool
    """A piece of work that is finished: only the work on it is over."""
    is_consumed: bool
    """Something is no longer eaten, watched, liked: a taste is over as well."""


def tells_an_end(text: str) -> bool:
    """Whether it says that something named is over."""
    return bool(_ends_in(text))


def is_ended(old: str, new: str) -> bool:
    """Whether ``new`` says that what ``old`` tells in the present is over."""
    ends = _ends_in(new)
    return bool(ends) and any(
        _is_over(sentence, end) for sentence in sentences_in(old) for end in ends
    )


def _is_over(sentence: str, end: _End) -> bool:
    if PAST.search(sentence.strip()) is not None:
        return False
    words = telling_stems(sentence)
    shared = end.stems & words
    is_taste = TASTE.match(sentence.strip()) is not None
    if end.is_gone:
        is_of_all = bool(shared) and end.stems <= words and not is_taste
        return is_of_all and not _is_of_another(sentence, end.owner, end.stems)
    if _DENIED.search(sentence) is not None or (is_taste and not end.is_consumed):
        return False
    if end.is_made and WORK_ON.search(sentence) is None:
        return False
    is_named = bool(shared or end.fields & fields_of(sentence))
    return is_named and _is_whose(end, sentence, shared)


def _is_whose(end: _End, sentence: str, shared: frozenset[str]) -> bool:
    """Whether the sentence speaks of whoever the end is of."""
    owner = owner_of(sentence)
    if is_same_owner(end.owner, owner, sentence):
        return True
    return bool(owner) and (end.owner == SOMEBODY or (not end.owner and _is_ours(sentence, shared)))


def _is_ours(sentence: str, things: frozenset[str]) -> bool:
    """Whether somebody else is told of in what is also the person's: "she sings in our choir"."""
    for match in _OURS.finditer(sentence.casefold()):
        words = match[0].split()[1:]
        if _KIN.search(match[0]) is None and not things.isdisjoint(map(stem, words)):
            return True
    return False


def _is_of_another(sentence: str, owner: frozenset[str] | None, stems: frozenset[str]) -> bool:
    """Whether a being of that name belongs to somebody else."""
    whose = owner_of(sentence)
    if owner is not None and not owner:
        is_kin = any(_KIN.fullmatch(one) is not None for one in whose or ())
        return is_kin and stems.isdisjoint(map(stem, whose or ()))
    return bool(owner) and not is_same_owner(owner, whose, sentence)


@lru_cache(maxsize=4)
def _ends_in(text: str) -> tuple[_End, ...]:
    """Of the same text for each memory near it."""
    text = text.replace("’", "'")
    return () if HINT.search(text) is None else tuple(_found_in(text))


def _found_in(text: str) -> Iterator[_End]:
    for clause in clauses_of(text):
        if clause.is_real:
            yield from _of_clause(clause.text, clause.owner, clause.before)


def _of_clause(clause: str, owner: frozenset[str] | None, before: str) -> Iterator[_End]:
    yield from _deaths_in(clause)
    yield from _partings_in(clause)
    is_consumed = CONSUMED.search(clause) is not None
    for words, is_made in _named_in(clause):
        if _SOME.search(words) is not None:
            continue
        named = before if not _naming_stems(words) and _is_pronoun(words) else words
        stems, fields = _naming_stems(named), fields_of(named)
        if stems or fields:
            yield _End(
                stems, fields, owner, is_gone=False, is_made=is_made, is_consumed=is_consumed
            )


def _deaths_in(clause: str) -> Iterator[_End]:
    gone = GONE.search(clause)
    if gone is None:
        return
    if gone[0].endswith(("gone", "dead")) and _A_BEING.search(gone[0]) is None:
        return
    whose, of, what = gone[gone.lastgroup or 0].strip().rpartition("'s ")
    stems = _naming_stems(what)
    is_own = _MY.match(what) is not None or gone.lastgroup == "w"
    if stems:
        yield _of_all_told_of(stems, owner_of(whose) if of else frozenset() if is_own else None)


def _partings_in(clause: str) -> Iterator[_End]:
    parted = NO_MORE_WITH.search(clause)
    if parted is not None:
        name = parted[parted.lastgroup or 0].casefold()
        yield _of_all_told_of(frozenset({stem(name)}), frozenset())


def _of_all_told_of(stems: frozenset[str], owner: frozenset[str] | None) -> _End:
    return _End(stems, frozenset(), owner, is_gone=True, is_made=False, is_consumed=True)


def _named_in(clause: str) -> Iterator[tuple[str, bool]]:
    """The words for what is over, and whether it is a piece of work that is finished."""
    subject = SUBJECT_BEFORE.match(clause)
    if subject is not None:
        yield subject["x"], False
    for match in OBJECT.finditer(clause):
        rest = clause[match.end() :]
        stop = OBJECT_ENDS.search(rest, 2 if rest[:3].lower() in {"on ", "to ", "in "} else 0)
        yield rest if stop is None else rest[: stop.start()], MADE.match(match[0]) is not None


def _is_pronoun(words: str) -> bool:
    return _PRONOUN.fullmatch(words) is not None


def _naming_stems(text: str) -> frozenset[str]:
    words = (word for word in telling_words(text) if len(word) > 1)
    return frozenset(map(stem, words)) - NAMING_NOTHING_STEMS
