"""Answers: a status and a body that is ready to be sent."""

from collections.abc import Mapping
from typing import Final

import msgspec
from attrs import frozen

from entrypoints.http.request import HttpResponse

JSON: Final = "application/json"
_NO_HEADERS: Mapping[str, str] = {}
_encode = msgspec.json.Encoder().encode


@frozen
class Answer:
    """What a route gives back, JSON unless ``content_type`` says otherwise."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = _NO_HEADERS
    content_type: str | None = JSON

    def response(self) -> HttpResponse:
        """The same for Quart. What a person may see of their own is never for a cache."""
        response = HttpResponse(
            self.body, self.status, dict(self.headers), content_type=self.content_type
        )
        if "Cache-Control" not in self.headers:
            response.headers.add("Cache-Control", "no-store")
        return response


NO_CONTENT: Final = Answer(b"", 204, content_type=None)


def answer(value: object, status: int = 200) -> Answer:
    """The value as JSON; times come out in RFC 3339, UTC."""
    return Answer(_encode(value), status)
