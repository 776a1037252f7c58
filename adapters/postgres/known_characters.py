"""Characters that this process has read before.

A version of a character never changes and its card may be long, so a turn tells PostgreSQL which
ones are known here, and is given only those that are not.
"""

from collections.abc import Mapping

from attrs import Factory, frozen

from adapters.postgres import codec
from domain.characters import Character

_MOST = 100
_MOST_BYTES = 32 * 1024 * 1024
"""Of documents; the values made of them take some times as much."""


@frozen
class KnownCharacters:
    """Versions by their keys, ``id:version`` as PostgreSQL writes it; a new one makes a new value.

    So what was not sent because it was known when the question was asked, is known still when
    the answer comes.
    """

    by_key: Mapping[bytes, Character] = Factory(dict)
    listed: bytes = b"\n"
    """The keys, each with a line feed before and after it."""
    sizes: Mapping[bytes, int] = Factory(dict)

    def with_new(self, key: bytes, document: bytes) -> "KnownCharacters":
        """These and the character of ``document``, without the first ones if it is too much."""
        latest = {**self.by_key, key: codec.character(document)}
        sizes = {**self.sizes, key: len(document)}
        while len(latest) > _MOST or (len(latest) > 1 and sum(sizes.values()) > _MOST_BYTES):
            oldest = next(iter(latest))
            del latest[oldest], sizes[oldest]
        return KnownCharacters(latest, b"\n" + b"".join(one + b"\n" for one in latest), sizes)
