"""Words that say that something is so by now, and was not before. English only."""

import re

_NOW = re.compile(
    r"\b(?:now|these days|any ?more|any longer|no longer|no more|switched|instead|new|nowadays"
    r"|at last|finally|after all|turns? out|turned out|changed my mind|come round|came round"
    r"|gone off|used to|admit|again|becomes?|became|(?:grown|grew) on|got (?:boring|old)"
    r"|fell in love|fallen in love"
    r"|warmed|learn(?:ed|t) to|(?:started|begun|began|beginning|starting) to|took|taken up|given up"
    r"|gave up|stopped|quit)\b"
)


def says_by_now(lowered: str) -> bool:
    """Whether a text in lower case says so."""
    return _NOW.search(lowered) is not None
