"""Ids of characters: short names that are safe in addresses and file names."""

import hashlib
import re
import unicodedata

from domain.errors import InvalidRequest

MAX_SLUG = 64
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_NAME_CHARACTERS = 48
"""Leaves room for the number of a namesake."""
_RESERVED = frozenset({"import"})
"""What the routes beside the characters are called."""


def checked_slug(value: object, param: str) -> str:
    """The value, if it may be a character's id; raises ``InvalidRequest``."""
    is_slug = isinstance(value, str) and len(value) <= MAX_SLUG and _SLUG.fullmatch(value)
    if not isinstance(value, str) or not is_slug or value in _RESERVED:
        message = (
            f"An id has 1 to {MAX_SLUG} lower-case letters, digits, hyphens or underscores, "
            "the first a letter or digit."
        )
        raise InvalidRequest(message, param=param)
    return value


def slug_of(name: str) -> str:
    """An id made from a name, the same for the same name.

    Letters lose their accents. Of a name in another script no letter is left, so that it gets a
    number of its own.
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    slug = _SEPARATORS.sub("-", plain).strip("-")[:_NAME_CHARACTERS].rstrip("-")
    if not slug or slug in _RESERVED:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return f"character-{digest[:8]}"
    return slug


def namesake(slug: str, number: int) -> str:
    """The id of the ``number``-th character of one name, counted from 1."""
    return slug if number == 1 else f"{slug}-{number}"
