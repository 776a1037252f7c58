"""ID tokens in Firebase's shape: made and read, the same in both directions."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from attrs import frozen

from adapters.local.signing_key import SigningKey
from domain.accounts import AgeBand, Identity
from domain.errors import TokenExpired, Unauthenticated

LIFETIME = timedelta(hours=1)
LONGEST_SUBJECT = 128
_SKEW = timedelta(seconds=10)
_EPOCH = datetime.fromtimestamp(0, UTC)
_ISSUER = "https://securetoken.google.com/"
_SIGNED_IN_AT = "signed_in_at_ms"  # Firebase counts sign-ins by the second, too coarse for us

RESERVED_CLAIMS = frozenset(
    {"acr", "amr", "at_hash", "aud", "auth_time", "azp", "c_hash", "cnf", "exp", "firebase", "iat"}
    | {"iss", "jti", "nbf", "nonce", "sub", "user_id", _SIGNED_IN_AT}
)


@frozen
class IdTokens:
    """Tokens for one project, signed with one key."""

    project: str
    key: SigningKey

    def sign(
        self, subject: str, claims: Mapping[str, Any], now: datetime, signed_in_at: int
    ) -> str:
        """A token; ``signed_in_at`` is in milliseconds since 1970."""
        issued_at = int(now.timestamp())
        identities = {"email": [claims["email"]]} if "email" in claims else {}
        payload = {
            **claims,
            "iss": _ISSUER + self.project,
            "aud": self.project,
            "sub": subject,
            "user_id": subject,
            "auth_time": signed_in_at // 1000,
            _SIGNED_IN_AT: signed_in_at,
            "iat": issued_at,
            "exp": issued_at + int(LIFETIME.total_seconds()),
            "firebase": {"identities": identities, "sign_in_provider": "custom"},
        }
        return jwt.encode(payload, self.key.private, "RS256", headers={"kid": self.key.id})

    def read(self, token: str, now: datetime) -> Identity:
        """The identity in a token, checked as firebase-admin checks it.

        Raises ``TokenExpired`` or ``Unauthenticated``.
        """
        try:
            if jwt.get_unverified_header(token).get("kid") != self.key.id:
                raise _invalid()
            # The times are compared here, with our clock instead of the library's.
            payload = jwt.decode(
                token,
                self.key.public,
                algorithms=["RS256"],
                audience=self.project,
                issuer=_ISSUER + self.project,
                options={
                    "require": ["iss", "aud", "sub", "iat", "exp", "auth_time", _SIGNED_IN_AT],
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            # Without a cause: it may quote the token, which must not reach a log.
            raise _invalid() from None
        identity = _identity(payload)
        if identity.expires_at + _SKEW < now:
            raise TokenExpired("The ID token has expired: sign in again.")
        if max(_moment(payload, "iat"), _moment(payload, "auth_time")) - _SKEW > now:
            raise _invalid()
        return identity


def claimed(claims: Mapping[str, Any]) -> dict[str, Any]:
    """What an account's claims say, as arguments for ``attrs.evolve`` of an ``Identity``."""
    try:
        age_band = AgeBand(claims.get("age_band", ""))
    except ValueError:
        age_band = AgeBand.UNKNOWN
    return {
        "is_admin": claims.get("admin") is True,
        "email": _text(claims, "email"),
        "name": _text(claims, "name"),
        "age_band": age_band,
    }


def _identity(payload: Mapping[str, Any]) -> Identity:
    subject = payload["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise _invalid()
    return Identity(
        subject=subject,
        issued_at=_moment(payload, _SIGNED_IN_AT, timedelta(milliseconds=1)),
        expires_at=_moment(payload, "exp"),
        **claimed(payload),
    )


def _moment(
    payload: Mapping[str, Any], name: str, unit: timedelta = timedelta(seconds=1)
) -> datetime:
    value = payload[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise _invalid()
    try:
        return _EPOCH + value * unit
    except OverflowError:
        raise _invalid() from None


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    """The text without what no database takes."""
    value = claims.get(name)
    if not isinstance(value, str):
        return None
    return value.replace("\0", "").encode(errors="ignore").decode() or None


def _invalid() -> Unauthenticated:
    return Unauthenticated("The ID token is not valid.")
