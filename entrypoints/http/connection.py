"""A request from its first byte to the last byte of its answer, in few tasks."""

import asyncio
from contextlib import suppress
from typing import Any, cast

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, HTTPResponseBodyEvent
from hypercorn.utils import UnexpectedMessageError
from quart import Request
from quart.asgi import ASGIHTTPConnection
from quart.typing import ResponseTypes
from quart.utils import encode_headers
from quart.wrappers.response import DataBody, Response

from domain.errors import Unavailable
from entrypoints.http.errors import error_answer
from entrypoints.http.request import HttpRequest


class HttpConnection(ASGIHTTPConnection):
    """Quart's connection, which answers in the task that the server made for the request.

    Quart's own makes two more tasks for each request and a fourth for the answer, which takes as
    long as all of its routing.
    """

    async def __call__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer the request; what is done for it is given up when the client hangs up."""
        request = self._create_request_from_scope(send)
        answering = cast("asyncio.Task[Any]", asyncio.current_task())
        arriving = asyncio.create_task(self.handle_messages(request, receive))
        has_left = False

        def give_up(_: asyncio.Task[None]) -> None:
            nonlocal has_left
            has_left = True
            answering.cancel()

        arriving.add_done_callback(give_up)
        try:
            await self.handle_request(request, send)
        except asyncio.CancelledError:
            if not has_left:
                await self._say_that_we_close(request, send)
                raise
        finally:
            arriving.remove_done_callback(give_up)
            if has_left:
                answering.uncancel()
            arriving.cancel()
        if has_left:
            arriving.result()  # raises what went wrong with the body

    async def _say_that_we_close(self, request: Request, send: ASGISendCallable) -> None:
        """Answer that this server ends; otherwise the client would get an empty 500."""
        request_id = cast("HttpRequest", request).id
        response = error_answer(Unavailable("The server is restarting; try again."), request_id)
        # What has begun to be answered cannot be answered in another way.
        with suppress(UnexpectedMessageError):
            await self._send_response(send, response.response())

    async def handle_request(self, request: Request, send: ASGISendCallable) -> None:
        """Answer; a client who reads too slowly is given up after Quart's time-out for that."""
        response = await self.app.handle_request(request)
        seconds = self.app.config["RESPONSE_TIMEOUT"]
        if isinstance(response, Response) and response.timeout is not Ellipsis:
            seconds = response.timeout
        try:
            async with asyncio.timeout(seconds):
                await self._send_response(send, response)
        except TimeoutError:
            pass

    async def _send_response(self, send: ASGISendCallable, response: ResponseTypes) -> None:
        body = response.response
        if not isinstance(body, DataBody):
            await super()._send_response(send, response)
            return
        await send(
            {
                "type": "http.response.start",
                "status": response.status_code,
                "headers": encode_headers(response.headers),
            }
        )
        last = {
            "type": "http.response.body",
            "body": body.data[body.begin : body.end],
            "more_body": False,
        }
        await send(cast("HTTPResponseBodyEvent", last))
