"""From a file's bytes to a card that can be published."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from domain.cards.character import character_from_card
from domain.cards.check import check_book, check_card
from domain.cards.forms import card_form, to_v3
from domain.cards.lorebooks import lorebook_from
from domain.cards.pictures import OWN_PICTURE, main_picture, main_picture_address
from domain.errors import InvalidRequest, PayloadTooLarge
from entrypoints.card_files.bundle import CardBundle, CardContainer
from entrypoints.card_files.charx import is_archive, read_charx
from entrypoints.card_files.images import (
    ENDINGS,
    JPEG_SIGNATURE,
    PNG_SIGNATURE,
    check_sides,
    media_type_of,
)
from entrypoints.card_files.json_text import read_json
from entrypoints.card_files.limits import MAX_FILE
from entrypoints.card_files.paths import checked_path
from entrypoints.card_files.patterns import check_patterns
from entrypoints.card_files.png import read_png

_ANY_ID: Final = "any"
_DATA_ADDRESS = "data:image/"


def read_card(raw: bytes) -> CardBundle:
    """The card in a file of any kind that we know.

    Raises ``PayloadTooLarge`` and ``InvalidRequest``.
    """
    if len(raw) > MAX_FILE:
        raise PayloadTooLarge(f"A card's file has at most {MAX_FILE} bytes.")
    if raw.startswith(PNG_SIGNATURE):
        return _from_png(raw)
    if not _looks_like_json(raw) and is_archive(raw):
        return _from_charx(raw)
    if media_type_of(raw) in ENDINGS:
        raise InvalidRequest("This picture holds no character card.")
    return _bundle(read_json(raw), {}, "json")


def read_v3(raw: bytes) -> CardBundle:
    """A card that is JSON, without any files."""
    return _bundle(read_json(raw), {}, "json")


def read_lorebook(raw: bytes) -> dict[str, Any]:
    """The lorebook in a JSON file, or in a card of any kind that has one."""
    if raw.startswith(PNG_SIGNATURE) or (not _looks_like_json(raw) and is_archive(raw)):
        document: Mapping[str, Any] = read_card(raw).card
    else:
        document = read_json(raw)
    book = lorebook_from(document)
    check_book(book)
    check_patterns({"data": {"character_book": book}})
    return book


def _from_png(raw: bytes) -> CardBundle:
    found = read_png(raw)
    files = dict(found.assets)
    if found.picture is not None:
        name = found.picture_name or _own_name(found.picture)
        files[checked_path(name, files)] = found.picture
    return _bundle(read_json(found.card), files, "png")


def _from_charx(raw: bytes) -> CardBundle:
    found = read_charx(raw)
    document = read_json(found.card)
    files = dict(found.files)
    images = [name for name, content in files.items() if media_type_of(content) in ENDINGS]
    is_picture = found.prefix.startswith(JPEG_SIGNATURE)
    if is_picture and main_picture(document, images) is None:
        files[checked_path(_own_name(found.prefix), files)] = found.prefix
    return _bundle(document, files, "charx")


def _bundle(
    document: Mapping[str, Any], files: dict[str, bytes], container: CardContainer
) -> CardBundle:
    form = card_form(document)
    card = to_v3(document)
    check_card(card)
    # Raises for what the check does not look at.
    character_from_card(card, character_id=_ANY_ID)
    check_patterns(card)
    images = [name for name, content in files.items() if media_type_of(content) in ENDINGS]
    if main_picture(card, images) is None:
        files = {**_picture_in(card), **files}
    for content in files.values():
        check_sides(content)
    return CardBundle(card, files, form, container)


def _picture_in(card: Mapping[str, Any]) -> dict[str, bytes]:
    """The main icon, if the card has it inside of its address."""
    address = main_picture_address(card) or ""
    head, _, encoded = address.partition(",")
    if not head.startswith(_DATA_ADDRESS) or not head.endswith(";base64"):
        return {}
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest("The main icon is not in base64.", param="data.assets") from None
    return {_own_name(content): content} if media_type_of(content) in ENDINGS else {}


def _own_name(picture: bytes) -> str:
    return f"{OWN_PICTURE}.{ENDINGS[media_type_of(picture)]}"


def _looks_like_json(raw: bytes) -> bool:
    return raw[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}
