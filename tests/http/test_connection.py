import asyncio
from typing import Any

import httpx
import pytest
from hypercorn.typing import HTTPScope
from quart import Quart, Response, request

from entrypoints.http.connection import HttpConnection
from entrypoints.http.request import HttpRequest
from tests.http.api import serving

BODY = {"type": "http.request", "body": b"hello", "more_body": False}
HUNG_UP = {"type": "http.disconnect"}


class Client:
    """The server's side of one request: what it has received, and what was sent back."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.inbox: asyncio.Queue[Any] = asyncio.Queue()
        for message in messages:
            self.inbox.put_nowait(message)
        self.sent: list[Any] = []

    async def send(self, message: Any) -> None:
        self.sent.append(message)


class App(Quart):
    """One route that repeats what it is told, one that never answers, one that never ends."""

    asgi_http_class = HttpConnection
    request_class = HttpRequest

    def __init__(self) -> None:
        super().__init__(__name__)
        self.reached, self.given_up = asyncio.Event(), asyncio.Event()
        self.add_url_rule("/echo", "echo", self.echo, methods=["POST"])
        self.add_url_rule("/never", "never", self.never, methods=["POST"])
        self.add_url_rule("/endless", "endless", self.endless, methods=["POST"])

    async def echo(self) -> Response:
        return Response(await request.get_data())

    async def never(self) -> Response:
        self.reached.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.given_up.set()
        raise AssertionError

    async def endless(self) -> Response:
        async def words() -> Any:
            yield b"one"
            self.reached.set()
            await asyncio.Event().wait()

        return Response(words())


def connection(app: App, path: str) -> HttpConnection:
    scope: Any = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"test"), (b"content-length", b"5")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
        "extensions": {},
    }
    made: HTTPScope = scope
    return HttpConnection(app, made)


async def test_an_answer_is_a_beginning_and_one_body() -> None:
    client = Client(BODY)
    await connection(App(), "/echo")(client.inbox.get, client.send)
    start, body = client.sent
    assert start["status"] == 200
    assert (b"content-length", b"5") in start["headers"]
    assert body == {"type": "http.response.body", "body": b"hello", "more_body": False}


async def test_what_is_done_for_a_client_who_hangs_up_is_given_up() -> None:
    app, client = App(), Client(BODY)
    answering = asyncio.create_task(
        asyncio.wait_for(connection(app, "/never")(client.inbox.get, client.send), 5)
    )
    await app.reached.wait()
    client.inbox.put_nowait(HUNG_UP)
    await answering
    assert app.given_up.is_set()
    assert client.sent == []


async def test_hanging_up_leaves_no_cancellation_behind() -> None:
    app, client = App(), Client(BODY, HUNG_UP)

    async def serve() -> int:
        await connection(app, "/never")(client.inbox.get, client.send)
        task = asyncio.current_task()
        return -1 if task is None else task.cancelling()

    assert await asyncio.create_task(serve()) == 0


async def test_a_server_that_stops_ends_the_request_too() -> None:
    app, client = App(), Client(BODY)
    answering = asyncio.create_task(connection(app, "/never")(client.inbox.get, client.send))
    await app.reached.wait()
    answering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answering
    assert app.given_up.is_set()


async def test_a_server_that_stops_says_so_to_whoever_waits() -> None:
    app = App()
    async with httpx.AsyncClient(timeout=20) as client:
        async with serving(app) as url:
            asking = asyncio.create_task(client.post(f"{url}/never", content=b"hello"))
            await app.reached.wait()
        answer = await asking
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


async def test_what_has_begun_to_be_answered_is_only_cut_off_when_the_server_stops() -> None:
    app = App()
    async with httpx.AsyncClient(timeout=20) as client:
        async with serving(app) as url:
            asking = asyncio.create_task(client.post(f"{url}/endless", content=b"hello"))
            await app.reached.wait()
        with pytest.raises(httpx.RemoteProtocolError):
            await asking


async def test_a_stream_that_nobody_reads_is_given_up_after_a_time() -> None:
    app, client = App(), Client(BODY)
    app.config["RESPONSE_TIMEOUT"] = 0.05
    await asyncio.wait_for(connection(app, "/endless")(client.inbox.get, client.send), 5)
    assert [message.get("body") for message in client.sent] == [None, b"one"]


async def test_nothing_goes_on_when_the_answer_is_out() -> None:
    before = asyncio.all_tasks()
    client = Client(BODY)
    await connection(App(), "/echo")(client.inbox.get, client.send)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
