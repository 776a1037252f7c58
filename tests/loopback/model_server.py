"""A language model's HTTP server on loopback, which fails on request.

In a test: ``async with ModelServer() as server: … server.base_url``. As a process of its own:
``python -m tests.loopback.model_server --port 0``; it prints its base URL.

``POST /v1/chat/completions``, ``/v1/embeddings`` and ``/v1/moderations`` answer as OpenAI's do.
Beside them:

- ``POST /control`` with one behaviour or a list of them (``model_script``), tried in order;
  ``DELETE /control`` forgets them;
- ``POST /control/release`` lets stalled replies go on;
- ``GET /requests``: ``{count, bodies, active, peak, abandoned}``; ``DELETE /requests`` resets it.

It speaks HTTP by hand on ``asyncio.Protocol``: in a benchmark it must cost next to nothing.
"""

import argparse
import asyncio
import hashlib
import math
import re
from collections import deque
from types import TracebackType
from typing import Any, Self

import msgspec

from tests.loopback.model_connection import Connection, head
from tests.loopback.model_replies import all_pieces_of, stream_events, whole_body
from tests.loopback.model_script import Behaviour, inline

KEPT_BODIES = 2000
ANSWER = Behaviour()
CATEGORIES = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit",
    "illicit/violent", "self-harm", "self-harm/intent", "self-harm/instructions", "sexual",
    "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip
MODERATED: dict[str, dict[str, float]] = {
    "end my life": {"self-harm": 0.97, "self-harm/intent": 0.96},
    "how to overdose": {"self-harm": 0.9, "self-harm/instructions": 0.93},
    "undress": {"sexual": 0.9},
    "undress the child": {"sexual/minors": 0.95},
    "build a bomb": {"illicit": 0.9, "illicit/violent": 0.94},
}
ANSWER_PIECES = len(all_pieces_of(ANSWER, ""))


class Message(msgspec.Struct):
    role: str
    content: Any = None


class StreamOptions(msgspec.Struct):
    include_usage: bool = False


class Body(msgspec.Struct):
    model: str = ""
    messages: list[Message] = []
    max_tokens: int | None = None
    stream: bool = False
    stream_options: StreamOptions | None = None
    response_format: Any = None
    input: str | list[str] = ""
    dimensions: int = 1536


class ModelServer:
    """The server and what it has seen. ``bodies`` are the last raw request bodies."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self._host = host
        self._port = port
        self._script: list[Behaviour] = []
        self._used: dict[int, int] = {}
        self._rendered: dict[tuple[str, bool, bool], bytes] = {}
        self._gate = asyncio.Event()
        self.stalled = 0
        self._server: asyncio.Server | None = None
        self.connections: set[Connection] = set()
        self.reset()

    def reset(self) -> None:
        self.bodies: deque[bytes] = deque(maxlen=KEPT_BODIES)
        self.last_headers: dict[str, str] = {}
        self.count = self.active = self.peak = self.abandoned = 0

    @property
    def base_url(self) -> str:
        return f"http://{self._host}:{self._port}/v1"

    @property
    def calls(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(body) for body in self.bodies]

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self), self._host, self._port, backlog=2048
        )
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
        tasks = [connection.task for connection in self.connections if connection.task is not None]
        for connection in list(self.connections):
            connection.hang_up()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)

    async def serve_forever(self) -> None:
        await asyncio.Event().wait()

    def script(self, *behaviours: Behaviour) -> None:
        """Do these from now on: the first that fits a call and is not used up."""
        self._script = list(behaviours)
        self._used = {}

    def release(self) -> None:
        self._gate.set()
        self._gate = asyncio.Event()

    async def released(self) -> None:
        self.stalled += 1
        try:
            await self._gate.wait()
        finally:
            self.stalled -= 1

    def handle(self, connection: Connection, method: str, path: str, raw: bytes) -> None:
        match method, path:
            case "POST", "/v1/chat/completions" | "/v1/embeddings" | "/v1/moderations":
                self._call(connection, path.removeprefix("/v1/"), raw)
            case "POST", "/control":
                self._control(connection, raw)
            case "POST", "/control/release":
                self.release()
                connection.answer({"ok": True})
            case "DELETE", "/control":
                self.script()
                connection.answer({"ok": True})
            case "GET", "/requests":
                connection.answer(
                    {
                        "count": self.count,
                        "bodies": self.calls,
                        "active": self.active,
                        "peak": self.peak,
                        "abandoned": self.abandoned,
                    }
                )
            case "DELETE", "/requests":
                self.reset()
                connection.answer({"ok": True})
            case _:
                connection.answer({"error": {"message": "no such route"}}, status=404)

    def _control(self, connection: Connection, raw: bytes) -> None:
        try:
            told = msgspec.json.decode(raw, type=Behaviour | list[Behaviour])
        except msgspec.MsgspecError as error:
            connection.answer({"error": {"message": str(error)}}, status=400)
            return
        self.script(*(told if isinstance(told, list) else [told]))
        connection.answer({"ok": True})

    def _call(self, connection: Connection, endpoint: str, raw: bytes) -> None:
        body = msgspec.json.decode(raw, type=Body)
        self.count += 1
        self.bodies.append(raw)
        wants_usage = body.stream_options is not None and body.stream_options.include_usage
        if endpoint == "embeddings":
            self._embed(connection, body)
            return
        if endpoint == "moderations":
            self._moderate(connection, body)
            return
        behaviour = self._choose("form", body.model, []) if body.response_format else ANSWER
        if behaviour is ANSWER:
            behaviour = self._choose("chat", body.model, body.messages)
        if behaviour is ANSWER and (body.max_tokens is None or body.max_tokens >= ANSWER_PIECES):
            key = (body.model, body.stream, wants_usage)
            if key not in self._rendered:
                self._rendered[key] = render(*key)
            connection.send(self._rendered[key])
            return
        prompt = "\n".join(f"{one.role}: {one.content}" for one in body.messages)
        connection.begin(
            body.model, prompt, body.max_tokens, streaming=body.stream, wants_usage=wants_usage
        )
        connection.run(behaviour)

    def _choose(self, endpoint: str, model: str, messages: list[Message]) -> Behaviour:
        last = messages[-1].content if messages else ""
        if isinstance(last, str) and "@@" in last and (told := inline(last)) is not None:
            return told
        for number, one in enumerate(self._script):
            used = self._used.get(number, 0)
            fits = one.endpoint == endpoint and one.model in {None, model}
            if fits and (one.times is None or used < one.times):
                self._used[number] = used + 1
                return one
        return ANSWER

    def _embed(self, connection: Connection, body: Body) -> None:
        behaviour = self._choose("embeddings", body.model, [])
        connection.begin(body.model, "", None, streaming=False, wants_usage=False)
        if behaviour.behaviour != "answer":
            connection.run(behaviour)
            return
        texts = [body.input] if isinstance(body.input, str) else body.input
        data = [
            {"object": "embedding", "index": index, "embedding": vector(text, body.dimensions)}
            for index, text in enumerate(texts)
        ]
        connection.answer({"object": "list", "model": body.model, "data": data})

    def _moderate(self, connection: Connection, body: Body) -> None:
        behaviour = self._choose("moderations", body.model, [])
        connection.begin(body.model, "", None, streaming=False, wants_usage=False)
        if behaviour.behaviour != "answer":
            connection.run(behaviour)
            return
        texts = [body.input] if isinstance(body.input, str) else body.input
        connection.answer(
            {"id": "modr-1", "model": body.model, "results": [judged(text) for text in texts]}
        )


def judged(text: str) -> dict[str, Any]:
    """What a moderation model says of the words in ``MODERATED``."""
    scores = dict.fromkeys(CATEGORIES, 0.0001)
    for words, found in MODERATED.items():
        if words in text.lower():
            scores |= found
    categories = {name: score >= 0.5 for name, score in scores.items()}
    return {
        "flagged": any(categories.values()),
        "categories": categories,
        "category_scores": scores,
        "category_applied_input_types": {name: ["text"] for name in scores},
    }


def vector(text: str, dimensions: int) -> list[float]:
    """A unit vector; texts that share words are near each other."""
    total = [0.0] * dimensions
    for word in sorted(set(re.findall(r"\w+", text.lower()))) or [""]:
        for place, byte in enumerate(hashlib.shake_128(word.encode()).digest(dimensions)):
            total[place] += byte - 127.5
    length = math.hypot(*total)
    return [value / length for value in total]


def render(model: str, streaming: bool, wants_usage: bool) -> bytes:  # noqa: FBT001 - a cache key
    """The whole HTTP answer of the default behaviour."""
    if streaming:
        text = b"".join(stream_events(ANSWER, model, "", usage=wants_usage))
        return head(200, "text/event-stream", "", None) + b"%x\r\n%s\r\n0\r\n\r\n" % (
            len(text),
            text,
        )
    text = whole_body(ANSWER, model, "")
    return head(200, "application/json", "", len(text)) + text


async def main(port: int) -> None:
    async with ModelServer(port) as server:
        print(server.base_url, flush=True)  # noqa: T201 - whoever started it reads this
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A scripted model server on loopback.")
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(main(parser.parse_args().port))
