"""Vectors from the words of a text: the more words two texts share, the nearer they are."""

import hashlib
import math
import re
from collections.abc import Sequence

_DIMENSIONS = 256  # the bits of a SHA-256: each is one coordinate of a word's vector
_WORD = re.compile(r"\w+")
_ENDING = re.compile(r"(?<=\w{3})(ies|ing|ed|es|s|y|e)$")
_TELL_NOTHING = frozenset(
    _WORD.findall(
        "a about am an and are as at be been but by can did do does for from had has have he her "
        "his i in is it its me my of on or our she so that the their them they this to was we were "
        "what when where who why will with would you your"
    )
)


class InMemoryEmbedder:
    """Deterministic, over processes too. It knows words, but nothing of what they mean."""

    @property
    def model(self) -> str:
        return "in-memory-256"

    @property
    def dimensions(self) -> int:
        return _DIMENSIONS

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [_embed(text) for text in texts]


def _embed(text: str) -> list[float]:
    words = _WORD.findall(text.casefold())
    telling = [word for word in words if word not in _TELL_NOTHING] or words or [""]
    total = [0] * _DIMENSIONS
    for stem in sorted({_ENDING.sub("", word) for word in telling}):
        bits = int.from_bytes(hashlib.sha256(stem.encode(errors="replace")).digest())
        for index in range(_DIMENSIONS):
            total[index] += 1 if bits >> index & 1 else -1
    length = math.hypot(*total)
    if length == 0:  # words that cancel each other out exactly
        total[0], length = 1, 1.0
    return [value / length for value in total]
