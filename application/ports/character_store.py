"""Published characters and all their versions."""

from collections.abc import Sequence
from typing import Protocol

from domain.characters import Character


class CharacterStore(Protocol):
    """Characters; a published version never changes."""

    async def list(self, *, limit: int, after: str | None) -> Sequence[Character]:
        """The latest version of each published character, by id, from behind ``after`` on."""
        ...

    async def get(self, character_id: str, version: int | None = None) -> Character:
        """One version, or the latest published one; raises ``NotFound``."""
        ...

    async def publish(self, character: Character) -> Character:
        """Make this the published version; its ``version`` is chosen here.

        The same contents as the latest version publish nothing new: that version is returned.
        """
        ...
