"""Take a character with all its files to another program."""

from collections.abc import Mapping

from attrs import frozen

from application.ports.character_store import CharacterStore
from domain.characters import Character


@frozen
class CharacterExport:
    """A character, its card in it, and its files by name, none if they were not asked for."""

    character: Character
    files: Mapping[str, bytes]


class ExportCharacter:
    """Reads a version with all that belongs to it."""

    def __init__(self, characters: CharacterStore) -> None:
        self._characters = characters

    async def __call__(
        self, character_id: str, version: int | None = None, *, with_files: bool = True
    ) -> CharacterExport:
        """This version, or the latest; raises ``NotFound``."""
        character = await self._characters.get(character_id, version)
        if not (with_files and character.files):
            return CharacterExport(character, {})
        files = await self._characters.read_files(character.id, character.files)
        return CharacterExport(character, files)
