"""From a card and its files to a file that other programs read, and that we read back equal."""

import hashlib
import struct
import zlib
from collections.abc import Mapping
from typing import Any, Final, Literal

from attrs import frozen

from domain.cards.forms import to_v2
from entrypoints.card_files.charx import write_charx
from entrypoints.card_files.images import APNG, PNG, PNG_SIGNATURE, media_type_of
from entrypoints.card_files.json_text import write_json
from entrypoints.card_files.png import (
    V2_KEYWORD,
    V3_KEYWORD,
    png_chunk,
    without_card,
    write_png,
)

Format = Literal["json", "png", "charx"]
MEDIA_TYPES: Final[Mapping[Format, str]] = {
    "json": "application/json",
    "png": "image/png",
    "charx": "application/zip",
}
_WIDTH, _HEIGHT = 256, 384
_TRUE_COLOUR = 2


@frozen
class CardFileOut:
    """A file ready to be sent: its bytes, its media type and what to call it."""

    content: bytes
    media_type: str
    name: str


def write_card(
    format_: Format,
    card: Mapping[str, Any],
    files: Mapping[str, bytes],
    *,
    name: str,
    picture: str | None,
) -> CardFileOut:
    """The card as a file; ``picture`` names the one of ``files`` that shows the character."""
    if format_ == "json":
        content = write_json(card)
    elif format_ == "charx":
        content = write_charx(write_json(card), files)
    else:
        content = _png(card, files, picture)
    return CardFileOut(content, MEDIA_TYPES[format_], f"{name}.{format_}")


def _png(card: Mapping[str, Any], files: Mapping[str, bytes], picture: str | None) -> bytes:
    rest = dict(files)
    canvas, name = stand_in(str(card["data"]["name"])), ""
    if picture is not None and media_type_of(files[picture]) in {PNG, APNG}:
        canvas = without_card(files[picture])
        # A picture with another card in it would not come back as it was.
        if canvas == files[picture]:
            name = picture
            del rest[picture]
    cards = {V2_KEYWORD: write_json(to_v2(card)), V3_KEYWORD: write_json(card)}
    return write_png(canvas, cards, picture_name=name, assets=rest)


def stand_in(name: str) -> bytes:
    """A picture for a card without one: two colours that follow from the name, flowing over."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    top = [64 + value // 2 for value in digest[:3]]
    bottom = [24 + value // 3 for value in digest[3:6]]
    rows = bytearray()
    for row in range(_HEIGHT):
        share = row / (_HEIGHT - 1)
        colour = bytes(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
        rows += b"\0" + colour * _WIDTH
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, _TRUE_COLOUR, 0, 0, 0)
    return b"".join(
        (
            PNG_SIGNATURE,
            png_chunk(b"IHDR", header),
            png_chunk(b"IDAT", zlib.compress(bytes(rows), 9)),
            png_chunk(b"IEND", b""),
        )
    )
