"""Published characters, all their versions, and the files of their cards."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.characters import CardFile, Character


class CharacterStore(Protocol):
    """Characters; a published version never changes."""

    async def list(self, *, limit: int, after: str | None) -> Sequence[Character]:
        """The latest version of each published character, by id, from behind ``after`` on.

        Their ``card`` is left empty: cards are long, and lists are read often.
        """
        ...

    async def get(self, character_id: str, version: int | None = None) -> Character:
        """One version, or the latest published one; raises ``NotFound``."""
        ...

    async def list_versions(
        self, character_id: str, *, limit: int, before: int | None
    ) -> Sequence[Character]:
        """All versions, newest first, from below ``before`` on, their ``card`` left empty.

        Empty when there is no such character.
        """
        ...

    async def publish(
        self,
        character: Character,
        contents: Mapping[str, bytes] | None = None,
        *,
        is_new: bool = False,
    ) -> Character:
        """Make this the published version; its ``version`` is chosen here.

        The same contents as the latest version publish nothing new: that version is returned.
        ``contents`` are the bytes of its files by their digests; what the store has already of
        this character may be left out.

        With ``is_new`` the id must be free: raises ``Conflict`` when there is such a character
        and none of its versions had these contents.
        """
        ...

    async def is_known(self, character: Character) -> bool:
        """Whether some version, the latest or an earlier one, has these contents."""
        ...

    async def read_files(self, character_id: str, files: Sequence[CardFile]) -> Mapping[str, bytes]:
        """The bytes of these files by their names; raises ``NotFound`` if one is not there."""
        ...
