"""Wishes that say again what was told: "forget that I said I want to go", "forget where I am"."""

import re

from adapters.local.fact_rules.forgetting import unmeant

_BEFORE = (
    r"(?:(?:oh|ok|okay|omg|no|well|actually|sorry|hm|ugh|wait|scratch that|never ?mind)[,.!]* )*"
    r"(?:(?:please|pls|plz|just|(?:can|could|would|will) (?:you|u))[, ]+)*"
)
_TOLD = r"(?:i|we) (?:ever |just )?(?:said|told (?:you|u)|mentioned)"
_FORGET = r"(?:forget|erase|delete)"
_NOT_REMEMBER = (
    r"(?:(?:do not|stop) remember(?:ing)?|(?:you|u) (?:do not (?:need|have) to|need not)"
    r" (?:remember|know))"
)
_STATED = re.compile(
    rf"{_BEFORE}(?:"
    rf"{_FORGET} (?:the fact )?(?:that )?{_TOLD}(?: that)? (?P<told>(?:i|my|we|our)\b.+)"
    rf"|(?:{_NOT_REMEMBER}|erase|delete) (?:the fact )?that (?P<that>(?:i|my|we|our)\b.+)"
    rf"|{_FORGET} (?P<where>(?:where|how (?:much|old|many|tall)) (?:i|my|we|our)\b[^,;:]+)"
    r")"
)
_AFTER = re.compile(r"[\s,.!?]*(?:\b(?:ok|okay|please|pls|thanks|thank you|lol|right)[\s.!?]*)*$")


def matter_in(said: str) -> str:
    """What a sentence without contractions asks to forget in that way; empty where it does not."""
    lowered = said.lower()
    match = _STATED.match(lowered)
    if match is None or len(lowered) != len(said) or unmeant.is_for_now(lowered):
        return ""
    start, end = match.span(match.lastgroup or 0)
    matter = _AFTER.sub("", said[start:end])
    return "" if unmeant.goes_on(matter.lower()) else matter
