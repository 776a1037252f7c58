"""Bodies as browsers send them for forms: fields, and maybe a file."""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from attrs import frozen
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from entrypoints.http.request import HttpRequest
from entrypoints.http.uploads import FORM

FIELDS: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 64
_SECONDS: Final = 60
"""For a body with a file."""


@frozen
class Form:
    """What was filled in; of fields with one name the first counts."""

    fields: Mapping[str, str]
    file: bytes = b""

    def text(self, name: str) -> str:
        """The field as it was typed, without surrounding space."""
        return self.lines(name).strip()

    def lines(self, name: str) -> str:
        """The field as it was typed; browsers end its lines with CRLF, we do not."""
        return self.fields.get(name, "").replace("\r\n", "\n")


class FormReader:
    """Reads forms; ``limit`` is how many bytes one with a file may have, None: no file may come."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit

    async def read(self, request: HttpRequest) -> tuple[bytes, Form]:
        """The raw body and what it says; raises an ``HTTPException`` for what is no form."""
        if self._limit is not None:
            request.body_timeout = _SECONDS
            request.body.let_in(self._limit)
        raw = await request.get_data(cache=False)
        if not isinstance(raw, bytes):
            raise TypeError
        kind, options = parse_options_header(request.headers.get("Content-Type"))
        if kind.lower() == FORM and self._limit is not None:
            return raw, await asyncio.to_thread(_multipart, raw, options.get("boundary", ""))
        if kind.lower() != FIELDS:
            raise BadRequest(f"Content-Type must be {FIELDS}.")
        return raw, _urlencoded(raw)


def _urlencoded(raw: bytes) -> Form:
    try:
        pairs = parse_qsl(
            raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise BadRequest("The form cannot be read.") from None
    return Form(_first(pairs))


def _multipart(raw: bytes, boundary: str) -> Form:
    pairs: list[tuple[str, str]] = []
    file = bytearray()
    try:
        decoder = MultipartDecoder(boundary.encode("latin-1"), len(raw), max_parts=_MOST_FIELDS)
        decoder.receive_data(raw)
        decoder.receive_data(None)
        name: str | None = None
        value = bytearray()
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, File):
                name, value = None, file
            elif isinstance(event, Field):
                name, value = event.name, bytearray()
            elif isinstance(event, Data):
                value += event.data
                if not event.more_data and name is not None:
                    pairs.append((name, value.decode()))
    except RequestEntityTooLarge:
        raise
    except (ValueError, UnicodeError):
        raise BadRequest("The form cannot be read.") from None
    return Form(_first(pairs), bytes(file))


def _first(pairs: list[tuple[str, str]]) -> dict[str, str]:
    if any("\x00" in value for _, value in pairs):
        raise BadRequest("Texts must not contain the character U+0000.")
    return dict(reversed(pairs))
