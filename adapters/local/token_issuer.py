"""Who is asking, for a start without Firebase: sign-ins that we issue ourselves."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import evolve

from adapters.local.account_directory import Account, AccountDirectory
from adapters.local.errors import explained
from adapters.local.id_token import LIFETIME, LONGEST_SUBJECT, RESERVED_CLAIMS, IdTokens, claimed
from adapters.local.signing_key import load_or_make_key
from application.ports.clock import Clock
from application.ports.identity_provider import IssuedToken
from domain.accounts import Identity
from domain.errors import InvalidRequest, Unauthenticated, Unavailable

_LONGEST_CLAIMS = 1000  # characters of JSON, as with Firebase
_EPOCH = datetime.fromtimestamp(0, UTC)


class LocalTokenIssuer:
    """Both ``IdentityProvider`` and ``TokenIssuer``.

    ``folder`` is its own (``DATA_DIR/identity``); processes that share it share the key and the
    accounts. Raises ``EmbeddedPartError`` when it cannot be used.
    """

    def __init__(self, folder: Path, clock: Clock, project: str = "companion-local") -> None:
        self._clock = clock
        self._tokens = IdTokens(project, load_or_make_key(folder))
        with explained(f"Cannot keep local accounts in {folder}"):
            self._accounts = AccountDirectory(folder / "accounts")

    async def issue(self, subject: str, claims: Mapping[str, object] | None = None) -> IssuedToken:
        _check_subject(subject)
        _check_claims(claims)
        account = await self._change(subject, lambda account: _signed_up(account, claims))
        now = self._clock.now()
        signed_in_at = max(_milliseconds(now), account.tokens_valid_after)
        token = self._tokens.sign(subject, account.claims, now, signed_in_at)
        return IssuedToken(token, int(LIFETIME.total_seconds()))

    async def verify(self, token: str) -> Identity:
        return self._tokens.read(token, self._clock.now())

    async def confirm(self, identity: Identity) -> Identity:
        # One small file, from the page cache: less than the way to a thread and back would cost.
        try:
            account = self._accounts.find(identity.subject)
        except (OSError, ValueError, TypeError) as error:
            raise _unavailable() from error
        if not account.exists:
            raise Unauthenticated("The account no longer exists.")
        if account.disabled:
            raise Unauthenticated("The account is disabled.")
        if _milliseconds(identity.issued_at) < account.tokens_valid_after:
            raise Unauthenticated("The sign-in was ended: sign in again.")
        return evolve(identity, **claimed(account.claims))

    async def revoke(self, subject: str) -> None:
        now = _milliseconds(self._clock.now())
        await self._change(subject, lambda account: _revoked(account, now))

    async def delete(self, subject: str) -> None:
        now = _milliseconds(self._clock.now())
        await self._change(
            subject,
            # The moment stays, without the person: old tokens must not open a new account.
            lambda account: Account(
                exists=False, tokens_valid_after=_revoked(account, now).tokens_valid_after
            ),
        )

    async def disable(self, subject: str, *, disabled: bool = True) -> None:
        """Close an account, or open it again, as Firebase's console does."""
        await self._change(
            subject, lambda account: evolve(account, disabled=disabled and account.exists)
        )

    async def _change(self, subject: str, to: Callable[[Account], Account]) -> Account:
        try:
            return await asyncio.to_thread(self._accounts.change, subject, to)
        except (OSError, ValueError, TypeError) as error:
            raise _unavailable() from error


def _signed_up(account: Account, claims: Mapping[str, object] | None) -> Account:
    return evolve(account, exists=True, claims=account.claims if claims is None else dict(claims))


def _revoked(account: Account, now: int) -> Account:
    """Sign-ins up to and with ``now`` are over, and the next one comes later, if by a hair."""
    if not account.exists:
        return account
    return evolve(account, tokens_valid_after=max(now, account.tokens_valid_after) + 1)


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _check_subject(subject: str) -> None:
    storable = subject.replace("\0", "").encode(errors="ignore").decode() == subject
    if not 0 < len(subject) <= LONGEST_SUBJECT or not storable:
        raise InvalidRequest(f"A user id has 1 to {LONGEST_SUBJECT} characters.", param="user_id")


def _check_claims(claims: Mapping[str, object] | None) -> None:
    if claims is None:
        return
    reserved = sorted(RESERVED_CLAIMS & claims.keys())
    if reserved:
        raise InvalidRequest(f"Reserved claims: {', '.join(reserved)}.", param="claims")
    try:
        size = len(json.dumps(dict(claims), allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise InvalidRequest("Claims must be plain JSON.", param="claims") from None
    if size > _LONGEST_CLAIMS:
        raise InvalidRequest(
            f"Claims may have {_LONGEST_CLAIMS} characters at most.", param="claims"
        )


def _unavailable() -> Unavailable:
    return Unavailable("The local accounts cannot be used right now.")
