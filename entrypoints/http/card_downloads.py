"""Cards on their way out, as files."""

from typing import Any, Final

from entrypoints.card_files.writing import MEDIA_TYPES, Format, write_card
from entrypoints.http.answers import JSON, Answer
from entrypoints.http.routing import Call

CARD_FILES: Final = tuple(media for media in MEDIA_TYPES.values() if media != JSON)
"""The media types that a card may have beside JSON."""


async def card_file(
    call: Call[Any, Any], character_id: str, format_: Format, version: int | None = None
) -> Answer:
    """The character's card as a file to be saved; raises ``NotFound`` and ``Unavailable``."""
    if format_ == "json":
        found = await call.services.export_character(character_id, version, with_files=False)
        file = write_card(format_, found.character.card, {}, name=found.character.id, picture=None)
    else:
        async with call.services.workbench.place():
            found = await call.services.export_character(character_id, version)
            file = await call.services.workbench.do(
                write_card,
                format_,
                found.character.card,
                found.files,
                name=found.character.id,
                picture=found.character.picture,
            )
    disposition = f'attachment; filename="{file.name}"'
    return Answer(
        file.content, headers={"Content-Disposition": disposition}, content_type=file.media_type
    )
