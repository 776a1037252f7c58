"""People who sign in with Firebase.

Tokens are checked by firebase-admin, on the event loop. With the certificates at hand that is
computation only: 0.09 ms measured, against 0.20 by way of a thread. So its blocking transport is
replaced by one that answers from our own cache and never touches the network. The accounts are
another matter: each such call is a round trip to Google, made from a thread.
"""

import logging
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import firebase_admin
from attrs import evolve
from firebase_admin import auth, credentials
from google.auth.credentials import AnonymousCredentials

from adapters.firebase.accounts import AccountCalls
from adapters.firebase.certificates import GOOGLE_CERTIFICATES_URL, CertificateCache
from adapters.firebase.claims import (
    LONGEST_TOKEN,
    age_band_from,
    identity_from,
    invalid_token,
    is_admin,
    key_id_of,
    text_from,
)
from adapters.firebase.emulator import EmulatorSwitch
from adapters.firebase.transport import CertificateAtHand
from application.ports.clock import Clock
from domain.accounts import Identity
from domain.errors import TokenExpired, Unauthenticated

_CLOCK_SKEW = timedelta(seconds=10)
_log = logging.getLogger(__name__)


class FirebaseIdentityProvider:
    """Verifies by certificates; knows the accounts if it has credentials or an emulator.

    With neither, it only verifies: ``confirm`` then returns the identity as the token has it, and
    ``revoke`` and ``delete`` leave a warning in the log. That may do for development; production
    needs credentials. ``emulator_host`` (``host:port``) turns the checks of signatures off, for
    the emulator does not sign; with ``accounts_url``, a server of the same API in the emulator's
    place, they stay on.
    """

    def __init__(
        self,
        project_id: str,
        clock: Clock,
        *,
        credentials_path: str | Path | None = None,
        certificates_url: str | None = None,
        accounts_url: str | None = None,
        emulator_host: str | None = None,
        fetch_seconds: float = 2.0,
        call_seconds: float = 3.0,
    ) -> None:
        """Raises ``OSError`` or ``ValueError`` for settings that cannot work."""
        self._clock = clock
        self.can_confirm = bool(credentials_path or accounts_url or emulator_host)
        credential = (
            credentials.Certificate(str(credentials_path))
            if credentials_path
            else AnonymousCredentials()  # type: ignore[no-untyped-call]  # has no annotations
        )
        self._certificates = CertificateCache(
            certificates_url or GOOGLE_CERTIFICATES_URL, clock, fetch_seconds=fetch_seconds
        )
        self._emulator = EmulatorSwitch(emulator_host)
        self._calls = AccountCalls(call_seconds)
        self._app = firebase_admin.initialize_app(
            credential,
            # A call that fails is tried once more, so half of the time is for each.
            {"projectId": project_id, "httpTimeout": call_seconds / 2},
            f"companion-{uuid.uuid4()}",
        )
        self._client = auth.Client(self._app)
        self._transport = CertificateAtHand()
        # There is no public way to say where certificates come from, or where accounts are.
        self._client._token_verifier.request = self._transport  # noqa: SLF001
        if accounts_url:
            base_url = f"{accounts_url}/projects/{project_id}"
            self._client._user_manager.base_url = base_url  # noqa: SLF001

    async def verify(self, token: str) -> Identity:
        self._emulator.check()
        if not 0 < len(token) <= LONGEST_TOKEN:
            raise invalid_token()
        if self._emulator.is_on:
            return self._verified(token, None)
        key_id = key_id_of(token)
        certificate = await self._certificates.at_hand(key_id)
        try:
            return self._verified(token, certificate)
        except auth.CertificateFetchError:
            # The token is right in all but what a certificate proves: now it is worth a question.
            certificate = await self._certificates.asked_for(key_id)
        if certificate is None:
            raise invalid_token()
        return self._verified(token, certificate)

    async def confirm(self, identity: Identity) -> Identity:
        if not self.can_confirm:
            return identity
        try:
            user = await self._calls.make(lambda: self._client.get_user(identity.subject))
        except auth.UserNotFoundError:
            raise Unauthenticated("The account no longer exists.") from None
        if user.disabled:
            raise Unauthenticated("The account is disabled.")
        if user.tokens_valid_after_timestamp > identity.issued_at.timestamp() * 1000:
            raise Unauthenticated("The sign-in was ended: sign in again.")
        claims = user.custom_claims or {}
        return evolve(
            identity,
            is_admin=is_admin(claims),
            email=text_from(user.email),
            name=text_from(user.display_name),
            age_band=age_band_from(claims),
        )

    async def revoke(self, subject: str) -> None:
        await self._change(self._client.revoke_refresh_tokens, subject)

    async def delete(self, subject: str) -> None:
        await self._change(self._client.delete_user, subject)

    async def aclose(self) -> None:
        """Let go of threads, connections and the SDK's app; the provider is of no use then."""
        await self._certificates.aclose()
        self._calls.close()
        firebase_admin.delete_app(self._app)
        self._emulator.release()

    def _verified(self, token: str, certificate: bytes | None) -> Identity:
        self._transport.certificate = certificate
        try:
            claims: dict[str, Any] = self._client.verify_id_token(
                token, clock_skew_seconds=_CLOCK_SKEW.seconds
            )
        except auth.CertificateFetchError:
            raise
        except auth.ExpiredIdTokenError:
            raise _expired() from None
        except (auth.InvalidIdTokenError, ValueError, TypeError, RecursionError):
            # Without a cause: it quotes the token, which must not reach a log.
            raise invalid_token() from None
        identity = identity_from(claims)
        # Checked again, because for the emulator's tokens firebase-admin does not.
        if identity.expires_at + _CLOCK_SKEW < self._clock.now():
            raise _expired()
        return identity

    async def _change(self, call: Callable[[str], object], subject: str) -> None:
        def when_the_second_is_over() -> None:
            # Firebase stamps sign-ins, revocations and new accounts in whole seconds, and equal
            # stamps count as valid: a sign-in in the second of its own end would survive it.
            time.sleep(1 - time.time() % 1)
            call(subject)

        if not self.can_confirm:
            _log.warning("Without credentials for Firebase, its accounts stay as they are.")
            return
        with suppress(auth.UserNotFoundError):
            await self._calls.make(when_the_second_is_over)


def _expired() -> TokenExpired:
    return TokenExpired("The ID token has expired: sign in again.")
