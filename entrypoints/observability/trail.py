"""Whose work is being done: what every log line and span of a request says about itself."""

import re
import secrets
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opentelemetry.trace import Span

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
_OWN_REQUEST = "req_"
_NO_TRACE = "0" * 32


class Trail:
    """One request, and the turn that it began.

    It is one object for all of the request's tasks: a turn goes on when its client has left, and
    what the turn learns of itself (its id) the request's access line says too.
    """

    __slots__ = (
        "is_streamed",
        "request_id",
        "started",
        "trace_id",
        "turn_id",
        "turn_span",
        "user_id",
    )

    def __init__(self, request_id: str, trace_id: str, started: float) -> None:
        self.request_id = request_id
        self.trace_id = trace_id
        self.started = started
        """By ``time.perf_counter``."""
        self.user_id: str | None = None
        """Never shown: log lines have a keyed hash of it."""
        self.turn_id: str | None = None
        self.is_streamed = False
        """Whether the turn's reply is shown word by word."""
        self.turn_span: Span | None = None
        """Of the turn, when there are traces."""


_current: Final[ContextVar[Trail | None]] = ContextVar("companion_trail", default=None)
current_trail: Final = _current.get
set_trail: Final = _current.set


def name_user(user_id: str) -> None:
    """The current request is this person's."""
    trail = _current.get()
    if trail is not None:
        trail.user_id = user_id


def trace_id_of(request_id: str, traceparent: str | None) -> str:
    """The trace that a request belongs to when this process makes none: its caller's, or a new one.

    Of an id that we gave to the request ourselves, the trace's id is the random part.
    """
    if traceparent is not None:
        found = _TRACEPARENT.fullmatch(traceparent)
        if found is not None and found[1] != _NO_TRACE:
            return found[1]
    if request_id.startswith(_OWN_REQUEST) and len(request_id) == len(_OWN_REQUEST) + 32:
        return request_id[len(_OWN_REQUEST) :]
    return secrets.token_hex(16)
