"""Give a character a lorebook that came alone."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from application.ports.character_store import CharacterStore
from domain.cards.character import character_from_card
from domain.characters import Character


class ImportLorebook:
    """Publishes a version of a character with this lorebook in place of the one it had."""

    def __init__(self, characters: CharacterStore) -> None:
        self._characters = characters

    async def __call__(self, character_id: str, book: Mapping[str, Any]) -> Character:
        """The character as published; ``book`` is a checked lorebook of V3. Raises ``NotFound``."""
        current = await self._characters.get(character_id)
        data = {**current.card["data"], "character_book": book}
        character = character_from_card(
            {**current.card, "data": data}, character_id=current.id, files=current.files
        )
        return await self._characters.publish(evolve(character, avatar_url=current.avatar_url))
