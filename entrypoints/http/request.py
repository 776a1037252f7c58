"""A request as our routes see it."""

import asyncio
import secrets
from typing import Any, Final, cast
from urllib.parse import urlsplit

from hypercorn.typing import ASGIReceiveCallable, ASGIReceiveEvent, Scope
from quart import Request, Response
from quart.wrappers.request import Body

from application.ports.rate_limiter import RateDecision

_SAFE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
_LONGEST_ID = 64
_DISCARDED_BYTES = 64 * 1024 * 1024
_DISCARDING_SECONDS = 3.0
_QUIET_SECONDS = 0.3
_GATE: Final = "companion.gate"
"""Where the scope of a request has what holds its body back."""


class DiscardingBody(Body):
    """A body that knows when all of it has arrived, also when it is too large to be kept."""

    def __init__(self, expected_content_length: int | None, max_content_length: int | None) -> None:
        super().__init__(expected_content_length, max_content_length)
        self.expected = expected_content_length
        self.gate: asyncio.Event | None = None
        self.has_arrived = False
        self.received = 0
        self._is_appending = False

    def append(self, data: bytes) -> None:
        """Keep or, beyond the limit, drop what came."""
        self.received += len(data)
        # Quart completes a body that has become too large: that is not its end.
        self._is_appending = True
        super().append(data)
        self._is_appending = False

    def set_complete(self) -> None:
        """Let go whoever waits for the body."""
        super().set_complete()
        if not self._is_appending:
            self.has_arrived = True

    def let_in(self, limit: int | None = None) -> None:
        """Let a body come that was held back, up to ``limit`` bytes if that is not what others may.

        Nothing of it may have come yet.
        """
        if limit is not None:
            self._max_content_length = limit
            if self.expected is None or self.expected <= limit:
                self._must_raise = None
        if self.gate is not None:
            self.gate.set()

    async def discard(self) -> None:
        """Wait until the client has sent it all, within bounds.

        A connection that is closed while data still arrives is reset, and the client never sees
        the answer that says why.
        """
        self.let_in()
        now = asyncio.get_running_loop().time
        give_up_at = now() + _DISCARDING_SECONDS
        before, quiet_since = self.received, now()
        while not self.has_arrived and self.received < _DISCARDED_BYTES and now() < give_up_at:
            await asyncio.sleep(0.01)
            if self.received != before:
                before, quiet_since = self.received, now()
            elif now() - quiet_since > _QUIET_SECONDS:
                return


class HttpRequest(Request):
    """Quart's request, with an id and with what was counted for its sender."""

    body_class = DiscardingBody
    body: DiscardingBody

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Quart's signature
        super().__init__(*args, **kwargs)
        self.body.gate = cast("dict[str, Any]", self.scope).get(_GATE)
        self.id = new_request_id(self.headers.get("X-Request-ID"))
        self.decision: RateDecision | None = None

    @property
    def may_have_body(self) -> bool:
        """Whether the client announced a body."""
        return "Content-Length" in self.headers or "Transfer-Encoding" in self.headers

    @property
    def has_two_lengths(self) -> bool:
        """Whether the client told the length of the body in two ways, which nobody does by chance.

        One server goes by this, another by that, and between them a body becomes a request.
        """
        return "Transfer-Encoding" in self.headers and "Content-Length" in self.headers


def path_of(target: str) -> str:
    """The path of a request line's target that does not begin with one; ``/`` for none."""
    try:
        return urlsplit(target).path or "/"
    except ValueError:
        return f"/{target}"  # there is no such thing, as it will be told


def held_back(scope: Scope, receive: ASGIReceiveCallable) -> ASGIReceiveCallable:
    """``receive``, but a body waits at the socket until the request's body is let in.

    So nobody who may not send a large body makes us keep one.
    """
    gate = asyncio.Event()
    cast("dict[str, Any]", scope)[_GATE] = gate

    async def receive_when_let_in() -> ASGIReceiveEvent:
        message = await receive()
        if message["type"] == "http.request":
            await gate.wait()
        return message

    return receive_when_let_in


class HttpResponse(Response):
    """Quart's response; an answer without a body has no content type."""

    default_mimetype = None  # type: ignore[assignment]  # werkzeug takes None


def new_request_id(given: str | None) -> str:
    """The client's id, if it is one that is safe to repeat in headers and logs, or a new one."""
    if given and len(given) <= _LONGEST_ID and _SAFE.issuperset(given):
        return given
    return f"req_{secrets.token_hex(16)}"
