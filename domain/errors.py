"""Every refusal the product can give, as one tree of exceptions.

    DomainError
    ├── InvalidRequest          the input breaks a stated rule
    │   └── NotGenuine          it is not what it says it is: a signature, a proof of purchase
    ├── Unauthenticated         no valid proof of who is asking
    │   └── TokenExpired        the proof was valid, but is over
    ├── Forbidden               known, but not allowed
    │   ├── AccountSuspended
    │   └── TierRequired        the character asks for a higher tier
    ├── NotFound                absent, or somebody else's: the answer is the same
    ├── Conflict                the state does not allow it now
    │   └── AlreadyRecorded     this business object has had its effect before
    ├── IdempotencyKeyReused    same key, other request
    ├── InsufficientCredits
    ├── ContentBlocked          refused by a safety rule or by the model's provider
    ├── PayloadTooLarge
    ├── RateLimited             carries when to try again
    │   └── TooManyStreams      as many replies stream at once as one person may have
    └── Unavailable             a part we need does not answer; nothing was lost
        ├── AccountUnavailable  who asks is proven, but their account cannot be had
        ├── ModelUnavailable
        └── NotPublished        no prices or products are in force yet

A class carries the stable ``code`` that apps switch on; what HTTP makes of it is decided in one
table at the HTTP border.
"""

from typing import ClassVar


class DomainError(Exception):
    """A refusal with a stable code, a message fit for people, and the offending field if any."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class InvalidRequest(DomainError):
    """The input breaks a rule that the API states."""

    code = "invalid_request"


class NotGenuine(InvalidRequest):
    """A message or a proof does not come from whom it says, or cannot be read."""


class Unauthenticated(DomainError):
    """There is no valid proof of who is asking."""

    code = "unauthenticated"


class TokenExpired(Unauthenticated):
    """The token was genuine, but its time is over: sign in again."""

    code = "token_expired"


class Forbidden(DomainError):
    """The caller is known, but may not do this."""

    code = "forbidden"


class AccountSuspended(Forbidden):
    """An administrator has suspended the account."""

    code = "account_suspended"


class TierRequired(Forbidden):
    """The character is open only from a higher tier on."""

    code = "tier_required"


class NotFound(DomainError):
    """It does not exist, or it belongs to somebody else: callers cannot tell which."""

    code = "not_found"


class Conflict(DomainError):
    """The state of the thing does not allow this now."""

    code = "conflict"


class AlreadyRecorded(Conflict):
    """The same grant, charge or claw-back is in the ledger already: nothing was done again."""


class IdempotencyKeyReused(DomainError):
    """The idempotency key came before with another request."""

    code = "idempotency_key_reused"


class InsufficientCredits(DomainError):
    """The wallet's available credits do not cover the most that this could cost."""

    code = "insufficient_credits"


class ContentBlocked(DomainError):
    """A safety rule, ours or the model provider's, refuses this content."""

    code = "content_blocked"


class PayloadTooLarge(DomainError):
    """The body is larger than the route takes."""

    code = "payload_too_large"


class RateLimited(DomainError):
    """Too many requests; ``retry_after`` is in seconds, at least 1.

    ``most``, where it is known, is so many requests in so many seconds.
    """

    code = "rate_limited"

    def __init__(
        self, message: str, *, retry_after: int, most: tuple[int, int] | None = None
    ) -> None:
        super().__init__(message)
        self.retry_after = max(1, retry_after)
        self.most = most


class TooManyStreams(RateLimited):
    """As many replies are streaming as one person may have at once."""


class Unavailable(DomainError):
    """A part that this needs does not answer; nothing was charged or lost."""

    code = "unavailable"


class AccountUnavailable(Unavailable):
    """The proof of who is asking is good, but their account cannot be had now."""


class ModelUnavailable(Unavailable):
    """No model could answer; nothing was charged."""

    code = "model_unavailable"


class NotPublished(Unavailable):
    """Nothing is in force yet: prices, or products, wait for their first publication."""


_ENDINGS: dict[str, tuple[type[DomainError], str]] = {
    ContentBlocked.code: (ContentBlocked, "This content was refused."),
    ModelUnavailable.code: (ModelUnavailable, "No model could answer; nothing was charged."),
    InvalidRequest.code: (InvalidRequest, "The message could not be answered."),
}


def error_from_code(code: str | None) -> DomainError:
    """The error that a failed turn ended with, told again from its stored code."""
    kind, message = _ENDINGS.get(
        code or "", (Unavailable, "The reply was interrupted; nothing was charged.")
    )
    return kind(message)
