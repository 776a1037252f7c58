"""How people spell where they write as they speak, spelled out for the patterns."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long

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
_ANY = compiled(
    r"\b(?:doin|b-?day|fave?|ppl|w/|w|2|wk|rn|smth|cos|cuz|coz|fella|til|got me|ain'?t|"
    r"(?:i|we|they|he|she) been|i (?:seen|done|works)|theres|thats|whats|wheres|whos|were|youre"
    r"|theyre|favourite \w+s|(?:{REL}|{PARTNER}|{SPECIES}|name|home|surname|job)'?s)(?= )|'cause"
)


def spelled_out(text: str) -> str:
    """The same with the usual words."""
    if _ANY.search(text) is not None:
        for pattern, to in _TABLE:
            text = pattern.sub(to, text)
    return text
