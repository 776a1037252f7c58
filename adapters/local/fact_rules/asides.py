"""What is said about remembering itself: "remember that", "forget", "I meant"."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
import re
from collections.abc import Sequence

from attrs import evolve

from adapters.local.fact_rules.found import Found, value_of
from adapters.local.fact_rules.naming import is_name
from adapters.local.fact_rules.rule import compiled
from adapters.local.fact_rules.sentences import plain
from domain.memory.facts import FactKind

_REMEMBER = re.compile(
    r"(?:(?:please|can you|could you|will you|i want you to|i would like you to|i need you to|also)"
    r" )*(?:remember|don't (?:ever )?forget|do not (?:ever )?forget|never forget|keep in mind"
    r"|bear in"
    r" mind|make a note|take note|note|memori[sz]e|save this)(?: (?:this|of this|down))?"
    r"(?: that\b|:|,| —| -)? *(?=\S)",
    re.IGNORECASE,
)
_NOTHING_TO_REMEMBER = re.compile(
    r"(?:me\b|when\b|what\b|how\b|the (?:time|day|night)\b|to\b|this$|that$|it\b|everything|our"
    r" (?:conversation|chat|talk)|who\b|where\b|why\b|if\b|you\b|your\b|us\b|about\b)",
    re.IGNORECASE,
)
_DID_I_SAY = re.compile(
    r"(?:did|have) i (?:ever )?(?:tell|told|mention|mentioned|say)(?: to)?(?: you)?(?: yet)?"
    r"(?: about)?(?: that)? +(?=(?:i|i'm|i've|my|we|our)\b)|did you know (?:that )?(?=(?:i|i'm|i've"
    r"|my|we|our)\b)",
    re.IGNORECASE,
)
_TAIL_QUESTION = re.compile(
    r"(?P<head>.{6,}?)\s*[,;–—-]\s*(?:and |but |so )?(?:what|who|how|where|when|why|which|do|did"
    r"|does"
    r"|can|could|would|will|have|has|are|is|am|isn't|aren't|don't|doesn't|won't|should|right|you"
    r" know|ok|okay|remember|got it|any)\b[^,]*\?+$",
    re.IGNORECASE,
)
_IT_IS = re.compile(
    r"(?:it|that|this|she|he|the name|her name|his name|my name|they)(?: is| was| are|'s)?"
    r"(?: actually| called| named| spelled| really)*|i (?:meant|mean|wanted to say)(?: to"
    r" say)?"
    r"|make (?:that|it)|rather|correction",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?P<x>[^,;]{1,60}?),? (?:and )?not (?:in |on |at |a |an |the )?(?P<y>[^,;.]{1,60})$"
    r"|not (?:in |on |at |a |an |the )?(?P<y2>[^,;.]{1,60}?)[,;]? (?:but|it is|it's|rather|,) ?"
    r"(?P<x2>[^,;.]{1,60})$",
    re.IGNORECASE,
)


_NOT_SAID = r"(?! (?:that )?(?:i|we|you) (?:never|did|had|have|don't|do not))"
_PLAY = re.compile(
    rf"\blet'?s (?:play|pretend{_NOT_SAID}(?!.*\bnever (?:happened|came up))|role-?play|imagine"
    r"|say (?:you|i)(?:'?re|'?m| are| am))\b"
    rf"|\brole-?play\b|\bpretend{_NOT_SAID} (?:that|to be|you)\b"
    r"|\byou(?:'re| are| be) (?:an? |the )[\w ]{3,30} and i(?:'m| am) (?:an? |the )",
    re.IGNORECASE,
)
_PLAY_OVER = re.compile(
    r"\b(?:i'm done|game over|enough of that|stop (?:playing|the game)|that was fun|end of"
    r" (?:the )?(?:game"
    r"|play|scene)|out of character|ooc|seriously now|anyway)\b",
    re.IGNORECASE,
)


def is_in_play(earlier: Sequence[tuple[str, str]], message: str) -> bool:
    """Whether the two are playing parts, so that nothing that is said is meant."""
    if _PLAY.search(message):
        return True
    playing = False
    for role, text in earlier:
        if role == "user":
            playing = _PLAY.search(text) is not None or (
                playing and _PLAY_OVER.search(text) is None
            )
    return playing and _PLAY_OVER.search(message) is None


def to_remember(sentence: str) -> str | None:
    """What the person asks to keep; None when nothing is asked."""
    match = _REMEMBER.match(sentence)
    if match is None or sentence.endswith("?"):
        return None
    rest = sentence[match.end() :].strip()
    return None if not rest or _NOTHING_TO_REMEMBER.match(rest) else rest


def as_statement(question: str) -> str | None:
    """What a question states by the way; None when it only asks."""
    said = _DID_I_SAY.match(question)
    if said is not None:
        return question[said.end() :].rstrip("? ")
    match = _TAIL_QUESTION.match(question)
    return match["head"] if match is not None else None


def right_and_wrong(plain: str) -> tuple[str, str] | None:
    """The two words of "it is X, not Y", whichever way round it is said."""
    start = _IT_IS.match(plain)
    rest = plain[start.end() :].strip() if start is not None else plain
    match = _NOT.match(rest)
    if match is None:
        return None
    right, wrong = match["x"] or match["x2"], match["y"] or match["y2"]
    return _IT_IS.sub("", right.strip(), count=1).strip() or right.strip(), wrong.strip()


def put_right(right: str, wrong: str, before: Sequence[str]) -> str | None:
    """An earlier sentence with the right word in the place of the wrong one."""
    pattern = re.compile(rf"\b{re.escape(wrong)}\b", re.IGNORECASE)
    for sentence in reversed(before):
        if pattern.search(sentence):
            return pattern.sub(lambda _: right, sentence)
    return None


_ANSWERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), template)
    for pattern, template in (
        (r"what(?:'s| is) your name|what (?:should|can|may|do) i call you|who am i (?:talking"
         r"|speaking)"
         r"|(?:may|can) i (?:ask|know) your name", "My name is {answer}"),
        (r"where are you from", "I am from {answer}"),
        (r"where (?:do|are) you (?:live|living|based|call home)|what city", "I live in {answer}"),
        (r"how old are you|what(?:'s| is) your age", "I am {answer} years old"),
        (r"when(?:'s| is) your birthday", "My birthday is on {answer}"),
        (r"(?:what(?:'s| is)|do you have an?|which is|who(?:'s| is))(?: your)? favou?rite"
         r" (?P<w>[\w ]{2,30})", "My favourite {w} is {answer}"),
        (r"(?:what(?:'s| is)|tell me) your (?P<w>[\w ]{2,25}?)(?:'s name| called)|what(?:'s| is)"
         r" the"
         r" name of your (?P<w2>[\w ]{2,25})", "My {w} is called {answer}"),
        (r"what do you do for (?:a living|work)|what(?:'s| is) your (?:job|profession)|what do"
         r" you do\?",
         "I work as {answer}"),
    )
)  # fmt: skip
_RETURNED = re.compile(
    r"\b(?:and |what about |how about )?(?:you|yours|yourself)\?\s*$", re.IGNORECASE
)
_MOST_ANSWER_WORDS = 5
_FILLER = re.compile(r"(?:it's|it is|it|is|just|my|on|in|i'm|i am|from|the|well|oh|um|as|hi"
                     r"|hello|call me)[ ,]+", re.IGNORECASE)  # fmt: skip
_FIRST_PART = re.compile(r"[^.!?,;\n]*")
_QUESTION = re.compile(r"[^.!?\n]*\?")
_NO_ANSWER = re.compile(
    r"(?:yes|no|why|i |what|nothing|guess|secret|not|none|you|maybe|dunno|idk|ok|okay|sure|hm|it"
    r"|good|fine|thanks|that|lol|haha|nope|yeah|later|stop|don't|who|how|good)\b",
    re.IGNORECASE,
)


def is_returned(question: str) -> bool:
    """Whether the companion only asks back: "And you?"."""
    return _RETURNED.search(question) is not None


def answered(question: str, answer: str) -> str | None:
    """The sentence that a few words make as the answer to the question before them."""
    words = _FIRST_PART.match(answer.strip())[0].strip(" .!,")  # type: ignore[index]  # always
    while (match := _FILLER.match(words)) is not None:
        words = words[match.end() :]
    if not words or len(words.split()) > _MOST_ANSWER_WORDS or _NO_ANSWER.match(words):
        return None
    asked = [part for part in _QUESTION.findall(question) if part]
    if not asked:
        return None
    last = asked[-1]
    for pattern, template in _ANSWERS:
        found = pattern.search(last)
        if found is not None:
            named = found.groupdict()
            what = named.get("w") or named.get("w2") or ""
            return template.replace("{answer}", words).replace("{w}", what)
    return None


TOPICS = {
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
"""What people say when they mean a topic."""


_AND_THE = re.compile(r",? and (?=(?:the|my|our|that|his|her)\b)", re.IGNORECASE)
_SOMEBODY = compiled(r"(?:(?:my|our|his|her|the) )?(?:{REL}|{PARTNER})$")


def to_be_forgotten(what: str, stated: Sequence[Found]) -> list[Found]:
    """What somebody means who asks to forget it; ``stated`` is what it would tell, said as news."""
    told = [one for one in stated if one.topic and not one.is_over]
    if told:
        return [evolve(one, text=what, is_forgetting=True, ends=(), about="") for one in told]
    several = _AND_THE.split(what)
    people = [one for one in several if _is_somebody(one)]
    # "Mum and the taxman" is one matter: nobody means all that was ever told of mum.
    if len(several) > 1 and len(people) in {0, len(several)}:
        return [found for one in several for found in to_be_forgotten(one, [])]
    name = plain(what)
    for start in ("my ", "our ", "the "):
        name = name.removeprefix(start)
    topic = TOPICS.get(name.lower(), "")
    return [Found(what, FactKind.OTHER, 1, topic, value_of(name), is_forgetting=True)]


def _is_somebody(what: str) -> bool:
    return is_name(what) or _SOMEBODY.match(what) is not None
