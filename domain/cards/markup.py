"""Markup that would act where a card's texts are shown: scripts, frames, handlers, odd addresses.

Plain HTML and Markdown are common in cards and do no harm. Texts are also looked at as they read
once macros are gone and characters are decoded, since that is how others would show them.
"""

import html
import re
from collections.abc import Iterator
from typing import Final

_HANDLERS = (
    "error|load|unload|beforeunload|pageshow|hashchange|message|click|dblclick|contextmenu|"
    "mouse[a-z]+|pointer[a-z]+|touch[a-z]+|drag[a-z]*|drop|wheel|scroll[a-z]*|focus(?:in|out)?|"
    "blur|change|input|submit|reset|invalid|select[a-z]*|key(?:down|up|press)|copy|cut|paste|"
    "toggle|beforetoggle|play|playing|canplay|begin|end|repeat|show|animation[a-z]+|"
    "transition[a-z]+|auxclick|search|resize|start|finish|bounce"
)
_ACTIVE: Final = (
    (re.compile(r"<\s*/?\s*(?:script|iframe|object|embed|applet|frameset|frame)\b", re.IGNORECASE),
     "a script, frame or embedded object"),
    (re.compile(r"<[a-z!/?][^<>]*[\s/\"'`]on[a-z]+\s*=", re.IGNORECASE),
     "an event handler"),
    (re.compile(rf"(?:^|[\s/\"'`>])on(?:{_HANDLERS})\s*=\s*[\"'`\w(]", re.IGNORECASE | re.ASCII),
     "an event handler"),
)  # fmt: skip
_SPACES = r"[\x00-\x20]*"
_SCHEMES = "|".join(_SPACES.join(word) for word in ("javascript", "vbscript", "livescript"))
_ADDRESSES: Final = (
    # In prose a space follows the colon: "two languages of JavaScript: ...".
    re.compile(rf"(?:{_SCHEMES}){_SPACES}:(?=[^\s])", re.IGNORECASE),
    re.compile(rf"(?:=|\]\(|\]:|url\(|<)[\s\"'`]*(?:{_SCHEMES}){_SPACES}:", re.IGNORECASE),
    re.compile(r"data:\s*(?:text/html|application/xhtml\+xml|text/xml)", re.IGNORECASE),
)
_INVISIBLE = re.compile(r"\{\{[^{}]*\}\}|[\u00ad\u200b-\u200d\u2060\ufeff]")
_NAME = re.compile(r"\{\{char\}\}|<char>|<bot>", re.IGNORECASE | re.ASCII)


def active_markup(text: str, name: str = "") -> str | None:
    """What in the text would act, in words, or None; ``name`` is what ``{{char}}`` stands for."""
    for reading in _readings(text, name):
        if "<" in reading or "=" in reading:
            for pattern, kind in _ACTIVE:
                if pattern.search(reading):
                    return kind
        decoded = html.unescape(reading) if "&" in reading else reading
        if ":" in decoded and any(pattern.search(decoded) for pattern in _ADDRESSES):
            return "an address that runs a program"
    return None


def _readings(text: str, name: str) -> Iterator[str]:
    yield text
    if "{{" in text or not text.isascii():
        yield _INVISIBLE.sub("", text)
    if _NAME.search(text):
        yield _NAME.sub(lambda _: name, text)
