"""Take in a character from a card that another program wrote."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import Factory, frozen

from application.characters.card_contents import CardContents, card_contents
from application.ports.character_store import CharacterStore
from domain.cards.character import card_id, character_from_card
from domain.cards.slugs import namesake, slug_of
from domain.characters import CardFile, Character
from domain.errors import Conflict, NotFound

_MOST_NAMESAKES = 100


@frozen
class ImportCharacterCommand:
    """A checked Character Card V3 and its files by name, with the media type of each.

    ``character_id`` is for cards that bring no id of their own. ``keeps_files``: the card came in
    a form that has no room for files, so that those which the character has stay with it.
    """

    card: Mapping[str, Any]
    files: Mapping[str, bytes] = Factory(dict)
    media_types: Mapping[str, str] = Factory(dict)
    character_id: str | None = None
    keeps_files: bool = False


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
            character = await self._character(command, contents, wanted)
            return await self._characters.publish(character, contents.by_digest)
        for candidate in _candidates(command.card):
            character = await self._character(command, contents, candidate)
            try:
                return await self._characters.publish(character, contents.by_digest, is_new=True)
            except Conflict:
                continue
        raise Conflict("Too many characters have this name; choose an id.")

    async def _character(
        self, command: ImportCharacterCommand, contents: CardContents, character_id: str
    ) -> Character:
        files: dict[str, CardFile] = {}
        if command.keeps_files:
            files = {file.name: file for file in await self._files(character_id)}
        files.update((file.name, file) for file in contents.files)
        return character_from_card(
            command.card, character_id=character_id, files=tuple(files.values())
        )

    async def _files(self, character_id: str) -> tuple[CardFile, ...]:
        try:
            return (await self._characters.get(character_id)).files
        except NotFound:
            return ()


def _candidates(card: Mapping[str, Any]) -> Iterator[str]:
    slug = slug_of(str(card["data"]["name"]))
    return (namesake(slug, number) for number in range(1, _MOST_NAMESAKES + 1))
