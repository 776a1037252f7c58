"""Where a sentence may be cut, so that each part says one thing and can stand by itself."""

import re
from collections.abc import Iterator

_SUBJECT = (
    r"(?:i'm|i've|i'll|i'd|im|ive|i|we're|we've|we'll|we|he's|she's|it's|they're|he|she|they|it"
    r"|call me|people call|please call)\b"
)
_POSSESSIVE = (
    r"(?:my|our|his|her|their|its) (?:[\w'-]+ ){1,4}?(?:is|are|was|were|has|have|had|can|does"
    r"|[a-z]{3,}(?<![su'])s|[a-z]+ed|got|died)\b"
)
_OPENING = (
    r"(?:(?:also|then|now|yes|actually|recently|currently|last \w+|this \w+|next \w+|in \d{4}) )?"
)
_HARD = re.compile(
    r"\s*;\s*|\s+[-–—]+\s+|\s*—\s*"
    rf"|:\s+(?={_OPENING}(?:{_SUBJECT}|{_POSSESSIVE}))"
    r"|,?\s+(?:and|but|so|plus|though|however|yet|while|whereas|then|or)\s+"
    rf"(?={_OPENING}(?:{_SUBJECT}|{_POSSESSIVE}))"
    rf"|,\s+(?={_OPENING}(?:{_SUBJECT}|{_POSSESSIVE}))"
    r"|,?\s+(?:and|but)\s+(?=(?-i:[A-Z])\w+ (?:is|was|lives|works|plays|loves|has|likes|moved"
    r"|died)\b)",
    re.IGNORECASE,
)  # fmt: skip
_BARE = re.compile(
    r"(?:(?:my|our|his|her) [\w' -]{1,40}|[A-Z][\w'-]+|(?:both )?(?:me|you))$", re.IGNORECASE
)
_VERBISH = re.compile(
    r"\b(?:is|are|was|were|am|has|have|had|'s|'m|do|does|did|can|will|live|love|like|\w+ed)\b"
)
_SOFT = re.compile(
    r",?\s+(?:because|since|after|when|although|even though|as|now that|where)\s+"
    r"(?=(?:i|i'm|i've|we|we've|we're|my|our)\b)"
    # "Since I turned thirty" says when, not how old somebody is.
    r"(?!(?:i|we) (?:had )?(?:just )?(?:turned|was|were|reached|hit) (?:\w+-)?\w+(?=$|[,.;!]"
    r"| (?:years|and"
    r"|so|or|but)\b))",
    re.IGNORECASE,
)
_VERBS = (
    "live|lives|work|works|working|study|studies|studying|have|has|am|is|was|love|loves|like|likes"
    "|hate|hates|play|plays|speak|speaks|own|owns|drive|drives|teach|teaches|run|runs|collect"
    "|collects|moved|started|got|quit|adopted|bought|want|wants|plan|plans|hope|hopes|don't|doesn't"
    "|never|do not|does not|can't|used to|grew up|enjoy|enjoys|prefer|prefers|keep|keeps|write"
    "|writes|sing|sings|paint|paints|volunteer|volunteers|married|met|became|lost|won|turned"
    "|graduated|dislike|dislikes|can not|cannot|no longer|'m|just|born|raised|have been|left|sold"
    "|broke|retired|had|joined|adopt|adopts|work|cook|garden"
)
_SHARED = re.compile(
    rf"(?:,| and|, and|,? but|,? then|, who)\s+(?=(?:(?:also|then|now|just|recently|currently|still"
    rf"|really|absolutely|originally) )?(?:{_VERBS})\b)",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?P<s>(?:i|we)(?=[ '])|(?:my|our) (?:[\w-]+ ){0,3}?[\w-]+(?:,? (?-i:[A-Z])[\w'-]+)?"
    r"|(?-i:[A-Z])[\w-]+)(?='s |'m |'ve |'re | (?:\w+ly |also |just |now |still |has |have )?"
    rf"(?:{_VERBS}|\w+s|\w+ed)\b)",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"(?:,? and|,)\s+(?=an? (?:[\w-]+ ){0,3}(?:called|named)\b|an? (?:[\w-]+"
    r" ){1,2}(?-i:[A-Z])\w+$)",
    re.IGNORECASE,
)
_HAVING = re.compile(r"(?:i|we|my [\w ]+)(?:'ve| have| has)?(?: got| have| own| adopted| has)\b",
                     re.IGNORECASE)  # fmt: skip
_AFTER_NAME = re.compile(
    r",\s+(?:and )?(?=\d{1,3}\b|from |an? [a-z]|based in|living in|working (?:as|at|for)|born in"
    r"|studying|doing|(?:first|second|third|final|last) year)",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(r"(?:living|working|born|based|from|\d|an?\b)", re.IGNORECASE)


def apart(sentence: str) -> list[str]:
    """The parts that have a subject of their own."""
    parts: list[str] = []
    start = 0
    for match in _HARD.finditer(sentence):
        head = sentence[start : match.start()]
        if _BARE.match(head.strip()) and not _VERBISH.search(head):
            continue
        parts.append(head)
        start = match.end()
    parts.append(sentence[start:])
    return parts


def in_two(clause: str) -> Iterator[tuple[str, str]]:
    """Ways to cut a clause whose second part leans on the first one, made to stand alone."""
    owner = _OWNER.match(clause)
    if owner is not None:
        for match in _SHARED.finditer(clause, owner.end()):
            yield clause[: match.start()], _joined(owner["s"], clause[match.end() :])
    if _HAVING.match(clause) is not None:
        for match in _LIST.finditer(clause):
            yield clause[: match.start()], f"I have {clause[match.end() :]}"
    if owner is not None and owner["s"].lower() == "i":
        for match in _AFTER_NAME.finditer(clause):
            yield clause[: match.start()], f"I'm {clause[match.end() :]}"
    for match in _SOFT.finditer(clause):
        yield clause[: match.start()], clause[match.end() :]


def _joined(subject: str, tail: str) -> str:
    first = tail.split(" ", 1)[0].lower()
    if first in {"working", "studying", "born", "raised"}:
        return f"{subject} {'am' if subject.lower() == 'i' else 'is'} {tail}"
    return f"{subject}{tail}" if first == "'m" else f"{subject} {tail}"
