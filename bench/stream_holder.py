"""Holds streams open in a process of its own, so that reading them disturbs no measurement.

``python -m bench.stream_holder FILE``; the file says ``port``, ``tokens``, ``body`` and how many
``streams``. Prints ``open`` when each has had its first piece, and at the end, as JSON, how many
came to their end and what went wrong with the others.
"""

import asyncio
import json
import sys
from pathlib import Path

import msgspec
import uvloop
from attrs import define, field

from bench.load import Client, connect

OPENING = 32
"""So many are opened at once."""


class Order(msgspec.Struct):
    """What to hold open."""

    port: int
    tokens: list[str]
    body: str
    streams: int


class Held(msgspec.Struct):
    """How many streams came to their end, and why the others did not."""

    complete: int
    faults: list[str]


@define
class Holder:
    """All streams together."""

    order: Order
    complete: int = 0
    faults: list[str] = field(factory=list)
    gate: asyncio.Semaphore = field(factory=lambda: asyncio.Semaphore(OPENING))

    async def hold(self) -> Held:
        """Open them all, and read each to its end."""
        opened = [asyncio.Event() for _ in range(self.order.streams)]
        streams = [
            asyncio.create_task(self._one(number, event)) for number, event in enumerate(opened)
        ]
        for event in opened:
            await event.wait()
        print("open", flush=True)
        await asyncio.gather(*streams)
        return Held(self.complete, self.faults)

    async def _one(self, number: int, opened: asyncio.Event) -> None:
        token = self.order.tokens[number % len(self.order.tokens)]
        client = Client("127.0.0.1", self.order.port, token, self.order.body.encode())
        last = b""
        begun = asyncio.Event()

        def hear(piece: bytes) -> None:
            nonlocal last
            last = (last + piece)[-200:]
            begun.set()
            # What was generated, not only that something will be.
            if b'"content"' in piece:
                opened.set()

        try:
            async with self.gate:
                connection = await connect(client.host, client.port)
                answer = asyncio.create_task(connection.ask(client.request(), hear))
                waiting = asyncio.create_task(begun.wait())
                await asyncio.wait((answer, waiting), return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
            await answer
            connection.close()
            if b"data: [DONE]" in last:
                self.complete += 1
            else:
                self.faults.append(repr(last))
        except (OSError, RuntimeError) as error:
            self.faults.append(f"{type(error).__name__}: {error}")
        finally:
            opened.set()


async def _main(order: Order) -> None:
    held = await Holder(order).hold()
    print(json.dumps(msgspec.to_builtins(held)), flush=True)


if __name__ == "__main__":
    uvloop.run(_main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Order)))
