"""One character of the catalogue."""

from application.ports.character_store import CharacterStore
from domain.characters import Character


class GetCharacter:
    """Looks a published character up."""

    def __init__(self, characters: CharacterStore) -> None:
        self._characters = characters

    async def __call__(self, character_id: str) -> Character:
        """Its latest version; raises ``NotFound``."""
        return await self._characters.get(character_id)
