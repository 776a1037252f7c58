"""localstripe, a Stripe server written by others, as a process on loopback.

``with LocalStripe() as stripe: … stripe.base_url``. It keeps what it knows in memory (by itself it
would share a file with every other one on the machine) and sends webhooks at once. It knows older
shapes than ours, and neither ephemeral keys, prices, pages nor disputes: those are in
``stripe_server``.
"""

import asyncio
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]


class LocalStripe:
    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self.base_url = ""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.loopback.stripe_localstripe"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.base_url = self._process.stdout.readline().strip()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.communicate(timeout=30)


async def serve() -> None:
    from aiohttp import web  # noqa: PLC0415 - only the process of its own needs all this
    from localstripe import resources, server, webhooks  # noqa: PLC0415 - the same

    async def at_once(_: float) -> None:
        await asyncio.sleep(0)

    resources.Store.dump_to_disk = lambda _: None
    webhooks.asyncio = SimpleNamespace(sleep=at_once, ensure_future=asyncio.ensure_future)
    runner = web.AppRunner(server.app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}", flush=True)  # noqa: T201 - how whoever started it learns it
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
