"""The public catalogue."""

from application.pages import Page, page_of
from application.ports.character_store import CharacterStore
from domain.characters import Character


class ListCharacters:
    """Reads the published characters, by id."""

    def __init__(self, characters: CharacterStore) -> None:
        self._characters = characters

    async def __call__(self, *, limit: int, cursor: str | None) -> Page[Character]:
        """One page, from behind ``cursor`` on."""
        found = await self._characters.list(limit=limit + 1, after=cursor)
        return page_of(found, limit, lambda character: character.id)
