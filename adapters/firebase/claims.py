"""From the claims of a verified ID token, or of an account, to an ``Identity``."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.accounts import AgeBand, Identity
from domain.errors import Unauthenticated

LONGEST_TOKEN = 16_384
"""Characters. Firebase's own are about 1,000, and custom claims add at most 1,000 bytes."""
_LONGEST_KEY_ID = 128


def invalid_token() -> Unauthenticated:
    """Says no more than that: what is wrong with a forged token is nobody's business."""
    return Unauthenticated("The ID token is not valid.")


def key_id_of(token: str) -> str:
    """The ``kid`` in the token's header, of which nothing is verified yet.

    Raises ``Unauthenticated`` for what is no token signed with a key of that kind.
    """
    segment = token.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except (ValueError, RecursionError):
        raise invalid_token() from None
    key_id = header.get("kid") if isinstance(header, dict) else None
    if not isinstance(key_id, str) or not 0 < len(key_id) <= _LONGEST_KEY_ID:
        raise invalid_token()
    return key_id


def identity_from(claims: Mapping[str, Any]) -> Identity:
    """Raises ``Unauthenticated`` for claims that no genuine token has.

    Issuer, audience and the length of the subject were firebase-admin's to check.
    """
    try:
        # Older tokens of custom backends have no auth_time; firebase-admin too compares iat then.
        issued_at = _moment(claims.get("auth_time", claims["iat"]))
        expires_at = _moment(claims["exp"])
        subject = claims["sub"]
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise invalid_token() from None
    if text_from(subject) != subject:
        raise invalid_token()
    return Identity(
        subject=subject,
        issued_at=issued_at,
        expires_at=expires_at,
        is_admin=is_admin(claims),
        email=text_from(claims.get("email")),
        name=text_from(claims.get("name")),
        age_band=age_band_from(claims),
    )


def is_admin(claims: Mapping[str, Any]) -> bool:
    """Only ``true`` is: neither ``1`` nor ``"true"``."""
    return claims.get("admin") is True


def age_band_from(claims: Mapping[str, Any]) -> AgeBand:
    """A band that we do not know is an unknown age."""
    try:
        return AgeBand(str(claims.get("age_band")))
    except ValueError:
        return AgeBand.UNKNOWN


def text_from(value: object) -> str | None:
    """The text without what no database takes: people choose their names themselves."""
    if not isinstance(value, str):
        return None
    return value.replace("\0", "").encode(errors="ignore").decode() or None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
