"""Characters in an administrator's hands: in from cards of other programs, changed, and out."""

from typing import Final

from domain.errors import Conflict, InvalidRequest, NotFound, PayloadTooLarge
from entrypoints.card_files.limits import MAX_CARD, MAX_FILE
from entrypoints.http import admin_actions
from entrypoints.http.answers import JSON, Answer, answer
from entrypoints.http.card_downloads import CARD_FILES, card_file
from entrypoints.http.query_input import NoQuery, NumberedPageQuery, PageQuery
from entrypoints.http.routing import Access, Call, Keys, Rate, Routes, Upload
from entrypoints.http.schemas.characters import (
    Card,
    ExportQuery,
    ImportedCharacter,
    ImportQuery,
    ManagedCharacter,
    ManagedCharacterPage,
)
from entrypoints.http.uploads import FORM

routes = Routes("Administration: characters")
_CARD: Final = Upload(
    MAX_FILE, ("application/octet-stream", "image/png", "application/zip", JSON, FORM)
)
_REPLACEMENT: Final = Upload(MAX_CARD, (JSON, "application/octet-stream"))
_LOREBOOK: Final = Upload(MAX_CARD, (JSON, "application/octet-stream", FORM))
_REFUSES: Final = (InvalidRequest, PayloadTooLarge)


@routes.add(
    "GET",
    "/v1/admin/characters",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=PageQuery,
    answers=ManagedCharacterPage,
)
async def list_managed_characters(call: Call[None, PageQuery]) -> Answer:
    """All characters by id, each as its latest version."""
    page = await call.services.list_characters(limit=call.query.limit, cursor=call.query.cursor)
    shown = [ManagedCharacter.of(character) for character in page.items]
    return answer(ManagedCharacterPage(shown, page.next_cursor))


@routes.add(
    "POST",
    "/v1/admin/characters/import",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    upload=_CARD,
    query=ImportQuery,
    status=201,
    answers=ImportedCharacter,
    refuses=(*_REFUSES, Conflict),
)
async def import_character(call: Call[bytes, ImportQuery]) -> Answer:
    """Take in a character card.

    The body is the card's file: JSON, PNG, APNG or CHARX, of Character Card V1, V2 or V3. The id
    is the card's own (`data.extensions.companion.id`), otherwise `id`, otherwise made of the name.
    A character that exists gets a new version; the same card again changes nothing.
    """
    imported = await admin_actions.import_card(call, call.body, call.query.id)
    bundle = imported.bundle
    shown = ImportedCharacter.of_file(imported.character, bundle.form, bundle.container)
    return answer(shown, 201)


@routes.add(
    "PUT",
    "/v1/admin/characters/<character_id>",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    upload=_REPLACEMENT,
    answers=ManagedCharacter,
    refuses=_REFUSES,
)
async def replace_card(call: Call[bytes, NoQuery], character_id: str) -> Answer:
    """Give a character another card, as its next version; its pictures and files stay."""
    character = await admin_actions.replace_card(call, character_id, call.body)
    return answer(ManagedCharacter.of(character))


@routes.add(
    "POST",
    "/v1/admin/characters/<character_id>/lorebook",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    upload=_LOREBOOK,
    answers=ManagedCharacter,
    refuses=_REFUSES,
)
async def import_lorebook(call: Call[bytes, NoQuery], character_id: str) -> Answer:
    """Give a character a lorebook that came alone, in place of the one it has.

    The body is a lorebook of V3, world info of SillyTavern, a memory book of Agnai, or a card that
    has a lorebook.
    """
    character = await admin_actions.import_lorebook(call, character_id, call.body)
    return answer(ManagedCharacter.of(character))


@routes.add(
    "GET",
    "/v1/admin/characters/<character_id>/versions",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=NumberedPageQuery,
    answers=ManagedCharacterPage,
    refuses=(NotFound,),
)
async def list_versions(call: Call[None, NumberedPageQuery], character_id: str) -> Answer:
    """All versions of a character, newest first."""
    page = await call.services.list_versions(
        character_id, limit=call.query.limit, cursor=call.query.cursor
    )
    shown = [ManagedCharacter.of(character) for character in page.items]
    return answer(ManagedCharacterPage(shown, page.next_cursor))


@routes.add(
    "GET",
    "/v1/admin/characters/<character_id>/export",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=ExportQuery,
    answers=Card,
    files=CARD_FILES,
    refuses=(NotFound,),
)
async def export_character(call: Call[None, ExportQuery], character_id: str) -> Answer:
    """A character as a file for other programs, also as an earlier version."""
    version = int(call.query.version) if call.query.version else None
    return await card_file(call, character_id, call.query.format, version)
