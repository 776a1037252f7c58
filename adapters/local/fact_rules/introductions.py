"""People who say who they are in a row: "I'm Tom, 41, two kids, live in Leeds and drive a bus"."""

import re

from adapters.local.fact_rules.joints import apart
from adapters.local.fact_rules.rule import compiled

_VERB = (
    r"(?:live|work|drive|teach|study|run|own|play|love|hate|like|enjoy|write|sing|paint|collect"
    r"|cook"
    r"|speak|keep|have|grew up|moved|used to|do|make|sell|volunteer|raise|don't|can't|never)"
)
_BEGINNING = re.compile(
    r"(?P<a>(?:i'm|im|i am|my name is|my name's|name's|this is) )(?P<n>[^\W\d_][\w'-]*"
    r"(?: (?-i:[A-Z])[\w'-]+)?), (?:and )?(?:i'm |im |i am )?(?=1?\d\d(?: (?:years|yrs?"
    r"|yo)[ \w]*)?,)"
    r"|(?:(?:i'm|im|i am) )?(?=1?\d\d(?: (?:years|yrs?|yo)[ \w]*)?, )",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:tired|sick|sad|single|married|divorced|old|male|female|[mf]|fine|good|happy|here|home|back"
    r"|retired|pregnant|sorry|new|a|an|in|on|at|from|not|it|that|this|only|now|well|so)$",
    re.IGNORECASE,
)
_COMMA = re.compile(rf",\s+(?:and |but )?(?:also )?|\s+and (?={_VERB}\b)", re.IGNORECASE)
_AGE = re.compile(r"1?\d\d(?= (?:years|yrs?|yo)[ \w]*$|$)", re.IGNORECASE)
_COUNTED = compiled(
    r"(?:no|an?|one|two|three|four|five|six|seven|\d{1,2}|several|a couple of"
    r"|twin) (?:[\w-]+ ){0,2}?"
    r"(?:kids?|children|{REL}s?|{SPECIES}s?|grandkids|twins|pets)\b"
)
_DOING = re.compile(rf"(?:currently |now |still |just |also )*{_VERB}\b", re.IGNORECASE)
_BEING = re.compile(
    r"(?:currently |now |still |recently |happily |newly )*(?:from|based|born|raised|living|working"
    r"|studying|married|single|divorced|widowed|separated|engaged|retired|unemployed|self-employed"
    r"|vegan|vegetarian|pregnant|gay|lesbian|bi|trans|left-handed|originally|an?|the mother"
    r"|the father"
    r"|mother of|father of|mum of|mom of|dad of)\b",
    re.IGNORECASE,
)
_TRADE = re.compile(
    r"(?:[\w-]+ ){0,2}?(?:nurse|cook|chef|vet|student|clerk|pilot|mechanic|electrician"
    r"|[\w-]{3,}(?:er|or|ist|ian|ant))(?: (?:from|in|at|for|by|with) .+)?$",
    re.IGNORECASE,
)
_FROM = re.compile(r" (?=from (?:[A-Z]|\w+$))")
_HAS_SUBJECT = re.compile(
    r"(?:i|i'm|i've|i'd|im|ive|my|we|our|we're|we've|he|she|they|it|you|but|so)\b", re.IGNORECASE
)
_FEWEST = 2


def introduced(sentence: str) -> list[str]:
    """Each thing that somebody says of themselves in a row, with its "I"; empty if it is no row."""
    bare = sentence.strip(" .!")
    match = _BEGINNING.match(bare)
    if match is None:
        return []
    name = match["n"] or ""
    if _NO_NAME.match(name):
        return []
    own = [one for one in _COMMA.split(bare[match.end() :]) if one]
    if len(own) < _FEWEST:
        return []
    told = [f"{match['a']}{name}" if name[:1].isupper() else f"My name is {name}"] if name else []
    known = 0
    for one in own:
        said = _with_subject(one)
        known += said is not None
        if said is not None:
            told += said
        elif told:
            told[-1] += f", {one}"
    return told if known >= _FEWEST else []


def _with_subject(part: str) -> list[str] | None:
    if _HAS_SUBJECT.match(part):
        return apart(part)
    age = _AGE.match(part)
    if age is not None:
        return [f"I'm {age[0]}"]
    for pattern, subject in ((_COUNTED, "I have"), (_DOING, "I"), (_BEING, "I'm")):
        if pattern.match(part):
            return [f"{subject} {part}"]
    if _TRADE.match(part):
        trade, *origin = _FROM.split(part, maxsplit=1)
        article = "an" if trade[0].lower() in "aeiou" else "a"
        return [f"I'm {article} {trade}", *(f"I'm {one}" for one in origin)]
    return None
