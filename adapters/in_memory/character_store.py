"""Published characters in memory."""

from collections.abc import Mapping, Sequence

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase
from domain.characters import CardFile, Character
from domain.errors import Conflict, NotFound


class InMemoryCharacterStore:
    """Characters with all their versions, which are only ever added."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def list(self, *, limit: int, after: str | None) -> Sequence[Character]:
        await self._database.round_trip()
        latest = [versions[-1] for versions in self._database.characters.values()]
        found = [evolve(one, card={}) for one in latest if after is None or one.id > after]
        return sorted(found, key=lambda character: character.id)[:limit]

    async def get(self, character_id: str, version: int | None = None) -> Character:
        await self._database.round_trip()
        for character in reversed(self._versions(character_id)):
            if version in {None, character.version}:
                return character
        raise NotFound("There is no such character.")

    async def list_versions(
        self, character_id: str, *, limit: int, before: int | None
    ) -> Sequence[Character]:
        await self._database.round_trip()
        versions = reversed(self._versions(character_id))
        found = [one for one in versions if before is None or one.version < before]
        return [evolve(one, card={}) for one in found[:limit]]

    async def publish(
        self,
        character: Character,
        contents: Mapping[str, bytes] | None = None,
        *,
        is_new: bool = False,
    ) -> Character:
        await self._database.round_trip()
        versions = self._versions(character.id)
        if versions and _has_contents(versions[-1], character):
            return versions[-1]
        if is_new and versions and not any(_has_contents(one, character) for one in versions):
            raise Conflict("There is a character with this id.")
        for digest, content in (contents or {}).items():
            self._database.character_files[(character.id, digest)] = bytes(content)
        published = evolve(character, version=len(versions) + 1)
        self._database.characters[character.id] = (*versions, published)
        return published

    async def is_known(self, character: Character) -> bool:
        await self._database.round_trip()
        return any(_has_contents(one, character) for one in self._versions(character.id))

    async def read_files(self, character_id: str, files: Sequence[CardFile]) -> Mapping[str, bytes]:
        await self._database.round_trip()
        kept = self._database.character_files
        try:
            return {file.name: kept[(character_id, file.digest)] for file in files}
        except KeyError:
            raise NotFound("The character has no such file.") from None

    def _versions(self, character_id: str) -> tuple[Character, ...]:
        return self._database.characters.get(character_id, ())


def _has_contents(published: Character, character: Character) -> bool:
    is_same = published == evolve(character, version=published.version)
    return is_same and _have_same_truths(published.card, character.card)


def _have_same_truths(one: object, other: object) -> bool:
    """Whether equal values are also equal as JSON, where ``true`` is not 1."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return all(_have_same_truths(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return all(_have_same_truths(*pair) for pair in zip(one, other, strict=True))
    return isinstance(one, bool) == isinstance(other, bool)
