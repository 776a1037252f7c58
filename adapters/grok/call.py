"""One HTTP call of the model, read block by block under deadlines."""

import asyncio
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError, ClientResponse, StreamReader

from adapters.grok.event_stream import EventSplitter
from adapters.grok.failures import CallFailed, Outcome, read_refusal
from adapters.grok.transport import Transport, read_error
from adapters.grok.wire import ReplyReader, encode_request
from application.ports.chat_model import ModelFinished, ModelRequest

MOST_BYTES = 2_000_000
"""Of one reply; the longest real ones stay far below it."""

USAGE_SECONDS = 5.0
"""How long to wait for usage after the finish reason: the reply is complete without it."""

CLOSE_SECONDS = 0.25
"""How long to wait for the end of the body after ``[DONE]``: only so can the connection be used
again."""


class Deadlines:
    """The three deadlines of a turn, in the event loop's time, shared by its attempts.

    The first token is due ``first`` seconds after the start, each further sign of life ``idle``
    seconds after the one before, the end of all ``total`` seconds after the start. A comment
    (``: ping``) or an empty event is no sign of life.
    """

    def __init__(self, first: float, idle: float, total: float) -> None:
        now = asyncio.get_running_loop().time()
        self._idle = idle
        self._ends_at = now + total
        self._due_at = now + first
        self._outcome = Outcome.FIRST_TOKEN

    @property
    def at(self) -> float:
        """When the nearest of them passes."""
        return min(self._due_at, self._ends_at)

    def sign_of_life(self) -> None:
        """The reply has moved on."""
        self._due_at = asyncio.get_running_loop().time() + self._idle
        self._outcome = Outcome.IDLE

    def resume(self) -> None:
        """Whoever reads is back: the time with them is not the provider's silence."""
        if self._outcome is Outcome.IDLE:
            self.sign_of_life()

    def missed(self) -> CallFailed:
        """The failure for the deadline that has passed."""
        return CallFailed(self._outcome if self._due_at < self._ends_at else Outcome.TOTAL)


class Call:
    """``open`` it, ``read`` until None, take the ``result``; always ``close`` it."""

    def __init__(
        self,
        request: ModelRequest,
        model: str,
        deadlines: Deadlines,
        form: Mapping[str, Any] | None = None,
    ) -> None:
        self._request = request
        self._form = form
        self._model = model
        self._deadlines = deadlines
        self._reader = ReplyReader()
        self._splitter = EventSplitter()
        self._whole: list[bytes] = []
        self._response: ClientResponse | None = None
        self._content: StreamReader
        self._left = MOST_BYTES
        self._over = False
        self._failure: CallFailed | None = None
        self._grace_until = math.inf

    async def open(self, transport: Transport, headers: Mapping[str, str] | None = None) -> None:
        """Send the request, with ``headers`` added to it, and wait for the answer's head."""
        try:
            async with asyncio.timeout_at(self._deadlines.at):
                response = await transport.post(
                    encode_request(self._request, self._model, self._form), headers
                )
                self._response = response
                if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                    self._content = response.content
                    return
                text = await read_error(response)
        # Before our own deadline: aiohttp's for connecting is a TimeoutError as well.
        except ClientError:
            failure = CallFailed(Outcome.CONNECTION)
        except TimeoutError:
            failure = self._deadlines.missed()
        except OSError:
            failure = CallFailed(Outcome.CONNECTION)
        else:
            failure = read_refusal(response.status, text, response.headers)
        # Raised out here so that aiohttp's error, which quotes the address, is not its context.
        raise failure

    async def read(self) -> list[str] | None:
        """The next pieces of text, as many as came together; None when the reply is over."""
        self._deadlines.resume()
        while not self._over:
            if self._failure is not None:
                raise self._failure
            block = await self._next_block()
            self._over = block is None
            texts = self._read_events(self._complete(block))
            if texts:
                return texts
        if self._failure is not None:
            raise self._failure
        return None

    def result(self) -> ModelFinished:
        """How the reply ended; ``CallFailed`` unless properly."""
        return self._reader.result(self._model)

    def close(self) -> None:
        """Cut the connection, unless the reply was read to its end, which has given it back."""
        if self._response is not None:
            self._response.close()

    def _complete(self, block: bytes | None) -> list[bytes]:
        """What ``block`` completes; None is the end of the body."""
        if self._request.stream:
            return self._splitter.finish() if block is None else self._splitter.feed(block)
        if block is None:
            return [b"".join(self._whole)]
        self._whole.append(block)
        return []

    def _read_events(self, events: list[bytes]) -> list[str]:
        reader = self._reader
        before = reader.signs_of_life
        texts: list[str] = []
        try:
            # A generator, so that what came before a failure is in the list already.
            texts.extend(text for event in events if (text := reader.read(event)))
        except CallFailed as failure:
            # Kept for the next read: what came before it in the same block is shown first.
            self._failure = failure
        if reader.signs_of_life > before:
            self._deadlines.sign_of_life()
        if reader.finished and self._request.stream:
            now = asyncio.get_running_loop().time()
            grace = CLOSE_SECONDS if reader.done else USAGE_SECONDS
            self._grace_until = min(self._grace_until, now + grace)
        return texts

    async def _next_block(self) -> bytes | None:
        """The next bytes; None at the end, also at a violent one once the reply is complete."""
        deadline = min(self._grace_until, self._deadlines.at)
        try:
            async with asyncio.timeout_at(deadline):
                block = await self._content.readany()
        except ClientError:
            failure = CallFailed(Outcome.CONNECTION)
        except TimeoutError:
            failure = self._deadlines.missed()
        except OSError:
            failure = CallFailed(Outcome.CONNECTION)
        else:
            self._left -= len(block)
            if self._left >= 0:
                return block or None
            failure = CallFailed(Outcome.MALFORMED)
        if self._reader.finished:
            return None
        raise failure
