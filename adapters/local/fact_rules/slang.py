"""How people spell where they write as they speak, spelled out for the patterns."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long

import re
from functools import lru_cache

from adapters.local.fact_rules.rule import compiled

_TABLE = [
    (compiled(pattern), to)
    for pattern, to in [
        (r"\bdoin\b", "doing"),
        (r"\bbday\b|\bb-day\b", "birthday"),
        (r"\b(?:fav|fave)\b", "favourite"),
        (r"\bppl\b", "people"),
        (r"\bw/ ?|\bw (?=(?:my|the|a|him|her|mum|dad)\b)", "with "),
        (r"(?<=moved )2 |(?<=moving )2 |(?<=going )2 ", "to "),
        (r"\b(last|next|this) wk\b", r"\1 week"),
        (r"\brn\b", "right now"),
        (r"\bsmth\b", "something"),
        (r"\b(?:cos|cuz|coz|'cause)\b", "because"),
        (r"\bfella\b", "fellow"),
        (r"\btil\b|'til\b", "until"),
        (r"\bgot me (?=an?\b)", "got "),
        (r"\b(i|we|he|she|they) ain'?t got\b", r"\1 not have"),
        (r"\bi ain'?t\b", "i am not"),
        (r"\b(i|we|they) been\b", r"\1 have been"),
        (r"\b(he|she) been\b", r"\1 has been"),
        (r"\bi (seen|done)\b", r"i have \1"),
        (r"\bi works\b", "i work"),
        (r"\b(there|that|what|where|who)s\b", r"\1 is"),
        (r"\b(we|you|they)re\b(?= (?:\w+ing|not|a|the|in|from|still|both|so)\b)", r"\1 are"),
        (r"\bmy (favourite \w+?)s (?=(?!are\b|is\b|were\b|and\b|include)\w)", r"my \1 is "),
        (
            r"\b({REL}|{PARTNER}|{SPECIES}|name|home|surname|job|birthday)'?s"
            r" (?=(?:called|named|an?|the|in|from|at|on|getting|moving|having|not|now|only|always"
            r"|allergic|(?-i:[A-Z])[a-z]+(?=$|[,.]| (?:when|and|but|by|these|now)\b)"
            r"|\d+)\b)",
            r"\1 is ",
        ),
        (r"\b({REL}|{PARTNER})'?s (?=been\b|got\b|gone\b|just\b)", r"\1 has "),
    ]
]  # fmt: skip
_WORD = re.compile(r"[^\W_][\w/'-]*")
_TELLING = frozenset(
    """
    doin bday b-day fav fave ppl w/ w 2 wk rn smth cos cuz coz fella til ain't aint were youre
    theyre theres thats whats wheres whos cause
    """.split()  # noqa: SIM905 - read best as a text
)
_PHRASE = re.compile(
    r"got me |(?:i|we|they|he|she) been |i (?:seen|done|works) |favourite \w+s ", re.IGNORECASE
)
_OWNING = compiled(
    r"(?:[\w/-]+-)?(?:{REL}|{PARTNER}|{SPECIES}|dragon|coon|other|half|name|home|surname|job"
    r"|birthday)'?s"
)


@lru_cache(8_192)
def _may_own(word: str) -> bool:
    """Whether a word that ends in s may be somebody's or something's of the table."""
    return _OWNING.fullmatch(word) is not None


def _may_be_loose(text: str) -> bool:
    """Whether a line of the table may match; wrong only towards yes."""
    return _PHRASE.search(text) is not None or any(
        word in _TELLING or (word[-1] == "s" and _may_own(word))
        for word in _WORD.findall(text.lower())
    )


def spelled_out(text: str) -> str:
    """The same with the usual words."""
    if _may_be_loose(text):
        for pattern, to in _TABLE:
            text = pattern.sub(to, text)
    return text
