"""Whether a sentence is a wish to forget in freer words, and of what."""

import re

from adapters.local.fact_rules.forgetting import other_languages
from adapters.local.fact_rules.forgetting.matters import (
    Beside,
    is_named_alone,
    is_pronoun,
    is_told_matter,
    matter_beside,
    object_in,
    tells_of_telling,
    topic_of,
)
from adapters.local.fact_rules.forgetting.requests import (
    IS_ASKED,
    OF_A_MEMORY,
    Needs,
    Way,
    ways_in,
)
from adapters.local.fact_rules.forgetting.vocabulary import SPOKEN, any_of

_NOT_ASKED_OF_YOU = re.compile(
    r"\b(?:he|she|they|people|everyone|everybody|somebody|someone|mum|mom|dad|gran|nan|(?!i\b"
    r"|you\b|we\b)"
    r"[\w']+) (?:just |then |also |always |once |never )?(?:said|says|asked|asks|tells|told"
    r"|texted|wrote|shouted|yelled|wants?|wanted|sings?|sang|reckons|thinks|keeps saying)\b(?! you)"
    r"[^,;:.!?]{0,20}[,:]?\s*$"
    r"|\bi(?: have|'ve| had)? (?:said|told|asked|shouted)(?! you)(?: (?:him|her|them|my \w+"
    r"|the \w+))?"
    r"(?: to)?(?: ah| oh| just)?[,:]?\s*$"
    r"|\b(?:i|we|he|she|they) (?:can not|could not|will not|would not|could|will|should|must|might"
    r"|want to|wanted to|have to|had to|need to|try to|tried to|am trying to|wish i could)"
    r"(?: \w+)?\s*$"
    r"|\b(?:how|why|when|if|trying|want|wanted|going|used|able|time|like|plan|plans|easy|hard) "
    r"(?:do|to|i|we|he|she|they|you|does|did|can|could)(?: \w+)?\s*$",
    re.IGNORECASE,
)
_IDIOM = re.compile(
    r"^(?:oh |ah |just |ok |okay |no |well |ugh |sorry |yeah |nah |lol |so |anyway |then "
    r"|let us )*,?"
    r" ?(?:forget|drop|scratch|scrap|strike|leave|lose|undo) (?:it|that|this)(?: then"
    r"| now)?[.! ]*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"^[^.!?]*?, (?!i told you|i said)(?:\w+ ){1,2}(?:say|says|said|told|tells|goes|went|asked"
    r"|sings)"
    r"\b(?! you)",
    re.IGNORECASE,
)
_SPOKEN_IT = re.compile(
    rf"(?:ever )?{any_of(SPOKEN)} (?:to you )?(?:(?:it|that|this|so|anything"
    rf"|a word)\b ?)?(?:up ?)?",
    re.IGNORECASE,
)
_THINGS = re.compile(
    r"\b(?:photos?|pictures?|files?|apps?|e-?mails?|number|whiteboard|phone|account|lines?|sentence"
    r"|paragraph|typos?|essay|code|table|row|column|egg|eggs|coat|box|tab|browser)\b",
    re.IGNORECASE,
)
_USUAL_VERB = re.compile(r"\b(?:forget|delet|eras|wip)", re.IGNORECASE)
"""Of which a request alone makes no wish: "please delete the app"."""
_FEW_WORDS = 8


def heard_in(said: str, beside: Beside) -> str | None:
    """What a plain sentence asks to forget, in the person's words; None where it asks nothing."""
    lowered = said.lower()
    if len(lowered) != len(said):
        said = lowered  # "İ" becomes two characters: then places in both would not be the same
    for way in ways_in(lowered):
        for match in way.pattern.finditer(lowered):
            if _NOT_ASKED_OF_YOU.search(said[: match.start()].rstrip(" ,:")):
                continue
            if _QUOTED.match(said[match.start() :]):
                continue
            rest = _without_speaking("" if match["x"] is None else said[slice(*match.span("x"))])
            if _THINGS.search(rest) is not None and not is_told_matter(rest):
                continue
            what = _meant(way, match, said, rest, beside)
            if what:
                return what
    return other_languages.heard_in(said, beside) if other_languages.may_be(lowered) else None


def _meant(way: Way, match: re.Match[str], said: str, rest: str, beside: Beside) -> str:
    head = said[: match.start()]
    where = f"{match[0]}{said[match.end() : match.end() + 30]}"
    is_away = _is_of_a_memory(where, beside)
    topic, is_told = topic_of(head)
    if way.has_object and rest.strip() and not is_pronoun(rest):
        named = object_in(rest)
        is_plain = way.needs is Needs.NOTHING and _USUAL_VERB.search(match[0]) is None
        if named and (is_away or is_plain or is_told_matter(rest)):
            return named
        if named and not topic:
            return ""
    before = beside.before
    is_idiom = _IDIOM.match(said) is not None
    if is_idiom and not (tells_of_telling(before) or is_named_alone(before)):
        return ""
    must_be_told = way.needs is Needs.TOLD and not is_away
    if topic and (is_told or not must_be_told):
        return topic
    if must_be_told and not tells_of_telling(before):
        return ""
    is_asked = IS_ASKED.match(match[0].lstrip(" ,.;:!?-–—")) is not None
    is_sure = way.needs is Needs.NOTHING or is_away or (is_asked and way.needs is Needs.MATTER)
    return matter_beside(head, beside, is_sure=is_sure)


def _is_of_a_memory(where: str, beside: Beside) -> bool:
    """Whether it says that it shall be out of the companion, be it in the next few words."""
    after = beside.after if len(beside.after.split()) <= _FEW_WORDS else ""
    return OF_A_MEMORY.search(where) is not None or OF_A_MEMORY.match(after) is not None


def _without_speaking(rest: str) -> str:
    """Without the "brought it up" of "pretend I never brought it up"."""
    spoken = _SPOKEN_IT.match(rest)
    rest = rest if spoken is None else rest[spoken.end() :] or "it"
    return re.sub(r"^ ?(?:about|of) ", "", rest)
