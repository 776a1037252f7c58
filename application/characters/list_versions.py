"""All that a character has been."""

from application.pages import Page, number_cursor, page_of
from application.ports.character_store import CharacterStore
from domain.characters import Character
from domain.errors import NotFound


class ListVersions:
    """Reads the versions of a character, newest first, without their cards."""

    def __init__(self, characters: CharacterStore) -> None:
        self._characters = characters

    async def __call__(
        self, character_id: str, *, limit: int, cursor: str | None
    ) -> Page[Character]:
        """One page, from below the version ``cursor`` on; raises ``NotFound``."""
        before = number_cursor(cursor)
        found = await self._characters.list_versions(character_id, limit=limit + 1, before=before)
        if not found and before is None:
            raise NotFound("There is no such character.")
        return page_of(found, limit, lambda character: str(character.version))
