"""Sentences that speak of something that was named before them."""

import re

_LOOSE_SUBJECT = re.compile(
    r"(?:it|it's|they|they're|them|this|that|that's|those|these)\b(?! (?:was|is|will be) (?:my"
    r"|our)\b)",
    re.IGNORECASE,
)
_LOOSE_OBJECT = re.compile(
    r"\b(?:it|them|him|her|this|that|those|these|there|one|so)(?: (?:too|now|again|all|up|about"
    r" .{3,40}))?[.!…]*$|\bof (?:it|them|that|this|those)\b|\bget them\b",
    re.IGNORECASE,
)
_WEIGHTY = 4


def is_loose(text: str, importance: int) -> bool:
    """Whether it speaks of something that was named before it; strictly, where it matters."""
    if _LOOSE_SUBJECT.match(text) is not None:
        return True
    return importance < _WEIGHTY and _LOOSE_OBJECT.search(text) is not None
