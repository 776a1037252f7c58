"""Unpacking with a bound: never more than was asked for is in memory."""

import zlib

from domain.errors import InvalidRequest, PayloadTooLarge

_RAW = -15
_WITH_HEADER = 15


def inflate(packed: bytes, most: int, what: str, *, is_raw: bool = False) -> bytes:
    """The bytes that ``packed`` unpacks to, at most ``most``; ``is_raw``: as zip files have them.

    Raises ``PayloadTooLarge`` for more, ``InvalidRequest`` for what is broken or ends too early;
    ``what`` begins the message.
    """
    machine = zlib.decompressobj(_RAW if is_raw else _WITH_HEADER)
    try:
        content = machine.decompress(packed, most + 1)
    except zlib.error:
        raise InvalidRequest(f"{what} is damaged.") from None
    if len(content) > most:
        raise PayloadTooLarge(f"{what} is larger than {most} bytes when it is unpacked.")
    if not machine.eof:
        raise InvalidRequest(f"{what} is cut off.")
    return content
