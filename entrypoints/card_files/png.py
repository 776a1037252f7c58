"""PNG and APNG: cards hide in their text chunks.

Read and written chunk by chunk; the picture itself is neither decoded nor changed. Beside the card
(``ccv3``, and ``chara`` for V2) there may be assets (``chara-ext-asset_:<path>``), and where this
product writes a picture, ``companion-picture`` says under which name it belongs to the card: an
empty name is a stand-in for cards without a picture.
"""

import base64
import binascii
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import frozen

from domain.errors import InvalidRequest
from entrypoints.card_files.images import PNG_SIGNATURE, check_sides
from entrypoints.card_files.inflating import inflate
from entrypoints.card_files.limits import MAX_CARD, MAX_CHUNKS, MAX_MEMBERS, MAX_UNPACKED
from entrypoints.card_files.paths import CARD_NAME, checked_path

V3_KEYWORD: Final = "ccv3"
V2_KEYWORD: Final = "chara"
_ASSET = "chara-ext-asset_:"
_PICTURE = "companion-picture"
_HEADER = b"IHDR"
_END = b"IEND"
_TEXT = b"tEXt"
_COMPRESSED = b"zTXt"
_INTERNATIONAL = b"iTXt"
_LONGEST_KEYWORD = 1_000
_HEADER_LENGTH = 13
# A card in base64, with line breaks.
_MAX_ENCODED = MAX_CARD * 3 // 2
_BASE64_EXTRAS = bytes.maketrans(b"-_", b"+/")


@frozen
class Chunk:
    """One chunk: its type, its data, and all its bytes with length and checksum."""

    kind: bytes
    data: bytes
    whole: bytes


@frozen
class PngCard:
    """What a PNG with a card in it holds."""

    card: bytes
    """The card's JSON."""
    picture: bytes | None
    """The PNG without the card, None if there is none to keep."""
    picture_name: str | None
    """Where the picture belongs, if this product wrote the file."""
    assets: Mapping[str, bytes]


def read_png(raw: bytes) -> PngCard:
    """The card in a PNG; raises ``InvalidRequest`` for what is broken or holds none."""
    check_sides(raw)
    cards: dict[str, bytes] = {}
    assets: dict[str, bytes] = {}
    kept: list[bytes] = [PNG_SIGNATURE]
    picture_name: str | None = None
    has_picture, room = False, MAX_UNPACKED
    for chunk in _chunks(raw):
        has_picture = has_picture or chunk.kind == b"IDAT"
        keyword = _keyword(chunk)
        name = keyword.lower()
        if name in {V2_KEYWORD, V3_KEYWORD}:
            # Others read the first one as well.
            if name not in cards:
                cards[name] = _text(chunk, keyword)
        elif keyword.startswith(_ASSET):
            path = checked_path(keyword.removeprefix(_ASSET), {CARD_NAME, *assets})
            assets[path] = _decoded(_text(chunk, keyword))
            room -= len(assets[path])
            if room < 0 or len(assets) > MAX_MEMBERS:
                raise InvalidRequest("The card's assets are too many or too large.")
        elif keyword == _PICTURE:
            encoded = _decoded(_text(chunk, keyword)).decode("utf-8", "replace")
            picture_name = checked_path(encoded, {CARD_NAME}) if encoded else ""
        else:
            kept.append(chunk.whole)
    encoded_card = cards.get(V3_KEYWORD, cards.get(V2_KEYWORD))
    if encoded_card is None:
        raise InvalidRequest("The PNG holds no character card.")
    is_kept = has_picture and picture_name != ""
    return PngCard(
        card=_decoded(encoded_card),
        picture=b"".join(kept) if is_kept else None,
        picture_name=picture_name or None,
        assets=assets,
    )


def write_png(
    picture: bytes,
    cards: Mapping[str, bytes],
    *,
    picture_name: str,
    assets: Mapping[str, bytes],
) -> bytes:
    """The picture with these cards, JSON by keyword, and assets in it."""
    added = [
        _text_chunk(_PICTURE, picture_name.encode()),
        *(_text_chunk(_ASSET + path, content) for path, content in assets.items()),
        *(_text_chunk(keyword, card) for keyword, card in cards.items()),
    ]
    parts = [PNG_SIGNATURE]
    for chunk in _chunks(picture):
        # Where SillyTavern puts them; readers must find them anywhere.
        if chunk.kind == _END:
            parts += added
        parts.append(chunk.whole)
    return b"".join(parts)


def without_card(picture: bytes) -> bytes:
    """The PNG without any chunk that ``read_png`` would take for the card's."""
    kept = [chunk.whole for chunk in _chunks(picture) if not _is_ours(_keyword(chunk))]
    return b"".join((PNG_SIGNATURE, *kept))


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk as it stands in the file."""
    checksum = zlib.crc32(data, zlib.crc32(kind))
    return b"".join((struct.pack(">I", len(data)), kind, data, struct.pack(">I", checksum)))


def _is_ours(keyword: str) -> bool:
    return keyword.lower() in {V2_KEYWORD, V3_KEYWORD} or keyword.startswith((_ASSET, _PICTURE))


def _chunks(raw: bytes) -> Iterator[Chunk]:
    """All chunks up to the end; what stands behind it is no part of the picture."""
    position, count = len(PNG_SIGNATURE), 0
    while True:
        head = raw[position : position + 8]
        if len(head) < 8:  # noqa: PLR2004 - a length and a type
            raise InvalidRequest("The PNG is cut off.")
        length, kind = struct.unpack(">I4s", head)
        end = position + 12 + length
        if end > len(raw):
            raise InvalidRequest("A chunk of the PNG is longer than the file.")
        data = raw[position + 8 : end - 4]
        (checksum,) = struct.unpack(">I", raw[end - 4 : end])
        if zlib.crc32(data, zlib.crc32(kind)) != checksum:
            raise InvalidRequest("A chunk of the PNG is damaged: its checksum is wrong.")
        if (kind == _HEADER) != (count == 0) or (kind == _HEADER and length != _HEADER_LENGTH):
            raise InvalidRequest("The PNG does not begin as one.")
        count += 1
        if count > MAX_CHUNKS:
            raise InvalidRequest("The PNG has too many chunks.")
        yield Chunk(kind, data, raw[position:end])
        if kind == _END:
            return
        position = end


def _keyword(chunk: Chunk) -> str:
    """The keyword of a text chunk, empty for others."""
    if chunk.kind not in {_TEXT, _COMPRESSED, _INTERNATIONAL}:
        return ""
    keyword, separator, _ = chunk.data[:_LONGEST_KEYWORD].partition(b"\0")
    return keyword.decode("utf-8", "replace") if separator else ""


def _text(chunk: Chunk, keyword: str) -> bytes:
    """The text of a text chunk, as bytes in whichever of the three kinds it is."""
    _, _, rest = chunk.data.partition(b"\0")
    if chunk.kind == _TEXT:
        return rest
    if chunk.kind == _COMPRESSED:
        is_packed, text = True, rest[1:]
        method = rest[:1]
    else:
        is_packed, method = rest[:1] == b"\1", rest[1:2]
        _language, _, translated = rest[2:].partition(b"\0")
        _translation, _, text = translated.partition(b"\0")
    if not is_packed:
        return text
    if method != b"\0":
        raise InvalidRequest(f"The text {keyword} of the PNG is packed in an unknown way.")
    return inflate(text, _MAX_ENCODED, f"The text {keyword} of the PNG")


def _text_chunk(keyword: str, content: bytes) -> bytes:
    return png_chunk(_TEXT, keyword.encode() + b"\0" + base64.b64encode(content))


def _decoded(text: bytes) -> bytes:
    """Base64 as programs write it: with or without padding, broken into lines, for addresses."""
    compact = b"".join(text.split()).translate(_BASE64_EXTRAS).rstrip(b"=")
    try:
        return base64.b64decode(compact + b"=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest("The card in the PNG is not in base64.") from None
