"""The certificates at the end of every chain that is believed."""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

SUFFIXES = frozenset({".cer", ".crt", ".der", ".pem"})
_PEM_MARK = b"-----BEGIN"


def read_root_certificates(paths: Iterable[Path]) -> tuple[bytes, ...]:
    """The certificates in these files, DER or PEM, as DER; of a folder, those in its files.

    Raises ``ValueError`` for a file that is missing or holds none, and for a folder without any.
    """
    found: dict[bytes, None] = {}
    for path in paths:
        for file in _files(path):
            found.update(dict.fromkeys(_read(file)))
    return tuple(found)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    if not files:
        message = f"no certificates in the folder {path.name}"
        raise ValueError(message)
    return files


def _read(file: Path) -> list[bytes]:
    try:
        data = file.read_bytes()
        if _PEM_MARK in data:
            certificates = x509.load_pem_x509_certificates(data)
        else:
            certificates = [x509.load_der_x509_certificate(data)]
    except (OSError, ValueError) as error:
        message = f"no certificate can be read from {file.name}"
        raise ValueError(message) from error
    return [certificate.public_bytes(Encoding.DER) for certificate in certificates]
