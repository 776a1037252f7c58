"""The token by which Pub/Sub shows that a push comes from our subscription.

Signature, issuer, audience, times, e-mail and whether Google has checked the e-mail are all
looked at. An audience and an e-mail are a must: without them, any push of any Google account
would do.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from adapters.google.push_keys import PushKeys
from application.ports.clock import Clock
from domain.errors import Forbidden, TokenExpired, Unauthenticated

ISSUERS = ["https://accounts.google.com", "accounts.google.com"]
LONGEST_TOKEN = 8192
"""Characters. Google's have about 1,000."""
CLOCK_SKEW = timedelta(seconds=10)

_LONGEST_KEY_ID = 128


class PushTokens:
    """Checks the ``Authorization`` header of a push."""

    def __init__(self, keys: PushKeys, clock: Clock, *, audience: str, email: str) -> None:
        if not audience or not email:
            message = "a push's audience and e-mail must be set"
            raise ValueError(message)
        self._keys = keys
        self._clock = clock
        self._audience = audience
        self._email = email

    async def check(self, authorization: str | None) -> None:
        """Raises ``Unauthenticated``, ``Forbidden``, or ``Unavailable`` without Google's keys."""
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
            raise _invalid()
        claims = await self._claims(token)
        self._check_times(claims)
        if claims.get("email") != self._email or claims.get("email_verified") is not True:
            raise Forbidden("The push is not from the subscription's account.")

    async def _claims(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise _invalid() from None
        key_id = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(key_id, str):
            raise _invalid()
        if not 0 < len(key_id) <= _LONGEST_KEY_ID:
            raise _invalid()
        key = await self._keys.find(key_id)
        if key is None:
            raise _invalid()
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._audience,
                issuer=ISSUERS,
                options={
                    "require": ["iss", "aud", "exp", "iat"],
                    # Compared with our own clock below.
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, RecursionError):
            raise _invalid() from None
        return claims

    def _check_times(self, claims: dict[str, Any]) -> None:
        now = self._clock.now()
        try:
            expires_at, issued_at = (
                datetime.fromtimestamp(int(claims[name]), UTC) for name in ("exp", "iat")
            )
        except (TypeError, ValueError, OverflowError, OSError):
            raise _invalid() from None
        if issued_at > now + CLOCK_SKEW:
            raise _invalid()
        if expires_at <= now - CLOCK_SKEW:
            raise TokenExpired("The push token has expired.")


def _invalid() -> Unauthenticated:
    """Says no more than that: what is wrong with a forged token is nobody's business."""
    return Unauthenticated("The push token is not valid.")
