"""Files as bodies: the bytes as they come, or the one file of a form."""

import asyncio
from typing import Final

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, File, MultipartDecoder, NeedData

from entrypoints.http.request import HttpRequest

FORM: Final = "multipart/form-data"
_SECONDS: Final = 60
"""For all of a body: some megabytes over a slow line."""
_MAX_PARTS = 20


class UploadReader:
    """Reads bodies of at most ``limit`` bytes, whatever they say they are."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    async def read(self, request: HttpRequest) -> tuple[bytes, bytes]:
        """The raw body and the file in it; raises an ``HTTPException`` for none, or too large."""
        request.body_timeout = _SECONDS
        request.body.let_in(self._limit)
        raw = await request.get_data(cache=False)
        if not isinstance(raw, bytes):
            raise TypeError
        kind, options = parse_options_header(request.headers.get("Content-Type"))
        if kind.lower() == FORM:
            boundary = options.get("boundary", "")
            file = await asyncio.to_thread(_file_of_form, raw, boundary, self._limit)
        else:
            file = raw
        if not file:
            raise BadRequest("The body is empty: send the file itself.")
        return raw, file


def _file_of_form(raw: bytes, boundary: str, limit: int) -> bytes:
    """The one file of a form; its other fields are ignored."""
    try:
        decoder = MultipartDecoder(boundary.encode("latin-1"), limit, max_parts=_MAX_PARTS)
        decoder.receive_data(raw)
        decoder.receive_data(None)
        files: list[bytearray] = []
        current: bytearray | None = None
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, File):
                current = bytearray()
                files.append(current)
            elif isinstance(event, Data) and current is not None:
                current += event.data
                current = current if event.more_data else None
    except RequestEntityTooLarge:
        raise
    except (ValueError, UnicodeError):
        raise BadRequest("The form cannot be read.") from None
    if len(files) != 1:
        raise BadRequest("The form must have one file.")
    return bytes(files[0])
