"""What a call came to, read from what the provider says. Its words stay here.

xAI answers ``{"code": …, "error": "text"}``, OpenAI and llama.cpp ``{"error": {"message", "code",
…}}``, and a proxy between sends HTML. A status alone does not tell: 403 is the content or the
key, 400 a wrong key or our mistake, 429 too fast or out of money.
"""

import math
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus

LONGEST_TEXT = 4096

# Lower case, looked for in an error's code and message.
CONTENT_MARKS = (
    "violates usage guidelines",
    "safety_check_type",
    "content_policy",
    "content policy",
    "content_filter",
)
CREDENTIALS_MARKS = (
    "api key",
    "api_key",
    "available credits",
    "spending limit",
    "insufficient_quota",
    "insufficient quota",
)
MODEL_MARKS = ("model_not_found", "model does not exist", "model not found", "unknown model")


class Outcome(StrEnum):
    """How one call of the model ended: the metric's label."""

    COMPLETED = "completed"
    ABANDONED = "abandoned"  # by us: the reader left
    CONTENT = "content"
    CREDENTIALS = "credentials"  # key, permission or money: a person must act
    MODEL_GONE = "model_gone"
    REJECTED = "rejected"  # our request is wrong in the provider's eyes
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    CONNECTION = "connection"
    MALFORMED = "malformed"  # answered, but not with a reply
    FIRST_TOKEN = "first_token"  # noqa: S105 - a deadline's name
    IDLE = "idle"
    TOTAL = "total"
    CIRCUIT_OPEN = "circuit_open"  # not called at all


RETRIED = frozenset({Outcome.RATE_LIMITED, Outcome.SERVER_ERROR, Outcome.CONNECTION})
"""Worth another attempt, as long as nothing of the reply was seen."""

BREAKING = frozenset(
    {
        Outcome.SERVER_ERROR,
        Outcome.CONNECTION,
        Outcome.MALFORMED,
        Outcome.FIRST_TOKEN,
        Outcome.IDLE,
        Outcome.TOTAL,
    }
)
"""The provider's fault, so counted by the circuit breaker."""

NEEDS_A_PERSON = frozenset({Outcome.CREDENTIALS, Outcome.MODEL_GONE, Outcome.REJECTED})
"""Will not heal by itself."""


class CallFailed(Exception):
    """One call failed. Carries no text of the provider, so nothing of it can leak.

    ``retry_after`` is in seconds, None when the provider did not say.
    """

    def __init__(
        self, outcome: Outcome, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome
        self.status = status
        self.retry_after = retry_after


def read_refusal(status: int, text: str, headers: Mapping[str, str]) -> CallFailed:
    """The failure behind an HTTP answer that is not 200."""
    return CallFailed(outcome_of(status, text), status=status, retry_after=seconds_to_wait(headers))


def outcome_of(status: int, text: str) -> Outcome:  # noqa: PLR0911 - a table, read top down
    """Judge by ``status`` and, where that is not enough, by the marks in ``text``."""
    text = text[:LONGEST_TEXT].lower()
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED}:
        return Outcome.CREDENTIALS
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Outcome.CREDENTIALS if has(CREDENTIALS_MARKS, text) else Outcome.RATE_LIMITED
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return Outcome.SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return Outcome.MALFORMED
    # Before the key: xAI's refusal of a content names the key's id as well.
    if has(CONTENT_MARKS, text):
        return Outcome.CONTENT
    if status == HTTPStatus.NOT_FOUND or has(MODEL_MARKS, text):
        return Outcome.MODEL_GONE
    if status == HTTPStatus.FORBIDDEN or has(CREDENTIALS_MARKS, text):
        return Outcome.CREDENTIALS
    return Outcome.REJECTED


def outcome_of_event(text: str) -> Outcome:
    """Judge an ``{"error": …}`` that came after a 200."""
    text = text[:LONGEST_TEXT].lower()
    return Outcome.CONTENT if has(CONTENT_MARKS, text) else Outcome.SERVER_ERROR


def has(marks: tuple[str, ...], text: str) -> bool:
    """Whether any of the marks occurs."""
    return any(mark in text for mark in marks)


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """``Retry-After`` in seconds; None when absent, a date, or nonsense."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    return None
