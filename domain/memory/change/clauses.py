"""The clauses of a text, and which of them speak of what is so. English only."""

import re
from collections.abc import Iterator

from attrs import frozen

from domain.memory.change.owners import owner_of

_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+(?!\d)|$)")
_CLAUSE = re.compile(
    r"\s*(?:[,;:]\s|[—–]|\s-\s|\s(?:but|so|because|cause|though|although)\s|\sand\s(?=(?:i|i'm"
    r"|i've|we|he|she|it|they|now|the|my|our|then|went|quit|gave|stopped|have|left|sold|dropped"
    r"|never|opened|started|got|deleted)\b))\s*",
    re.IGNORECASE,
)
_UNREAL = re.compile(
    r"\b(?:if|would|wouldn't|i'd|we'd|he'd|she'd|should|could|might|may (?!\d)|almost|nearly"
    r"|never (?:give|gave|quit|stop|leave|sell|end|stopped)|(?:did not|didn't|haven't|have not"
    r"|don't|do not|not|won't|can't) (?:want to |going to |ever )?(?:quit|sell|sold|leave|stop"
    r"|stopped|give up|given up|drop|cancel)|was going to|(?<!n't )(?<!not )(?<!longer )want(?:s"
    r"|ed)? to|wanna"
    r"|going to (?:quit|sell|stop)|thinking (?:of|about)|tempted|threaten\w*|wish|imagine|unless"
    r"|dreamt|dreamed|pretend|as if"
    r"|in (?:that|the|this) (?:film|movie|book|show|game|story|series)|can't stop|couldn't stop"
    r"|for (?:today|now|tonight|the (?:day|night|weekend|week))|hope|hoping|need to|must"
    r"|years? ago|when i was|as a (?:child|kid|boy|girl)|back then|in (?:19|20)\d\d|got to|gotta"
    r"|has to|have to|supposed to|since (?:i|we)|before (?:i|we)"
    r"|on hold|for an? (?:bit|while|few \w+|couple|week|month|day|minute|second|moment)|temporarily"
    r"|this (?:once|time)|(?:till|until) (?:\w+day|tomorrow|further)|taking a break"
    r"|having a break|day off|week off|on a break"
    r"|(?:till|until) (?:i|we|the|she|he)|says i|said i|ought to|can (?:stop|quit))\b",
    re.IGNORECASE,
)


@frozen
class Clause:
    """A clause, whose life it speaks of (None: of nobody's), and what was said before it."""

    text: str
    owner: frozenset[str] | None
    before: str
    whole: str
    """The text that it is of."""
    is_real: bool
    """Neither a question nor what might be."""
    is_asked: bool = False


def sentences_in(text: str) -> list[str]:
    """Sentence by sentence, each with the space before it and the signs that end it."""
    return _SENTENCE.findall(text)


def clauses_of(text: str) -> Iterator[Clause]:
    """Clause by clause; one without a subject goes on with the subject before."""
    before = ""
    owner: frozenset[str] | None = None
    for sentence in sentences_in(text.replace("’", "'")):
        is_asked = sentence.rstrip().endswith("?")
        said = ""
        for clause in _CLAUSE.split(sentence.strip(" .!…")):
            if not clause:
                continue
            own = owner_of(clause, f"{before} {said}")
            owner = owner if own is None else own
            is_real = not is_asked and _UNREAL.search(clause) is None
            yield Clause(clause, owner, said.strip() or before.strip(), text, is_real, is_asked)
            said = f"{said} {clause}"
        before = sentence
