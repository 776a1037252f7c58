"""Put the characters that ship with the product into the catalogue."""

from collections.abc import Sequence

from application.ports.character_store import CharacterStore
from domain.characters import Character


class PublishCharacters:
    """Publishes each character that is new as its next version.

    One that was published before, as the latest version or an earlier one, stays as it is now: an
    administrator may have changed it since.
    """

    def __init__(self, characters: CharacterStore) -> None:
        self._characters = characters

    async def __call__(self, characters: Sequence[Character]) -> Sequence[Character]:
        """The characters as they are now; sessions that began before keep their version."""
        return [await self._published(character) for character in characters]

    async def _published(self, character: Character) -> Character:
        if await self._characters.is_known(character):
            return await self._characters.get(character.id)
        return await self._characters.publish(character)
