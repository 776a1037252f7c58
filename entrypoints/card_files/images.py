"""Pictures, told by their first bytes: what is no picture is never served as one."""

import struct
from typing import Final

from domain.errors import InvalidRequest
from entrypoints.card_files.limits import MAX_SIDE

PNG: Final = "image/png"
APNG: Final = "image/apng"
JPEG: Final = "image/jpeg"
WEBP: Final = "image/webp"
GIF: Final = "image/gif"
OTHER: Final = "application/octet-stream"
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE: Final = b"\xff\xd8\xff"
ENDINGS: Final = {PNG: "png", APNG: "png", JPEG: "jpg", WEBP: "webp", GIF: "gif"}
_PNG_HEADER = 33
_WEBP_HEADER = 16


def media_type_of(content: bytes) -> str:
    """The type of a picture that apps show, or ``OTHER`` for anything else."""
    if content.startswith(PNG_SIGNATURE) and content[12:16] == b"IHDR":
        return APNG if _is_animated(content) else PNG
    if content.startswith(JPEG_SIGNATURE):
        return JPEG
    if content.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    is_riff = len(content) >= _WEBP_HEADER and content.startswith(b"RIFF")
    if is_riff and content[8:15] == b"WEBPVP8":
        return WEBP
    return OTHER


def check_sides(content: bytes) -> None:
    """Raise ``InvalidRequest`` for a PNG that would fill the memory of whoever shows it."""
    if content.startswith(PNG_SIGNATURE) and len(content) >= _PNG_HEADER:
        width, height = struct.unpack(">II", content[16:24])
        if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
            raise InvalidRequest(f"A picture has sides of 1 to {MAX_SIDE} pixels.")


def _is_animated(content: bytes) -> bool:
    """Whether the chunk that makes a PNG an animation stands before the picture's data."""
    position = len(PNG_SIGNATURE)
    while position + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[position : position + 8])
        if kind in {b"acTL", b"IDAT", b"IEND"}:
            return bool(kind == b"acTL")
        position += 12 + length
    return False
