"""What Apple signed: read, and believed only with its certificates."""

import binascii
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import msgspec
from appstoreserverlibrary.models.Environment import Environment
from appstoreserverlibrary.models.JWSRenewalInfoDecodedPayload import JWSRenewalInfoDecodedPayload
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload
from appstoreserverlibrary.models.ResponseBodyV2DecodedPayload import ResponseBodyV2DecodedPayload
from appstoreserverlibrary.signed_data_verifier import (
    SignedDataVerifier,
    VerificationException,
    VerificationStatus,
)
from attrs import frozen
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from adapters.apple.environments import StoreEnvironment, read_environments, refused_settings
from adapters.apple.revocation_checks import RevocationChecks, RevocationPolicy
from domain.errors import InvalidRequest

MOST_CHARACTERS = 262_144
"""Of one signed text; a notification with all that is in it has some 20,000."""

_REASONS = {
    VerificationStatus.INVALID_APP_IDENTIFIER: "What was signed is for another app.",
    VerificationStatus.INVALID_ENVIRONMENT: "What was signed is of another environment.",
}
_NOT_GENUINE = "The App Store did not sign this."

_T = TypeVar("_T")


class _Header(msgspec.Struct):
    x5c: tuple[str, ...]


@frozen
class _Reader:
    """One environment's verifiers: by the signature alone, and asking the responders too."""

    offline: SignedDataVerifier
    online: SignedDataVerifier


class AppleSignedData:
    """Reads signed transactions, renewal infos and notifications of one app.

    ``root_certificates`` are DER. Raises ``ValueError`` without any, and for environments that
    would accept unsigned data. Everything that is read raises ``InvalidRequest`` when it is not
    genuine, or is of another app or environment.
    """

    def __init__(
        self,
        *,
        root_certificates: Sequence[bytes],
        bundle_id: str,
        app_apple_id: int | None = None,
        environments: Sequence[str] = (StoreEnvironment.PRODUCTION, StoreEnvironment.SANDBOX),
        revocation: RevocationPolicy = RevocationPolicy.ALWAYS,
        checks: RevocationChecks | None = None,
    ) -> None:
        problems = refused_settings(environments, app_apple_id=app_apple_id)
        if not root_certificates:
            problems.append("there is no root certificate to trust")
        if not bundle_id:
            problems.append("the app's bundle id is missing")
        if problems:
            raise ValueError("; ".join(problems))
        self._revocation = revocation
        self._checks = checks or RevocationChecks()
        self._readers = []
        for environment in read_environments(environments):
            build = partial(
                SignedDataVerifier,
                list(root_certificates),
                environment=Environment(environment.value),
                bundle_id=bundle_id,
                app_apple_id=app_apple_id,
            )
            self._readers.append(
                _Reader(build(enable_online_checks=False), build(enable_online_checks=True))
            )

    def read_transaction(self, signed: str) -> JWSTransactionDecodedPayload:
        """A transaction; whether its certificates were revoked is not asked."""
        return self._read(signed, SignedDataVerifier.verify_and_decode_signed_transaction)[0]

    def read_renewal(self, signed: str) -> JWSRenewalInfoDecodedPayload:
        """What is said of a subscription's next renewal; revocation is not asked about."""
        return self._read(signed, SignedDataVerifier.verify_and_decode_renewal_info)[0]

    def read_notification(self, signed: str) -> ResponseBodyV2DecodedPayload:
        """A notification, version 2; revocation is not asked about."""
        return self._read(signed, SignedDataVerifier.verify_and_decode_notification)[0]

    async def check_transaction(
        self, signed: str, *, within: float
    ) -> JWSTransactionDecodedPayload:
        """A transaction whose certificates are still good; ``within`` is in seconds.

        Raises ``Unavailable`` when nobody answers whether they are.
        """
        return await self._check(
            signed, SignedDataVerifier.verify_and_decode_signed_transaction, within
        )

    async def check_notification(
        self, signed: str, *, within: float
    ) -> ResponseBodyV2DecodedPayload:
        """A notification whose certificates are still good; ``within`` is in seconds.

        Raises ``Unavailable`` when nobody answers whether they are.
        """
        return await self._check(signed, SignedDataVerifier.verify_and_decode_notification, within)

    async def _check(
        self, signed: str, decode: Callable[[SignedDataVerifier, str], _T], within: float
    ) -> _T:
        # First without the responders: what is not genuine never makes us ask anybody.
        found, reader = self._read(signed, decode)
        if self._revocation is not RevocationPolicy.NEVER:
            chain = _chain_of(signed)
            if self._revocation is RevocationPolicy.ALWAYS and not _names_responder(chain):
                raise InvalidRequest(_NOT_GENUINE)
            if _names_responder(chain):
                ask = partial(decode, reader.online, signed)
                await self._checks.confirm(chain, ask, within=within)
        return found

    def _read(
        self, signed: str, decode: Callable[[SignedDataVerifier, str], _T]
    ) -> tuple[_T, _Reader]:
        if len(signed) > MOST_CHARACTERS:
            raise InvalidRequest("What was signed is too long.")
        reason = _NOT_GENUINE
        for reader in self._readers:
            try:
                return decode(reader.offline, signed), reader
            except VerificationException as error:
                reason = _REASONS.get(error.status, reason)
                if error.status not in _REASONS:
                    break
            except Exception as error:  # genuine, but its fields are not what they should be
                raise InvalidRequest("What was signed cannot be read.") from error
        raise InvalidRequest(reason)


def _chain_of(signed: str) -> tuple[str, ...]:
    """The certificates that a genuine signature came with."""
    head = signed.partition(".")[0]
    return msgspec.json.decode(urlsafe_b64decode(head + "=" * (-len(head) % 4)), type=_Header).x5c


def _names_responder(chain: tuple[str, ...]) -> bool:
    """Whether it can be asked about the leaf and the intermediate."""
    return all(_has_responder(certificate) for certificate in chain[:2])


def _has_responder(certificate: str) -> bool:
    try:
        loaded = x509.load_der_x509_certificate(b64decode(certificate))
        access = loaded.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (ValueError, binascii.Error, x509.ExtensionNotFound):
        return False
    return any(one.access_method == AuthorityInformationAccessOID.OCSP for one in access)
