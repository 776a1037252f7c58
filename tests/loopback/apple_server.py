"""An HTTP server in a thread, that can fall silent, fail, or be away: Apple's are made of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Self

from attrs import frozen


@frozen
class Request:
    method: str
    path: str
    """With the query."""
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes


@frozen
class Answer:
    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"


class AppleServer(ABC):
    """Answers with ``answer(request)``. Use as a context, or ``start`` and ``stop``."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.failure: Answer | None = None
        """Given to everybody instead of an answer, while it is set."""
        self._answers = Event()
        self._answers.set()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """What the request is answered with."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.speak()
        self.stop()

    def start(self) -> None:
        """Listen; after ``stop``, on the same port again."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), _handler(self))
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def fall_silent(self) -> None:
        """Take requests, and answer none until ``speak``."""
        self._answers.clear()

    def speak(self) -> None:
        self._answers.set()

    def wait(self) -> None:
        self._answers.wait(timeout=60)


def _handler(server: AppleServer) -> type[BaseHTTPRequestHandler]:
    def serve(self: BaseHTTPRequestHandler) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        server.requests.append(request)
        server.wait()
        answer: Callable[[Request], Answer] = server.answer
        found = server.failure or answer(request)
        with suppress(ConnectionError):
            self.send_response(found.status)
            self.send_header("Content-Type", found.content_type)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            serve(self)

        def do_POST(self) -> None:
            serve(self)

        def do_PUT(self) -> None:
            serve(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing on the test's output."""

    return Handler
