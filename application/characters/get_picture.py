"""The picture of a character."""

from collections.abc import Callable

from attrs import frozen

from application.ports.character_store import CharacterStore
from domain.characters import CardFile
from domain.errors import NotFound


@frozen
class Picture:
    """A picture; ``content`` is None for those who have it already."""

    file: CardFile
    content: bytes | None


class GetPicture:
    """Looks the main picture of a published character up."""

    def __init__(self, characters: CharacterStore) -> None:
        self._characters = characters

    async def __call__(self, character_id: str, is_known: Callable[[str], bool]) -> Picture:
        """The picture of its latest version; raises ``NotFound``.

        ``is_known`` tells by the digest whether the caller has it already.
        """
        character = await self._characters.get(character_id)
        if character.picture is None:
            raise NotFound("The character has no picture of its own.")
        file = character.file(character.picture)
        if is_known(file.digest):
            return Picture(file, None)
        contents = await self._characters.read_files(character_id, [file])
        return Picture(file, contents[file.name])
