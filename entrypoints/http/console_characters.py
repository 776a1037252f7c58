"""Characters on the console: read, edited with a preview, published, in from files and out."""

from typing import Any, Final

from domain.accounts import Tier
from domain.characters import Character, Rating
from domain.errors import InvalidRequest, NotFound
from entrypoints.card_files.limits import MAX_CARD, MAX_FILE
from entrypoints.http import admin_actions
from entrypoints.http.answers import Answer
from entrypoints.http.card_downloads import card_file
from entrypoints.http.console import DonePageQuery, action, page, redirect, shown
from entrypoints.http.console_cards import FIELDS, edited_card, encoded, filled_in, preview_of
from entrypoints.http.forms import Form
from entrypoints.http.query_input import NoQuery, NumberedPageQuery
from entrypoints.http.routing import Call, Routes
from entrypoints.http.schemas.characters import ExportQuery, ManagedCharacter

routes = Routes("Console: characters")

_LIMIT: Final = MAX_CARD + 64 * 1024
"""Of a form with a card: what it has beside the card's own texts is small."""


class VersionQuery(NumberedPageQuery, frozen=True):
    """Which part of the versions, and what has just been done."""

    done: str = ""


@page(routes, "/admin/characters", DonePageQuery)
async def get_console_characters(call: Call[None, DonePageQuery]) -> Answer:
    """All characters, each as its latest version, and a place for a card's file."""
    found = await call.services.list_characters(limit=call.query.limit, cursor=call.query.cursor)
    return shown(
        call,
        "characters.html",
        characters=[ManagedCharacter.of(one) for one in found.items],
        next_cursor=found.next_cursor,
        most_bytes=MAX_FILE,
    )


@action(routes, "/admin/characters/import", limit=MAX_FILE + 64 * 1024)
async def import_console_character(call: Call[Form, NoQuery]) -> Answer:
    """Take in a character card's file."""
    if not call.body.file:
        raise InvalidRequest("Choose a card's file.", param="file")
    wanted = call.body.text("id") or None
    imported = await admin_actions.import_card(call, call.body.file, wanted)
    return redirect(f"/admin/characters/{imported.character.id}", "imported")


@page(routes, "/admin/characters/<character_id>", VersionQuery)
async def get_console_character(call: Call[None, VersionQuery], character_id: str) -> Answer:
    """A character with its card in a form, and its versions."""
    character = await call.services.get_character(character_id)
    return await _editor(call, character, filled_in(character.card))


@action(routes, "/admin/characters/<character_id>", limit=_LIMIT)
async def edit_console_character(call: Call[Form, NoQuery], character_id: str) -> Answer:
    """Publish the card with what was filled in, as the next version."""
    current = await call.services.get_character(character_id)
    try:
        card = edited_card(current.card, call.body)
        published = await admin_actions.replace_card(call, current.id, encoded(card))
    except InvalidRequest as refused:
        return await _editor(call, current, _typed(call.body), refused)
    return _published(current, published)


@action(routes, "/admin/characters/<character_id>/preview", limit=_LIMIT)
async def preview_console_character(call: Call[Form, NoQuery], character_id: str) -> Answer:
    """Show what would be published, and publish nothing."""
    current = await call.services.get_character(character_id)
    try:
        card = edited_card(current.card, call.body)
        preview = preview_of(card, current)
    except InvalidRequest as refused:
        return await _editor(call, current, _typed(call.body), refused)
    return await _editor(call, current, _typed(call.body), preview=preview)


@action(routes, "/admin/characters/<character_id>/card", limit=_LIMIT)
async def replace_console_card(call: Call[Form, NoQuery], character_id: str) -> Answer:
    """Publish a whole card, written as JSON."""
    current = await call.services.get_character(character_id)
    raw = call.body.lines("card")
    try:
        published = await admin_actions.replace_card(call, current.id, raw.encode())
    except InvalidRequest as refused:
        return await _editor(call, current, filled_in(current.card), refused, raw=raw)
    return _published(current, published)


@action(routes, "/admin/characters/<character_id>/versions/<version>/publish")
async def publish_console_version(
    call: Call[Form, NoQuery], character_id: str, version: str
) -> Answer:
    """Publish the card of an earlier version once more, as the next one."""
    if not (version.isascii() and version.isdigit() and len(version) < 10):  # noqa: PLR2004 - 32 bits
        raise NotFound("There is no such version.")
    found = await call.services.export_character(character_id, int(version), with_files=False)
    current = await call.services.get_character(character_id)
    raw = encoded(found.character.card)
    published = await admin_actions.replace_card(call, current.id, raw, "character.publish")
    return _published(current, published)


@page(routes, "/admin/characters/<character_id>/export", ExportQuery)
async def export_console_character(call: Call[None, ExportQuery], character_id: str) -> Answer:
    """A character's card as a file."""
    version = int(call.query.version) if call.query.version else None
    return await card_file(call, character_id, call.query.format, version)


def _published(before: Character, after: Character) -> Answer:
    done = "same" if before.version == after.version else "published"
    return redirect(f"/admin/characters/{after.id}", done)


def _typed(form: Form) -> dict[str, str]:
    return {field.name: form.lines(field.name) for field in FIELDS}


async def _editor(
    call: Call[Any, Any],
    character: Character,
    values: dict[str, str],
    refused: InvalidRequest | None = None,
    *,
    preview: object = None,
    raw: str | None = None,
) -> Answer:
    cursor = getattr(call.query, "cursor", None)
    versions = await call.services.list_versions(character.id, limit=10, cursor=cursor)
    return shown(
        call,
        "character.html",
        code=422 if refused else 200,
        character=ManagedCharacter.of(character),
        fields=FIELDS,
        values=values,
        tiers=list(Tier),
        ratings=list(Rating),
        card=raw if raw is not None else encoded(character.card, indent=2).decode(),
        has_raw=raw is not None,
        preview=preview,
        problem=refused,
        versions=[ManagedCharacter.of(one) for one in versions.items],
        next_cursor=versions.next_cursor,
    )
