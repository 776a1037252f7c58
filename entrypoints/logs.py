"""Structured logs: one JSON object a line, or plain lines on a terminal in development.

Every line that is written on behalf of a request says of which: its id, its trace, its turn, and a
keyed hash of the person, which tells one from another and nobody who it is.
"""

import hmac
import logging
import re
import sys
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
import structlog

from entrypoints.observability.trail import Trail, current_trail

ACCESS_LOGGER: Final = "companion.access"
_HASH_BYTES = 8
_REMEMBERED_HASHES = 4_096
_SERVER_ERRORS, _CLIENT_ERRORS = 500, 400
_UNMATCHED = "unmatched"
_USER_ID: Final = re.compile(r"\busr_\w+")
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines: an answer as it should be is nothing to write home about."""

_access = logging.getLogger(ACCESS_LOGGER)
_encode = msgspec.json.Encoder().encode


class AccessRecord(logging.LogRecord):
    """The line of one request; its fields are made only if it is written."""

    def __init__(
        self,
        trail: Trail,
        level: int,
        method: str,
        route: str,
        status: int,
        seconds: float,
    ) -> None:
        self.trail = trail
        self.method = method
        self.route = route
        self.status = status
        self.milliseconds = round(seconds * 1000, 2)
        shown = (method, route, status, self.milliseconds)
        super().__init__(ACCESS_LOGGER, level, "", 0, "%s %s %s %s ms", shown, None)


def log_access(trail: Trail, method: str, route: str | None, status: int, seconds: float) -> None:
    """Write the line of a request that was answered: its route's template, never its address.

    The method of a request that no route takes is not shown either: it is any word that was sent.
    """
    if status >= _SERVER_ERRORS:
        level = logging.ERROR
    elif status >= _CLIENT_ERRORS:
        level = logging.WARNING
    else:
        level = logging.DEBUG if route in _QUIET else logging.INFO
    if _access.isEnabledFor(level):
        is_ours = route is not None
        _access.handle(
            AccessRecord(
                trail,
                level,
                method if is_ours else _UNMATCHED,
                route or _UNMATCHED,
                status,
                seconds,
            )
        )


class _Trails:
    """Adds to a line whose work it is about; meant as structlog's processor.

    People whom the line's own words name (a broken invariant's, for one) are hashed there, too.
    """

    def __init__(self, secret_key: str) -> None:
        key = secret_key.encode()

        @lru_cache(_REMEMBERED_HASHES)
        def user_hash(user_id: str) -> str:
            return hmac.digest(key, user_id.encode(), "sha256")[:_HASH_BYTES].hex()

        self._user_hash = user_hash

    def __call__(
        self, _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        trail = current_trail()
        if trail is not None:
            self.add(event, trail)
        words = event.get("event")
        if isinstance(words, str) and "usr_" in words:
            event["event"] = _USER_ID.sub(lambda found: self._user_hash(found[0]), words)
        return event

    def add(self, event: structlog.typing.EventDict, trail: Trail) -> None:
        """Add what is known of it so far."""
        event["request_id"] = trail.request_id
        event["trace_id"] = trail.trace_id
        if trail.user_id is not None:
            event["user"] = self._user_hash(trail.user_id)
        if trail.turn_id is not None:
            event["turn_id"] = trail.turn_id


class _WordlessTraceback:
    """Which errors happened where, without what they say."""

    def __init__(self) -> None:
        self._read = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)

    def __call__(self, exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
        told = self._read(exc_info)
        _silence(told)
        return told


def _silence(told: list[dict[str, Any]]) -> None:
    for one in told:
        for words in ("exc_value", "exc_notes", "syntax_error"):
            one.pop(words, None)
        _silence(one.get("exceptions", []))


class _JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """Writes access lines, of which there are most by far, without the way through structlog."""

    trails: _Trails

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        if not isinstance(record, AccessRecord):
            return super().format(record)
        line: dict[str, object] = {
            "event": "request",
            "method": record.method,
            "route": record.route,
            "status": record.status,
            "ms": record.milliseconds,
        }
        self.trails.add(line, record.trail)
        line["level"] = record.levelname.lower()
        line["logger"] = ACCESS_LOGGER
        line["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        return _encode(line).decode()


def configure_logs(level: str, *, json: bool, secret_key: str) -> None:
    """Send all logs, ours and the libraries', to standard error in one format.

    ``secret_key`` is what hashes of people are made with. Libraries say less: a driver's debug
    line could quote a statement's parameters.
    """
    trails = _Trails(secret_key)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        trails,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Tracebacks show neither local variables nor messages: those hold what people wrote.
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    last: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta
    ]
    if json:
        last.append(structlog.processors.ExceptionRenderer(_WordlessTraceback()))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    # No line of ours shows them, and finding them out costs as much as the rest of a record.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    make = _JsonFormatter if json else structlog.stdlib.ProcessorFormatter
    formatter = make(foreign_pre_chain=shared, processors=[*last, renderer])
    if isinstance(formatter, _JsonFormatter):
        formatter.trails = trails
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in (
        "httpx",
        "httpcore",
        "httpx2",
        "httpcore2",
        "aiohttp",
        "openai",
        "psycopg",
        "apscheduler",
        "hypercorn",
        "opentelemetry",
        "urllib3",
    ):
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), logging.WARNING))
