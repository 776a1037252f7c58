"""Take in a character from a card that another program wrote."""

from collections.abc import Mapping
from typing import Any

from attrs import Factory, frozen

from application.characters.card_contents import card_contents
from application.ports.character_store import CharacterStore
from domain.cards.character import card_id, character_from_card
from domain.cards.slugs import namesake, slug_of
from domain.characters import Character
from domain.errors import Conflict

_MOST_NAMESAKES = 100


@frozen
class ImportCharacterCommand:
    """A checked Character Card V3 and its files by name, with the media type of each.

    ``character_id`` is for cards that bring no id of their own.
    """

    card: Mapping[str, Any]
    files: Mapping[str, bytes] = Factory(dict)
    media_types: Mapping[str, str] = Factory(dict)
    character_id: str | None = None


class ImportCharacter:
    """Publishes a card under the id that it has, that was asked for, or that its name gives.

    A card with an id is the next version of the character with that id. One without is a
    character of its own: where another has its name, it gets a number, unless its contents are
    those of that character, now or in an earlier version.
    """

    def __init__(self, characters: CharacterStore) -> None:
        self._characters = characters

    async def __call__(self, command: ImportCharacterCommand) -> Character:
        """The character as published; raises ``InvalidRequest`` and ``Conflict``."""
        contents = card_contents(command.files, command.media_types)
        wanted = card_id(command.card) or command.character_id
        if wanted is not None:
            character = character_from_card(command.card, character_id=wanted, files=contents.files)
            return await self._characters.publish(character, contents.by_digest)
        slug = slug_of(str(command.card["data"]["name"]))
        for number in range(1, _MOST_NAMESAKES + 1):
            character = character_from_card(
                command.card, character_id=namesake(slug, number), files=contents.files
            )
            try:
                return await self._characters.publish(character, contents.by_digest, is_new=True)
            except Conflict:
                continue
        raise Conflict("Too many characters have this name; choose an id.")
