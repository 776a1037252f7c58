"""Google's words, in ours."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from adapters.google.wire import GoogleMoney
from domain.market.products import Money

UNTOLD = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of what Google gives no time for: a payment that is under way, or was given up.

It must be the same each time, and before that of any payment.
"""

_NANOS = 1_000_000_000
_WITHOUT_MINOR_UNITS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"}
    | {"XAF", "XOF", "XPF"}
)
_WITH_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def owner_of(account: str) -> tuple[str | None, str | None]:
    """Whom the app named when the purchase was made, as ``(store_token, user_id)``.

    The store token that we mint for a person is a UUID; anything else can only be the person's
    id here.
    """
    if not account:
        return None, None
    try:
        return str(UUID(account)), None
    except ValueError:
        return None, account


def moment(milliseconds: int) -> datetime:
    """A time since 1970; ``ValueError`` for what is no time of ours."""
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        message = "not a time"
        raise ValueError(message) from None


def money(amount: GoogleMoney | None) -> Money | None:
    """An amount in minor units, to the nearest; None when Google does not say."""
    if amount is None or not amount.currency_code:
        return None
    currency = amount.currency_code.upper()
    return Money(currency, minor_units(amount))


def minor_units(amount: GoogleMoney) -> int:
    """In the smallest unit of its currency, such as cents."""
    currency = amount.currency_code.upper()
    digits = 0 if currency in _WITHOUT_MINOR_UNITS else 3 if currency in _WITH_THOUSANDTHS else 2
    nanos = amount.units * _NANOS + amount.nanos
    unit: int = _NANOS // 10**digits
    return (nanos + unit // 2) // unit
