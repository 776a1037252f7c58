"""Google's certificates for Firebase's ID tokens, and the keys behind them, on loopback.

``with FirebaseCertificates() as firebase``: ``firebase.url`` serves ``{kid: PEM}`` as Google does,
``firebase.token(admin=True)`` is a token as Firebase signs it. It runs in a thread of its own, so
it serves synchronous steps and processes under test as well.
"""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Self

from attrs import frozen
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

ISSUER = "https://securetoken.google.com/"
DEFAULT_MAX_AGE = 21_600


@frozen
class SigningKey:
    """A key pair; ``pem`` is its self-signed certificate."""

    id: str
    private: rsa.RSAPrivateKey
    pem: str

    def sign(self, text: bytes) -> bytes:
        return self.private.sign(text, padding.PKCS1v15(), hashes.SHA256())

    @property
    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )


@cache
def signing_key(number: int, valid_for: timedelta = timedelta(days=16)) -> SigningKey:
    """The same key for the same number, because making one takes long."""
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "securetoken.loopback")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(number + 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + valid_for)
        .sign(private, hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM).decode()
    return SigningKey(hashlib.sha256(pem.encode()).hexdigest()[:40], private, pem)


def encode(
    header: Mapping[str, object], claims: Mapping[str, object], sign: Callable[[bytes], bytes]
) -> str:
    """A JWT of whatever it is given: no rule is applied."""
    head, body = (_base64(json.dumps(part).encode()) for part in (header, claims))
    return f"{head}.{body}.{_base64(sign(f'{head}.{body}'.encode()))}"


def hs256(secret: bytes) -> Callable[[bytes], bytes]:
    return lambda text: hmac.digest(secret, text, "sha256")


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class FirebaseCertificates:
    """The server, what it does from now on, and how often it was asked."""

    def __init__(self, project_id: str = "demo-companion") -> None:
        self.project_id = project_id
        self.keys = [signing_key(0)]
        """Served all; the last one signs."""
        self.max_age: int | None = DEFAULT_MAX_AGE
        self.age: int | None = None
        self.status = 200
        self.body: bytes | None = None
        """Served instead of the certificates."""
        self.seconds_per_byte = 0.0
        self.fetches = 0
        self._answers = Event()
        self._answers.set()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/certificates"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.answer()
        self.stop()

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        self._port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections, until ``start``, which takes the same port again."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def fall_silent(self) -> None:
        """Accept connections and requests, but do not answer until ``answer``."""
        self._answers.clear()

    def answer(self) -> None:
        self._answers.set()

    def claims(self, **changes: object) -> dict[str, object]:
        """Firebase's claims for a person who has just signed in; ``None`` removes one."""
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": ISSUER + self.project_id,
            "aud": self.project_id,
            "auth_time": now,
            "iat": now,
            "exp": now + 3600,
            "sub": "ada-lovelace",
            "user_id": "ada-lovelace",
            "email": "ada@example.com",
            "email_verified": True,
            "name": "Ada",
            "firebase": {"identities": {}, "sign_in_provider": "password"},
        }
        return {key: value for key, value in (claims | changes).items() if value is not None}

    def token(self, key: SigningKey | None = None, **changes: object) -> str:
        """A genuine token with these claims, signed with the newest key or with ``key``."""
        key = key or self.keys[-1]
        header = {"alg": "RS256", "kid": key.id, "typ": "JWT"}
        return encode(header, self.claims(**changes), key.sign)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        firebase = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                firebase.fetches += 1
                if not firebase._answers.wait(timeout=30):
                    return
                body = firebase.body
                if body is None:
                    body = json.dumps({key.id: key.pem for key in firebase.keys}).encode()
                with suppress(ConnectionError):
                    self.send_response(firebase.status)
                    self.send_header("Content-Type", "application/json; charset=UTF-8")
                    if firebase.max_age is not None:
                        control = f"public, max-age={firebase.max_age}, must-revalidate"
                        self.send_header("Cache-Control", control)
                    if firebase.age is not None:
                        self.send_header("Age", str(firebase.age))
                    self.end_headers()
                    size = 1 if firebase.seconds_per_byte else len(body)
                    for start in range(0, len(body), size):
                        self.wfile.write(body[start : start + size])
                        time.sleep(firebase.seconds_per_byte)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                """Say nothing on the test's output."""

        return Handler
