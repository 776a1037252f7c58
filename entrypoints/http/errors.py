"""What HTTP makes of refusals and faults: the only table from errors to statuses."""

import logging
from traceback import format_tb
from types import TracebackType
from typing import Final

import msgspec
from attrs import frozen
from werkzeug.exceptions import HTTPException

from domain.errors import (
    AccountSuspended,
    Conflict,
    ContentBlocked,
    DomainError,
    Forbidden,
    IdempotencyKeyReused,
    InsufficientCredits,
    InvalidRequest,
    ModelUnavailable,
    NotFound,
    NotGenuine,
    PayloadTooLarge,
    RateLimited,
    TierRequired,
    TokenExpired,
    Unauthenticated,
    Unavailable,
)
from entrypoints.http.answers import Answer
from entrypoints.http.schemas.errors import Error, ErrorAnswer

_log = logging.getLogger(__name__)

_RETRY_SECONDS = "2"
_UNAVAILABLE = 503


@frozen
class Outcome:
    """A status, and the ``type`` by which OpenAI's SDKs sort errors."""

    status: int
    type: str


TABLE: Final[dict[type[DomainError], Outcome]] = {
    DomainError: Outcome(500, "api_error"),
    InvalidRequest: Outcome(422, "invalid_request_error"),
    NotGenuine: Outcome(400, "invalid_request_error"),
    Unauthenticated: Outcome(401, "authentication_error"),
    TokenExpired: Outcome(401, "authentication_error"),
    InsufficientCredits: Outcome(402, "insufficient_quota"),
    Forbidden: Outcome(403, "permission_error"),
    AccountSuspended: Outcome(403, "permission_error"),
    TierRequired: Outcome(403, "permission_error"),
    NotFound: Outcome(404, "not_found_error"),
    Conflict: Outcome(409, "conflict_error"),
    PayloadTooLarge: Outcome(413, "invalid_request_error"),
    IdempotencyKeyReused: Outcome(422, "invalid_request_error"),
    ContentBlocked: Outcome(400, "invalid_request_error"),
    RateLimited: Outcome(429, "rate_limit_error"),
    ModelUnavailable: Outcome(503, "api_error"),
    Unavailable: Outcome(503, "api_error"),
}
"""Refusals that are not in the table are answered as what they derive from."""

BY_CODE: Final = {kind.code: outcome for kind, outcome in reversed(TABLE.items())}
"""The same by code, for errors that come out of a stream; of those that share one, the first."""

_HTTP: Final = {
    400: (InvalidRequest.code, "This is not a request that we understand."),
    404: (NotFound.code, "There is no such route."),
    405: (InvalidRequest.code, "This route has no such method."),
    408: (InvalidRequest.code, "The body took too long to arrive."),
    413: (PayloadTooLarge.code, "The body is too large."),
}
"""Refusals of the framework: malformed requests keep the code but not the status of others."""


def error_answer(error: Exception, request_id: str) -> Answer:
    """The answer to anything that went wrong; what nobody foresaw is logged."""
    if isinstance(error, DomainError):
        return _refusal(error, request_id)
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:  # noqa: PLR2004 - of HTTP
        return _http_refusal(error, error.code, request_id)
    log_fault(error, request_id)
    return INTERNAL_ERROR.answer(request_id)


class ToldError(msgspec.Struct, frozen=True):
    """An error as a turn's last event tells it."""

    code: str
    message: str

    @property
    def outcome(self) -> Outcome:
        """Its row in the table."""
        return BY_CODE.get(self.code, TABLE[DomainError])

    def event(self, request_id: str) -> bytes:
        """The data of the event that ends a stream."""
        body = Error(self.outcome.type, self.code, self.message, None, request_id)
        return msgspec.json.encode(ErrorAnswer(body))

    def answer(self, request_id: str) -> Answer:
        """The answer when nothing else has been sent."""
        status = self.outcome.status
        headers = {"Retry-After": _RETRY_SECONDS} if status == _UNAVAILABLE else {}
        return Answer(self.event(request_id), status, headers)


INTERNAL_ERROR: Final = ToldError(DomainError.code, "Something went wrong on our side.")


def outcome_of(kind: type[DomainError]) -> Outcome:
    """The row of this refusal, or of the nearest one above it."""
    return next(TABLE[parent] for parent in kind.__mro__ if parent in TABLE)


def log_fault(error: BaseException, request_id: str) -> None:
    """Log which errors happened where, without their messages: those may quote what people say."""
    seen: BaseException | None = error
    lines: list[str] = []
    while seen is not None:
        kind = type(seen)
        lines += [f"{kind.__module__}.{kind.__qualname__}", *_places(seen.__traceback__)]
        seen = seen.__cause__ or seen.__context__
    _log.error("request %s failed: %s", request_id, "\n".join(lines))


def _places(traceback: TracebackType | None) -> list[str]:
    return [place.rstrip() for place in format_tb(traceback)]


def _refusal(error: DomainError, request_id: str) -> Answer:
    outcome = outcome_of(type(error))
    headers: dict[str, str] = {}
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.retry_after)
        if error.most is not None:
            amount, seconds = error.most
            headers["RateLimit-Policy"] = f'"default";q={amount};w={seconds}'
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = _RETRY_SECONDS
    elif isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    body = Error(outcome.type, error.code, error.message, error.param, request_id)
    return Answer(msgspec.json.encode(ErrorAnswer(body)), outcome.status, headers)


def _http_refusal(error: HTTPException, status: int, request_id: str) -> Answer:
    code, message = _HTTP.get(status, _HTTP[400])
    # Only our own code gives such an exception a description of its own.
    if error.description and error.description != type(error).description:
        message = error.description
    kind = BY_CODE[code].type
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    body = Error(kind, code, message, None, request_id)
    return Answer(msgspec.json.encode(ErrorAnswer(body)), status, headers)
