"""Stripe on loopback: its API, the people and banks behind it, and its signed webhooks.

In a test: ``with StripeServer(webhook_url=…) as stripe: … stripe.base_url``. As a process:
``python -m tests.loopback.stripe_server --port 0 --webhook URL --secret whsec_test``; it prints its
base URL. Give it prices first: ``stripe.set_price("price_plus", 999)`` or ``POST /_control/price``.

What people, banks and time do are the public methods of ``StripeWorld``: ``stripe.do("pay",
id="pi_…")``, or ``POST /_control/pay`` with ``{"id": …}``. Each delivers its webhooks before it
returns, and gives them back. Beside them:

- ``/_control/price``: ``{id, amount, currency?, months?}``;
- ``/_control/send``: any event of yours, signed; ``stripe.send(event)``;
- ``/_control/settings``: ``{webhook_url, webhook_secret, shape, livemode, offset, declines,
  failures, is_silent}``, of which ``shape`` is ``basil`` or ``acacia``, ``offset`` puts its clock
  ahead by seconds, ``failures`` are statuses for the next requests (0: the connection is cut), and
  ``is_silent`` lets every request wait;
- ``GET /_control/events`` and ``GET /_control/requests``: what there was so far.
"""

import argparse
import json
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterable
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.loopback.stripe_api import StripeRoutes, nested
from tests.loopback.stripe_objects import Json, Price, Refusal
from tests.loopback.stripe_signature import sign
from tests.loopback.stripe_world import StripeWorld

WORLD = {"shape", "livemode", "offset"}
CUT = 0


class StripeServer:
    """``failures`` and ``is_silent`` are for tests of what happens when Stripe is not well."""

    def __init__(
        self,
        *,
        port: int = 0,
        webhook_url: str | None = None,
        webhook_secret: str = "whsec_test",
        prices: Iterable[Price] = (),
    ) -> None:
        self.webhook_url = webhook_url
        self.webhook_secret = webhook_secret
        self.world = StripeWorld(self._emit)
        self.world.prices = {price.id: price for price in prices}
        self.routes = StripeRoutes(self.world)
        self.requests: list[Json] = []
        self.failures: list[int] = []
        self.is_silent = False
        self.deliveries: list[int] = []
        self._undelivered: list[Json] = []
        self._lock = threading.RLock()
        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", port), type("OwnHandler", (Handler,), {"stripe": self})
        )
        self._server.daemon_threads = True

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def set_price(self, id: str, amount: int, currency: str = "usd", months: int = 1) -> None:  # noqa: A002
        self.world.prices[id] = Price(id, int(amount), currency, int(months))

    def do(self, verb: str, **what: Any) -> list[Json]:
        """Something happens: a public method of the world; all of its webhooks are delivered."""
        with self._lock:
            told: list[Json] = getattr(self.world, verb)(**what)
        self._deliver()
        return told

    def send(self, event: Json | bytes, *, signature: str | None = None) -> int:
        """Post an event as it is, and give back the status; 0 when nobody answers."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        signed = signature or sign(body, self.webhook_secret, self.world.now())
        request = urllib.request.Request(  # noqa: S310 - an address of the test
            self.webhook_url or "",
            data=body,
            headers={"Content-Type": "application/json", "Stripe-Signature": signed},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
                status = int(answer.status)
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            status = 0
        self.deliveries.append(status)
        return status

    def set(self, **settings: Any) -> None:
        """``/_control/settings``."""
        for name, value in settings.items():
            owner = self.world if name in WORLD else self
            setattr(self.routes if name == "declines" else owner, name, value)

    def control(self, verb: str, what: Json) -> Any:
        match verb:
            case "price":
                return self.set_price(**what)
            case "settings":
                return self.set(**what)
            case "send":
                return {"status": self.send(what)}
            case "events":
                return self.world.events
            case "requests":
                return self.requests
            case _:
                return self.do(verb, **what)

    def answer(self, method: str, path: str, params: Json, key: str | None) -> tuple[int, Json]:
        """What the API says; what it causes is sent after the answer, as Stripe does."""
        with self._lock:
            status, body = self.routes.handle(method, path, params, key)
        if self._undelivered:
            threading.Thread(target=self._deliver, daemon=True).start()
        return status, body

    def take(
        self, method: str, path: str, params: Json, key: str | None, headers: Message
    ) -> int | None:
        """Note a request, and say how it is to fail, if it is."""
        request = {"method": method, "path": path, "params": params, "idempotency_key": key}
        named = {"version": "Stripe-Version", "authorization": "Authorization"}
        self.requests.append(request | {one: headers.get(name) for one, name in named.items()})
        if self.is_silent:
            self._stopped.wait(timeout=30)
            return CUT
        return self.failures.pop(0) if self.failures else None

    def _emit(self, event: Json) -> None:
        self._undelivered.append(event)

    def _deliver(self) -> None:
        while self._undelivered:
            with suppress(IndexError):
                event = self._undelivered.pop(0)
                if self.webhook_url:
                    self.send(event)


class Handler(BaseHTTPRequestHandler):
    """One connection; ``stripe`` is set by the server that it belongs to."""

    protocol_version = "HTTP/1.1"
    stripe: StripeServer

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def _serve(self, method: str) -> None:
        url = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path.startswith("/_control/"):
            return self._control(url.path.removeprefix("/_control/"), raw)
        query = raw.decode() if method == "POST" else url.query
        params = nested(parse_qsl(query, keep_blank_values=True))
        key = self.headers.get("Idempotency-Key")
        failure = self.stripe.take(method, url.path, params, key, self.headers)
        if failure == CUT:
            self.close_connection = True
        elif failure is not None:
            self._answer(failure, {"error": {"type": "api_error", "message": "No."}})
        else:
            self._answer(*self.stripe.answer(method, url.path, params, key))
        return None

    def _control(self, verb: str, raw: bytes) -> None:
        try:
            self._answer(200, self.stripe.control(verb, json.loads(raw or b"{}")))
        except Refusal as refusal:
            self._answer(refusal.status, refusal.body)

    def _answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        with suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(timestamp or self.stripe.world.now())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing on the test's output."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--webhook")
    parser.add_argument("--secret", default="whsec_test")
    parser.add_argument("--shape", choices=["basil", "acacia"], default="basil")
    given = parser.parse_args()
    server = StripeServer(port=given.port, webhook_url=given.webhook, webhook_secret=given.secret)
    server.world.shape = given.shape
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with server:
        print(server.base_url, flush=True)  # noqa: T201 - how whoever started it learns the port
        with suppress(KeyboardInterrupt):
            stop.wait()


if __name__ == "__main__":
    main()
