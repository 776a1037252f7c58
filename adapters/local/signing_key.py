"""The key that the local issuer signs with: made once, kept in a folder."""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from attrs import frozen
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from adapters.local.errors import EmbeddedPartError, explained

_FILE = "signing-key.pem"


@frozen
class SigningKey:
    """An RSA key pair; ``id`` is its fingerprint, the ``kid`` of the tokens it signs."""

    id: str
    private: RSAPrivateKey
    public: RSAPublicKey


def load_or_make_key(folder: Path) -> SigningKey:
    """The key in ``folder``, which any number of processes may ask for at once.

    Raises ``EmbeddedPartError``.
    """
    file = folder / _FILE
    with explained(f"Cannot keep the key for local sign-ins in {folder}"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            _make(file)
        pem = file.read_bytes()
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, RSAPrivateKey):
        raise EmbeddedPartError(
            f"{file} is no key that local sign-ins could use.",
            "Delete that file: a new one is made, and everybody signs in again.",
        )
    public = private.public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(hashlib.sha256(der).hexdigest()[:40], private, public)


def _make(file: Path) -> None:
    """Write a whole key under another name, then link it into place, where the first one wins."""
    private = generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle, name = tempfile.mkstemp(prefix=".key-", dir=file.parent)  # with mode 0600
    try:
        with os.fdopen(handle, "wb") as draft:
            draft.write(pem)
            draft.flush()
            os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()
