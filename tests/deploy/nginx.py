"""A real nginx with the configuration that is deployed; only addresses and patience differ."""

import datetime as dt
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
from attrs import define, field
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.acceptance.product import Product, free_port
from tests.deploy.tools import DEPLOY, check, tool

_FOLDERS = ("body", "proxy", "fastcgi", "uwsgi", "scgi")
_START_SECONDS = 20.0
_HURRIED = {
    "client_header_timeout 10s": "client_header_timeout 4s",
    "client_body_timeout 10s": "client_body_timeout 4s",
}
_CROWDED = {
    "rate=100r/s": "rate=100000r/s",
    "limit_conn connections 200": "limit_conn connections 8000",
}


def make_certificate(folder: Path) -> None:
    """A certificate for localhost that nobody else trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tls.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "tls.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@define
class Nginx:
    """One nginx; ``start`` and ``serve`` may be called in any order, as often as wanted."""

    folder: Path
    port: int = field(factory=free_port)
    tls_port: int = field(factory=free_port)
    is_crowded: bool = False
    """Whether the people of a whole suite come from one address: then nginx does not count them,
    and waits for slow ones as long as it is deployed to."""
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"https://127.0.0.1:{self.tls_port}"

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def access_log(self) -> str:
        return (self.folder / "access.log").read_text()

    def configure(self, servers: Sequence[Product], *, down: Sequence[Product] = ()) -> None:
        """Write the configuration; ``down`` gets no new requests."""
        if not (self.folder / "tls").exists():
            shutil.copytree(DEPLOY / "nginx", self.folder, dirs_exist_ok=True)
            make_certificate(self.folder / "tls")
            self._move()
        text = (DEPLOY / "nginx" / "upstream" / "upstream.conf").read_text()
        lines = [
            f"    server 127.0.0.1:{one.port} max_fails=1 fail_timeout=2s"
            f"{' down' if one in down else ''};\n"
            for one in servers
        ]
        start, rest = re.split(r"(?:    server [^\n]+\n)+", text)
        (self.folder / "upstream" / "upstream.conf").write_text(start + "".join(lines) + rest)

    def _move(self) -> None:
        """Ports, files and patience of a test; all else is as it is deployed."""
        path = self.folder / "nginx.conf"
        text = path.read_text()
        for name in _FOLDERS:
            text = text.replace(f"/tmp/nginx-{name}", str(self.folder / name))  # noqa: S108 - replaced
        text = text.replace("/tmp/nginx.pid", str(self.folder / "nginx.pid"))  # noqa: S108 - replaced
        text = text.replace("/dev/stdout", str(self.folder / "access.log"))
        text = text.replace("/dev/stderr", str(self.folder / "error.log"))
        text = text.replace("worker_processes auto", "user root;\nworker_processes 1")
        changes = _CROWDED if self.is_crowded else _HURRIED
        for what, instead in changes.items():
            assert what in text
            text = text.replace(what, instead)
        path.write_text(text)
        (self.folder / "listen.conf").write_text(
            f"listen 127.0.0.1:{self.port};\nlisten 127.0.0.1:{self.tls_port} ssl http2;\n"
        )

    def test(self) -> None:
        """What ``nginx -t`` says of it."""
        check("nginx", "-t", "-q", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"))

    def serve(self, servers: Sequence[Product], *, down: Sequence[Product] = ()) -> None:
        """Stand before these servers; a running nginx is reloaded, its streams go on."""
        before: set[int] = self.workers() if self.runs else set()
        self.configure(servers, down=down)
        if not self.runs:
            self.process = subprocess.Popen(
                [tool("nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"),
                 "-g", "daemon off;"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
        else:
            assert self.process is not None
            self.process.send_signal(1)
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_up() or not self.workers() - before or self.workers() & before:
            assert self.runs, (self.folder / "error.log").read_text()
            assert time.monotonic() < deadline, (self.folder / "error.log").read_text()
            time.sleep(0.02)

    def workers(self) -> set[int]:
        """The processes that take new connections: a reload brings others."""
        assert self.process is not None
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {
            int(child)
            for child in path.read_text().split()
            if b"shutting down" not in _title(int(child))
        }

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)

    def _is_up(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.tls_port), 1):
                pass
            return httpx.get(f"{self.url}/nginx-health", timeout=2).is_success
        except (OSError, httpx.TransportError):
            return False


def _title(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b"shutting down"
