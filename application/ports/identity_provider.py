"""Who is asking, according to the identity provider."""

from collections.abc import Mapping
from typing import Protocol

from attrs import frozen

from domain.accounts import Identity


class IdentityProvider(Protocol):
    """Verifies ID tokens and manages the provider's accounts. Never blocks the event loop."""

    async def verify(self, token: str) -> Identity:
        """The identity in a genuine, unexpired token meant for us (10 s of clock skew allowed).

        Raises ``TokenExpired``, ``Unauthenticated``, or ``Unavailable`` when the keys to check
        it with cannot be had: that is not the caller's fault.
        """
        ...

    async def confirm(self, identity: Identity) -> Identity:
        """The identity as the provider knows it now: its claims of this moment.

        Raises ``Unauthenticated`` when the account was disabled or deleted, or its tokens were
        revoked after it signed in, and ``Unavailable`` when the provider does not answer.
        """
        ...

    async def revoke(self, subject: str) -> None:
        """End all sign-ins of this subject. Does nothing when there is no such account."""
        ...

    async def delete(self, subject: str) -> None:
        """Delete the provider's account. Does nothing when there is none."""
        ...


@frozen
class IssuedToken:
    """A fresh ID token and for how many seconds it is good."""

    id_token: str
    expires_in: int


class TokenIssuer(Protocol):
    """Issues ID tokens: only a local issuer can, so only development has one."""

    async def issue(self, subject: str, claims: Mapping[str, object] | None = None) -> IssuedToken:
        """A token for ``subject``, creating the account if it is new.

        ``claims`` (such as ``admin``, ``email``, ``name``, ``age_band``), when given, become the
        account's custom claims from now on, as with Firebase; None keeps them. Raises
        ``InvalidRequest`` for a subject that is not 1 to 128 characters or for reserved claims.
        """
        ...
