"""What firebase-admin believes to be the network when it verifies a token."""

from http import HTTPStatus

from attrs import define, frozen
from google.auth.exceptions import TransportError


@frozen
class _Answer:
    data: bytes
    status: int = HTTPStatus.OK


@define
class CertificateAtHand:
    """Answers with ``certificate``; without one, fails as a broken network would.

    Set just before each verification. Nothing awaits in between, so nobody else's gets in.
    """

    certificate: bytes | None = None

    def __call__(self, url: str, method: str = "GET") -> _Answer:
        if self.certificate is None:
            # google-auth says that it is typed, but its exceptions are not.
            raise TransportError(f"{method} {url}: not at hand")  # type: ignore[no-untyped-call]
        return _Answer(self.certificate)
