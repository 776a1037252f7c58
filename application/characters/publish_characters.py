"""Put characters into the catalogue."""

from collections.abc import Sequence

from application.ports.character_store import CharacterStore
from domain.characters import Character


class PublishCharacters:
    """Publishes each character that is new or changed as its next version."""

    def __init__(self, characters: CharacterStore) -> None:
        self._characters = characters

    async def __call__(self, characters: Sequence[Character]) -> Sequence[Character]:
        """The characters as published; sessions that began before keep their version."""
        return [await self._characters.publish(character) for character in characters]
