"""Stripe's signature of a webhook: ``t=<seconds>,v1=<HMAC>[,v1=<HMAC>…][,v0=…]``."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from domain.errors import NotGenuine

TOLERANCE = timedelta(seconds=300)
"""How old a stamp may be. One that lies ahead of our clock is genuine all the same."""


def check(body: bytes, header: str, secrets: Iterable[str], now: datetime) -> datetime:
    """When it was signed; raises ``NotGenuine`` unless a ``v1`` was made with one of the secrets.

    While a secret is being replaced there are two of either.
    """
    stamp, signatures = _parse(header)
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:  # noqa: PLR2004 - year 33658
        raise NotGenuine("The signature carries no time.")
    signed = stamp.encode() + b"." + body
    expected = [
        hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()
        for secret in secrets
        if secret.strip()
    ]
    is_genuine = False
    for given in signatures:
        for good in expected:
            is_genuine |= hmac.compare_digest(good, given.encode())
    if not is_genuine:
        raise NotGenuine("The signature is not right.")
    if int(stamp) < (now - TOLERANCE).timestamp():
        raise NotGenuine("The signature is too old.")
    return min(now, datetime.fromtimestamp(int(stamp), UTC))


def _parse(header: str) -> tuple[str, list[str]]:
    pairs = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    return (stamps or [""])[0], [value for name, _, value in pairs if name == "v1"]
