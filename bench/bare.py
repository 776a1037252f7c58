"""What to compare with: a Quart route that does nothing but call the model through the openai SDK.

Run as a process: ``python -m bench.bare MODEL_BASE_URL``; prints its port.
"""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator

import uvloop
from hypercorn.asyncio import serve
from hypercorn.config import Config
from openai import AsyncOpenAI
from quart import Quart, Response, request


def make_app(base_url: str) -> Quart:
    """The application: one route, no user, no memory, no money."""
    app = Quart(__name__)
    client = AsyncOpenAI(base_url=base_url, api_key="bare", max_retries=0)

    @app.post("/v1/chat/completions")
    async def complete() -> Response:
        body = await request.get_json()
        if not body.get("stream"):
            reply = await client.chat.completions.create(
                model="grok-4.5", messages=body["messages"]
            )
            return Response(reply.model_dump_json(), mimetype="application/json")

        async def pass_through() -> AsyncIterator[bytes]:
            stream = await client.chat.completions.create(
                model="grok-4.5", messages=body["messages"], stream=True
            )
            async for chunk in stream:
                yield b"data: " + chunk.model_dump_json().encode() + b"\n\n"
            yield b"data: [DONE]\n\n"

        return Response(pass_through(), mimetype="text/event-stream")

    return app


async def _main(base_url: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.accesslog = None
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print(json.dumps({"port": port}), flush=True)
    await serve(make_app(base_url), config, shutdown_trigger=stop.wait)


if __name__ == "__main__":
    uvloop.run(_main(sys.argv[1]))
