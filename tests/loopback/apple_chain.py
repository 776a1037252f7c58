"""Three certificates as Apple's: a root, an intermediate and a leaf that signs, with both marks.

``AppleChain()`` is one authority with its own root; ``chain.sign(payload)`` gives a compact JWS
with the chain in ``x5c``, as StoreKit and the App Store do. Give a product under test its root
with ``chain.write_root(folder)``. With ``ocsp_url`` the certificates name where to ask whether
they are revoked (``apple_ocsp``).
"""

import hashlib
import hmac
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import frozen
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

LEAF_MARK = x509.ObjectIdentifier("1.2.840.113635.100.6.11.1")
INTERMEDIATE_MARK = x509.ObjectIdentifier("1.2.840.113635.100.6.2.1")
NULL = b"\x05\x00"


@frozen
class Certified:
    """A key and the certificate for it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


class AppleChain:
    """Root, intermediate and leaf; valid from ``valid_from`` for ten years."""

    def __init__(
        self,
        *,
        ocsp_url: str | None = None,
        valid_from: datetime | None = None,
        leaf_mark: bool = True,
        intermediate_mark: bool = True,
    ) -> None:
        self._ocsp_url = ocsp_url
        self._valid_from = valid_from or datetime.now(UTC) - timedelta(days=800)
        self.root = self._certify("Loopback Root CA", None, None)
        self.intermediate = self._certify(
            "Loopback WWDR CA", self.root, INTERMEDIATE_MARK if intermediate_mark else None
        )
        self.leaf = self._certify(
            "Loopback Receipt Signing",
            self.intermediate,
            LEAF_MARK if leaf_mark else None,
            is_authority=False,
        )

    @property
    def x5c(self) -> list[str]:
        """Leaf, intermediate, root, as a JWS header carries them."""
        return [b64encode(one.der).decode() for one in (self.leaf, self.intermediate, self.root)]

    def write_root(self, folder: Path, *, pem: bool = False) -> Path:
        """The root's certificate in a file; its path."""
        path = folder / ("root.pem" if pem else "root.cer")
        encoding = Encoding.PEM if pem else Encoding.DER
        path.write_bytes(self.root.certificate.public_bytes(encoding))
        return path

    def sign(
        self,
        payload: Mapping[str, object],
        *,
        header: Mapping[str, object] | None = None,
        sign: Callable[[bytes], bytes] | None = None,
    ) -> str:
        """The payload, signed; ``header`` replaces fields of the header, None removes one."""
        head: dict[str, object] = {"alg": "ES256", "x5c": self.x5c, **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        text = f"{_base64(_json(head))}.{_base64(_json(payload))}"
        return f"{text}.{_base64((sign or self._es256)(text.encode()))}"

    def _es256(self, text: bytes) -> bytes:
        return es256(self.leaf.key, text)

    def _certify(
        self,
        name: str,
        issuer: Certified | None,
        mark: x509.ObjectIdentifier | None,
        *,
        is_authority: bool = True,
    ) -> Certified:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signer = issuer.key if issuer else key
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._valid_from)
            .not_valid_after(self._valid_from + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(_usage(is_authority=is_authority), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)  # noqa: FBT003 - the library's
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
                critical=False,
            )
        )
        if issuer and self._ocsp_url:
            where = x509.UniformResourceIdentifier(self._ocsp_url)
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
            builder = builder.add_extension(
                x509.AuthorityInformationAccess([access]), critical=False
            )
        if mark:
            builder = builder.add_extension(x509.UnrecognizedExtension(mark, NULL), critical=False)
        return Certified(key, builder.sign(signer, hashes.SHA256()))


def es256(key: ec.EllipticCurvePrivateKey, text: bytes) -> bytes:
    """The signature as a JWS has it: r and s, 32 bytes each."""
    r, s = decode_dss_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def hs256(secret: bytes) -> Callable[[bytes], bytes]:
    """Signs with a shared secret, as a forger might who takes a public key for one."""
    return lambda text: hmac.new(secret, text, hashlib.sha256).digest()


def unsigned(_: bytes) -> bytes:
    """The signature of ``alg: none``."""
    return b""


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
