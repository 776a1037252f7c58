"""Give a character another card."""

from collections.abc import Mapping
from typing import Any

from attrs import Factory, evolve, frozen

from application.characters.card_contents import card_contents
from application.ports.character_store import CharacterStore
from domain.cards.character import COMPANION, card_id, character_from_card
from domain.characters import Character
from domain.errors import InvalidRequest


@frozen
class ReplaceCardCommand:
    """A checked Character Card V3 for the character ``character_id``, and files that it brings."""

    character_id: str
    card: Mapping[str, Any]
    files: Mapping[str, bytes] = Factory(dict)
    media_types: Mapping[str, str] = Factory(dict)


class ReplaceCard:
    """Publishes the next version; files that the character has stay with it."""

    def __init__(self, characters: CharacterStore) -> None:
        self._characters = characters

    async def __call__(self, command: ReplaceCardCommand) -> Character:
        """The character as published; raises ``NotFound`` and ``InvalidRequest``."""
        current = await self._characters.get(command.character_id)
        own = card_id(command.card)
        if own not in (None, current.id):
            raise InvalidRequest(
                "The card has the id of another character.", param=f"{COMPANION}.id"
            )
        contents = card_contents(command.files, command.media_types)
        files = {file.name: file for file in (*current.files, *contents.files)}
        character = character_from_card(
            command.card, character_id=current.id, files=tuple(files.values())
        )
        return await self._characters.publish(
            evolve(character, avatar_url=current.avatar_url), contents.by_digest
        )
