"""Google's Play Developer API on loopback, with the server that its access tokens come from.

``with PlayApiServer(store) as play``: ``play.url`` is the API's base, and
``play.write_credentials(folder)`` a service account's file whose ``token_uri`` is this server. It
runs in a thread of its own, so it serves processes under test as well. What it sells and what
becomes of it, ``play.store`` says (``play_store``).

It answers as Google does: an unknown token is 404, a request without a token of ours 401, and an
account without the permission for orders 403.
"""

import json
import re
import secrets
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR, socket
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.loopback.firebase_certificates import signing_key
from tests.loopback.play_books import Json, millis
from tests.loopback.play_store import PlayStore

Answer = tuple[int, Json | bytes | None]
PENDING = "ACKNOWLEDGEMENT_STATE_PENDING"


class PlayApiServer:
    """The server, what goes wrong from now on, and what it was asked."""

    def __init__(self, store: PlayStore | None = None) -> None:
        self.store = store or PlayStore()
        self.requests: list[tuple[str, str]] = []
        """Method and path with query, of the API alone."""
        self.tokens_given = 0
        self.has_orders = True
        """Whether the account may read orders (Google's permission for financial data)."""
        self.page_size = 1000
        self.overlap = 0
        """How many voided purchases of a page come again on the next one."""
        self.failures: dict[str, tuple[int, str]] = {}
        """Status and reason for paths that contain a text."""
        self.refuses_credentials = False
        self.body: bytes | None = None
        """Answered with 200 to everything, instead."""
        self._access: set[str] = set()
        self._connections: set[socket] = set()
        self._lock = Lock()
        self._answers = Event()
        self._answers.set()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

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
        self._server = _Server(("127.0.0.1", self._port), self._handler())
        self._port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections, until ``start``, which takes the same port again."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)

    def fall_silent(self) -> None:
        """Accept connections and requests, but do not answer until ``answer``."""
        self._answers.clear()

    def answer(self) -> None:
        self._answers.set()

    def withdraw_tokens(self) -> None:
        """Refuse every access token given so far."""
        self._access.clear()

    def trust(self, token: str) -> None:
        """Take this access token, too."""
        self._access.add(token)

    def write_credentials(self, folder: Path) -> Path:
        """A service account's key file for this server."""
        private = signing_key(7).private.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        path = folder / "google-play.json"
        account = {
            "type": "service_account",
            "project_id": "demo-companion",
            "private_key_id": "7",
            "private_key": private.decode(),
            "client_email": "companion@demo-companion.example",
            "client_id": "7",
            "token_uri": f"{self.url}/token",
        }
        path.write_text(json.dumps(account))
        return path

    def reply(self, method: str, target: str, authorization: str, body: bytes) -> Answer:
        """What the server says to one request."""
        parts = urlsplit(target)
        if parts.path == "/token":
            return self._token()
        self.requests.append((method, target))
        if self.body is not None:
            return 200, self.body
        if authorization.removeprefix("Bearer ") not in self._access:
            return refused(401, "authError")
        for text, (status, reason) in self.failures.items():
            if text in target:
                return refused(status, reason)
        app = f"/androidpublisher/v3/applications/{self.store.package_name}/"
        if not parts.path.startswith(app):
            return refused(404, "applicationNotFound")
        with self._lock:
            return self._route(method, parts.path.removeprefix(app), parse_qs(parts.query), body)

    def _token(self) -> Answer:
        if self.refuses_credentials:
            return 400, {"error": "invalid_grant", "error_description": "account not found"}
        self.tokens_given += 1
        token = secrets.token_urlsafe(16)
        self._access.add(token)
        return 200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}

    def _route(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Answer:
        routes = (
            ("GET", r"purchases/productsv2/tokens/([^/:]+)", self._pack),
            ("GET", r"purchases/subscriptionsv2/tokens/([^/:]+)", self._subscription),
            ("POST", r"purchases/products/([^/]+)/tokens/([^/:]+):consume", self._consume),
            ("POST", r"purchases/subscriptions/[^/]+/tokens/([^/:]+):acknowledge", self._ack),
            ("POST", r"purchases/subscriptionsv2/tokens/([^/:]+):cancel", self._cancel),
        )
        for verb, pattern, reply in routes:
            match = re.fullmatch(pattern, path)
            if match and verb == method:
                return reply(*(unquote(one) for one in match.groups()))
        if method == "GET" and path == "orders:batchGet":
            return self._orders(query.get("orderIds", []))
        if method == "GET" and path == "purchases/voidedpurchases":
            return self._voided({name: values[0] for name, values in query.items()})
        return refused(404, "notFound")

    def _pack(self, token: str) -> Answer:
        pack = self.store.packs.get(token)
        return (200, pack) if pack else refused(404, "purchaseTokenNotFound")

    def _subscription(self, token: str) -> Answer:
        one = self.store.subscriptions.get(token)
        return (200, one) if one else refused(404, "purchaseTokenNotFound")

    def _consume(self, product: str, token: str) -> Answer:
        pack = self.store.packs.get(token)
        if pack is None:
            return refused(404, "purchaseTokenNotFound")
        if pack["purchaseStateContext"]["purchaseState"] != "PURCHASED":
            return refused(400, "invalid")
        for line in pack["productLineItem"]:
            offer = line["productOfferDetails"]
            is_left = offer["consumptionState"] != "CONSUMPTION_STATE_CONSUMED"
            if line["productId"] == product and is_left:
                offer["consumptionState"] = "CONSUMPTION_STATE_CONSUMED"
                pack["acknowledgementState"] = "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED"
                return 204, None
        return refused(400, "invalid")

    def _ack(self, token: str) -> Answer:
        one = self.store.subscriptions.get(token)
        if one is None:
            return refused(404, "purchaseTokenNotFound")
        if one["acknowledgementState"] != PENDING:
            return refused(400, "invalid")
        one["acknowledgementState"] = "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED"
        return 204, None

    def _cancel(self, token: str) -> Answer:
        one = self.store.subscriptions.get(token)
        if one is None:
            return refused(404, "purchaseTokenNotFound")
        if one["subscriptionState"] in {
            "SUBSCRIPTION_STATE_CANCELED",
            "SUBSCRIPTION_STATE_EXPIRED",
        }:
            return refused(400, "invalid")
        self.store.cancel(token, by_person=False)
        return 200, {}

    def _orders(self, wanted: list[str]) -> Answer:
        if not self.has_orders:
            return refused(403, "permissionDenied")
        if not wanted or any(order not in self.store.orders for order in wanted):
            return refused(404, "orderNotFound")
        return 200, {"orders": [self.store.orders[order] for order in wanted]}

    def _voided(self, query: dict[str, str]) -> Answer:
        start, end = int(query.get("startTime", 0)), int(query.get("endTime", 2**62))
        if start and start < millis(self.store.now() - timedelta(days=30)):
            return refused(400, "invalid")
        takes_parts = query.get("includeQuantityBasedPartialRefund") == "true"
        found = [
            one
            for one in self.store.voided
            if start <= int(one["voidedTimeMillis"]) <= end
            and ("voidedQuantity" not in one or takes_parts)
            and (one["purchaseToken"] in self.store.packs or query.get("type") == "1")
        ]
        size = min(int(query.get("maxResults", 1000)), self.page_size)
        first = int(query.get("token", 0))
        answer: Json = {"voidedPurchases": found[max(0, first - self.overlap) : first + size]}
        if first + size < len(found):
            answer["tokenPagination"] = {"nextPageToken": str(first + size)}
        return 200, answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        play = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                play._connections.add(self.connection)

            def finish(self) -> None:
                play._connections.discard(self.connection)
                with suppress(OSError):
                    super().finish()

            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def _answer(self, sent: bytes) -> None:
                if not play._answers.wait(timeout=30):
                    return
                authorization = self.headers.get("Authorization", "")
                status, said = play.reply(self.command, self.path, authorization, sent)
                body = said if isinstance(said, bytes) else json.dumps(said).encode()
                body = b"" if said is None else body
                with suppress(ConnectionError):
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json; charset=UTF-8")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                """Say nothing on the test's output."""

        return Handler


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing on the test's output when a client has left."""


def refused(status: int, reason: str) -> Answer:
    error = {"code": status, "message": reason, "errors": [{"reason": reason}]}
    return status, {"error": error}
