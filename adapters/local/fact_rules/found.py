"""What a clause was found to say, and how topics and values are written."""

import re

from attrs import frozen

from domain.memory.facts import FactKind

_LEADING = re.compile(
    r"^(?:(?:an?|the|my|our|some|any|to|eating|playing|watching|listening to|reading|drinking|doing"
    r"|going|all|really|most|all kinds of|lots of|good|being) )+(?=\S)"
)
_TRAILING = re.compile(
    r"(?: (?:originally|too|as well|a lot|very much|so much|now|any more|these days|though"
    r"|though|at all"
    r"|anymore|again|either|still|actually|instead|please|much|more than anything|by the way))+$"
)
_BREAK = re.compile(
    r"[,;(]| (?:because|but|since|which|who|when|while|and i|so|that is|not)\b", re.IGNORECASE
)
_MOST_WORDS = 6


@frozen
class Found:
    """A fact in the making; ``antecedent`` is whom "she" or "it" means from here on."""

    text: str
    kind: FactKind
    importance: int
    topic: str = ""
    value: str = ""
    ends: tuple[str, ...] = ()
    about: str = ""
    antecedent: str = ""
    is_over: bool = False
    is_forgetting: bool = False
    wrong: str = ""
    is_correction: bool = False


def value_of(text: str) -> str:
    """The thing itself: lower case, a few words, without articles and what trails behind."""
    bare = _BREAK.split(text.casefold(), maxsplit=1)[0].strip(" .!\"'-–—:")
    bare = _TRAILING.sub("", _LEADING.sub("", bare, count=1))
    return " ".join(bare.split()[:_MOST_WORDS])


def filled(template: str, groups: dict[str, str | None]) -> str:
    """A topic's template with values in the place of its groups; empty when one is missing."""
    parts = []
    for part in re.split(r"(\{\w\w*\})", template):
        if part[:1] == "{":
            value = value_of(groups.get(part[1:-1]) or "")
            if not value:
                return ""
            parts.append(_singular(value) if template.startswith(("like:", "allergy:")) else value)
        else:
            parts.append(part)
    return "".join(parts)


def _singular(value: str) -> str:
    """``cats`` and ``cat`` are one thing to like."""
    if len(value) > 4 and value.endswith("ies"):  # noqa: PLR2004 - "pies" is no "py"
        return f"{value[:-3]}y"
    if len(value) > 3 and value.endswith("s") and not value.endswith(("ss", "us", "is")):  # noqa: PLR2004 - "gas"
        return value[:-1]
    return value
