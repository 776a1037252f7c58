"""The responder that says whether certificates are still good.

Certificates name it, and it needs their chain: so start it first, then make the chain::

    with OcspResponder() as ocsp:
        chain = ocsp.certify()

``ocsp.fall_silent()`` is a black hole, ``ocsp.stop()`` refuses connections, ``ocsp.failure`` is any
other trouble, and ``ocsp.revoked = True`` says of every certificate that it was revoked.
"""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from tests.loopback.apple_chain import AppleChain, Certified
from tests.loopback.apple_server import Answer, AppleServer, Request


class OcspResponder(AppleServer):
    """Answers for the chains that it had made; the issuer of a certificate signs."""

    def __init__(self) -> None:
        super().__init__()
        self.revoked = False
        self._known: dict[int, tuple[Certified, Certified]] = {}

    def certify(self) -> AppleChain:
        """A chain whose certificates name this responder."""
        chain = AppleChain(ocsp_url=self.url + "/ocsp")
        for one, issuer in ((chain.leaf, chain.intermediate), (chain.intermediate, chain.root)):
            self._known[one.certificate.serial_number] = (one, issuer)
        return chain

    def answer(self, request: Request) -> Answer:
        asked = ocsp.load_der_ocsp_request(request.body)
        known = self._known.get(asked.serial_number)
        if known is None:
            unknown = ocsp.OCSPResponseBuilder.build_unsuccessful(
                ocsp.OCSPResponseStatus.UNAUTHORIZED
            )
            return _answer(unknown)
        one, issuer = known
        now = datetime.now(UTC)
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=one.certificate,
            issuer=issuer.certificate,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if self.revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=now - timedelta(minutes=1),
            next_update=now + timedelta(hours=12),
            revocation_time=now - timedelta(days=1) if self.revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if self.revoked else None,
        )
        signed = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate).sign(
            issuer.key, hashes.SHA256()
        )
        return _answer(signed)


def _answer(response: ocsp.OCSPResponse) -> Answer:
    return Answer(response.public_bytes(Encoding.DER), content_type="application/ocsp-response")
