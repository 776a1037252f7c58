"""Published characters in memory."""

from collections.abc import Sequence

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase
from domain.characters import Character
from domain.errors import NotFound


class InMemoryCharacterStore:
    """Characters with all their versions, which are only ever added."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def list(self, *, limit: int, after: str | None) -> Sequence[Character]:
        await self._database.round_trip()
        latest = [versions[-1] for versions in self._database.characters.values()]
        found = [one for one in latest if after is None or one.id > after]
        return sorted(found, key=lambda character: character.id)[:limit]

    async def get(self, character_id: str, version: int | None = None) -> Character:
        await self._database.round_trip()
        versions = self._database.characters.get(character_id, ())
        for character in reversed(versions):
            if version in {None, character.version}:
                return character
        raise NotFound("There is no such character.")

    async def publish(self, character: Character) -> Character:
        await self._database.round_trip()
        versions = self._database.characters.get(character.id, ())
        if versions and versions[-1] == evolve(character, version=versions[-1].version):
            return versions[-1]
        published = evolve(character, version=len(versions) + 1)
        self._database.characters[character.id] = (*versions, published)
        return published
