"""An identity provider in memory: it issues tokens and knows its accounts."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import Factory, evolve, frozen

from application.ports.clock import Clock
from application.ports.identity_provider import IssuedToken
from domain.accounts import AgeBand, Identity
from domain.errors import InvalidRequest, TokenExpired, Unauthenticated

_LIFETIME = timedelta(hours=1)
_SKEW = timedelta(seconds=10)
_EPOCH = datetime.fromtimestamp(0, UTC)
_LONGEST_SUBJECT = 128
_LONGEST_CLAIMS = 1000
_RESERVED = frozenset(
    {"acr", "amr", "at_hash", "aud", "auth_time", "azp", "c_hash", "cnf", "exp", "firebase", "iat"}
    | {"iss", "jti", "nbf", "nonce", "sub", "user_id"}
)


@frozen
class _Account:
    exists: bool = False
    disabled: bool = False
    tokens_valid_after: int = 0
    claims: Mapping[str, Any] = Factory(dict)


class InMemoryIdentityProvider:
    """Both ``IdentityProvider`` and ``TokenIssuer``; a token is good only where it was issued."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._accounts: dict[str, _Account] = {}

    async def issue(self, subject: str, claims: Mapping[str, object] | None = None) -> IssuedToken:
        _check(subject, claims)
        account = evolve(self._account(subject), exists=True)
        if claims is not None:
            account = evolve(account, claims=json.loads(json.dumps(dict(claims))))
        self._accounts[subject] = account
        now = _milliseconds(self._clock.now())
        payload = {
            "subject": subject,
            "signed_in_at": max(now, account.tokens_valid_after),
            "expires_at": now + _LIFETIME // timedelta(milliseconds=1),
            "claims": account.claims,
        }
        body = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode()
        return IssuedToken(f"{body}.{self._sign(body)}", int(_LIFETIME.total_seconds()))

    async def verify(self, token: str) -> Identity:
        body, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(errors="replace"), self._sign(body).encode()):
            raise Unauthenticated("The ID token is not valid.")
        payload = json.loads(base64.urlsafe_b64decode(body))
        identity = Identity(
            subject=payload["subject"],
            issued_at=_moment(payload["signed_in_at"]),
            expires_at=_moment(payload["expires_at"]),
        )
        now = self._clock.now()
        if identity.expires_at + _SKEW < now:
            raise TokenExpired("The ID token has expired: sign in again.")
        if identity.issued_at - _SKEW > now:
            raise Unauthenticated("The ID token is not valid.")
        return _with_claims(identity, payload["claims"])

    async def confirm(self, identity: Identity) -> Identity:
        account = self._account(identity.subject)
        if not account.exists:
            raise Unauthenticated("The account no longer exists.")
        if account.disabled:
            raise Unauthenticated("The account is disabled.")
        if _milliseconds(identity.issued_at) < account.tokens_valid_after:
            raise Unauthenticated("The sign-in was ended: sign in again.")
        return _with_claims(identity, account.claims)

    async def revoke(self, subject: str) -> None:
        account = self._account(subject)
        if account.exists:
            last = max(_milliseconds(self._clock.now()), account.tokens_valid_after)
            self._accounts[subject] = evolve(account, tokens_valid_after=last + 1)

    async def delete(self, subject: str) -> None:
        await self.revoke(subject)
        valid_after = self._account(subject).tokens_valid_after
        self._accounts[subject] = _Account(tokens_valid_after=valid_after)

    async def disable(self, subject: str, *, disabled: bool = True) -> None:
        """Close an account, or open it again, as the provider's console does."""
        account = self._account(subject)
        self._accounts[subject] = evolve(account, disabled=disabled and account.exists)

    def _account(self, subject: str) -> _Account:
        return self._accounts.get(subject, _Account())

    def _sign(self, body: str) -> str:
        return hmac.new(self._secret, body.encode(errors="replace"), hashlib.sha256).hexdigest()


def _with_claims(identity: Identity, claims: Mapping[str, Any]) -> Identity:
    try:
        age_band = AgeBand(claims.get("age_band", ""))
    except ValueError:
        age_band = AgeBand.UNKNOWN
    return evolve(
        identity,
        is_admin=claims.get("admin") is True,
        email=_text(claims, "email"),
        name=_text(claims, "name"),
        age_band=age_band,
    )


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if not isinstance(value, str):
        return None
    return value.replace("\0", "").encode(errors="ignore").decode() or None


def _check(subject: str, claims: Mapping[str, object] | None) -> None:
    storable = subject.replace("\0", "").encode(errors="ignore").decode() == subject
    if not 0 < len(subject) <= _LONGEST_SUBJECT or not storable:
        raise InvalidRequest(f"A user id has 1 to {_LONGEST_SUBJECT} characters.", param="user_id")
    if not _RESERVED.isdisjoint(claims or {}):
        raise InvalidRequest("Reserved claims cannot be set.", param="claims")
    try:
        size = len(json.dumps(dict(claims or {}), allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise InvalidRequest("Claims must be plain JSON.", param="claims") from None
    if size > _LONGEST_CLAIMS:
        raise InvalidRequest(
            f"Claims may have {_LONGEST_CLAIMS} characters at most.", param="claims"
        )


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)
