"""A thousand streams open at once on one server process that has ten database connections.

Each stream gets a piece a second, so none is idle. Measured are the memory that they take and how
long other routes wait beside them; and each stream has to come to its end.
"""

import asyncio
import tempfile
import time
import urllib.request
from pathlib import Path

import msgspec
import uvloop
from attrs import define, field, frozen

from bench.figures import Figure, Goal, Options, alternate, compare
from bench.load import chat_body, connect
from bench.memories import percentile
from bench.processes import companion, first_line, post, process, resident_megabytes
from bench.stream_holder import Held, Order

STREAMS, QUICK_STREAMS = 1_000, 200
PEOPLE = 250
POOL = 10
WARM_UP = 32
PROBES = 2
"""Connections on which other routes are asked."""
PAUSE_SECONDS = 0.01
ROUTES = ("/v1/wallet/balance", "/v1/chat/sessions", "/v1/config/characters", "/v1/auth/me")
TRIES = 4
WHOLE = Goal(least=1.0)
PATIENCE = {
    "TURN_FIRST_TOKEN_SECONDS": "600",
    "TURN_IDLE_SECONDS": "600",
    "TURN_TOTAL_SECONDS": "1800",
    "HOLD_SECONDS": "3600",
}
"""On a busy machine opening a thousand takes minutes, and so long the first have to stay."""


@frozen
class Taken:
    """One round with streams or without."""

    p99: float
    p50: float
    resident_mb: float
    complete: float = 1.0
    """The share of streams that came to their end."""


@define
class Stand:
    """One server, its model, and people who are signed in."""

    pid: int
    port: int
    model_url: str
    folder: Path
    tokens: list[str]
    streams: int
    seconds: float
    life: int
    """How many pieces a stream gets, one a second."""
    faults: list[str] = field(factory=list)

    def without(self) -> Taken:
        """One round with nothing else to do."""
        return self._probed()

    def with_streams(self) -> Taken:
        """One round beside open streams; again with longer ones if some ended meanwhile."""
        for _ in range(TRIES):
            file = self._order(self.streams)
            started = time.monotonic()
            with process(["-m", "bench.stream_holder", str(file)]) as holder:
                first_line(holder)
                opening = time.monotonic() - started
                taken = self._probed()
                were_open = self._active() == self.streams
                held = msgspec.json.decode(first_line(holder), type=Held)
            print(f"    opened in {opening:.1f} s, {held.complete} came to their end", flush=True)
            self.faults += held.faults
            # The first must still be there when others are asked with the last one open.
            self.life = int(1.5 * opening + self.seconds) + 5
            if were_open or held.faults:
                return Taken(taken.p99, taken.p50, taken.resident_mb, held.complete / self.streams)
        message = "the streams end before all of them are open"
        raise RuntimeError(message)

    def warm_up(self) -> None:
        """Let the server do everything once."""
        life, self.life = self.life, 2
        with process(["-m", "bench.stream_holder", str(self._order(WARM_UP))]) as holder:
            first_line(holder)
            first_line(holder)
        self.life = life
        self._probed()

    def _order(self, streams: int) -> Path:
        text = f"Tell me of the sea, slowly. @@tokens count={self.life} delay=1.0"
        body = chat_body("mira", text, stream=True).decode()
        file = self.folder / "streams.json"
        file.write_bytes(msgspec.json.encode(Order(self.port, self.tokens, body, streams)))
        return file

    def _active(self) -> int:
        address = self.model_url.removesuffix("/v1") + "/requests"
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - loopback
            return int(msgspec.json.decode(answer.read())["active"])

    def _probed(self) -> Taken:
        times = uvloop.run(self._probe())
        return Taken(percentile(times, 0.99), percentile(times, 0.5), resident_megabytes(self.pid))

    async def _probe(self) -> list[float]:
        """Ask other routes in turn, for a while; the seconds that each took."""
        times: list[float] = []
        deadline = time.monotonic() + self.seconds

        async def ask(token: str) -> None:
            connection = await connect("127.0.0.1", self.port)
            number = 0
            while time.monotonic() < deadline:
                route = ROUTES[number % len(ROUTES)]
                number += 1
                started = time.perf_counter()
                await connection.ask(
                    f"GET {route} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    f"Authorization: Bearer {token}\r\n\r\n".encode()
                )
                times.append(time.perf_counter() - started)
                await asyncio.sleep(PAUSE_SECONDS)
            connection.close()

        await asyncio.gather(*(ask(token) for token in self.tokens[:PROBES]))
        return times


def measure(options: Options) -> list[Figure]:
    """Memory a stream, and the time of other routes beside them."""
    streams = QUICK_STREAMS if options.quick else STREAMS
    with (
        tempfile.TemporaryDirectory(prefix="companion-bench-") as name,
        process(["-m", "tests.loopback.model_server", "--port", "0"]) as model,
    ):
        model_url, folder = first_line(model), Path(name)
        extra = {"DATABASE_POOL_SIZE": str(POOL), "RUN_JOBS": "false", **PATIENCE}
        with companion(model_url, folder / "data", extra) as (server, port, _):
            print(f"  signing in {PEOPLE} people", flush=True)
            tokens = [_signed_in(port, f"bench-{number}") for number in range(PEOPLE)]
            seconds, life = (2.0, 6) if options.quick else (5.0, 20)
            stand = Stand(server.pid, port, model_url, folder, tokens, streams, seconds, life)
            stand.warm_up()
            before = resident_megabytes(server.pid)
            print(f"  {options.rounds} rounds with {streams:,} streams and without", flush=True)
            beside, alone = alternate(options.rounds, stand.with_streams, stand.without)
    for fault in stand.faults[:3]:
        print(f"  {fault}")
    most = max(taken.resident_mb for taken in beside)
    return [
        Figure(
            f"memory of one of {streams:,} open streams", "KiB", "",
            ours=(most - before) * 1e6 / 1024 / streams, headline=True,
            note=f"The most that the server's process grew to, from {before:.0f} MB, by stream;"
            f" {POOL} database connections, each stream a piece a second.",
        ),
        compare(
            f"p99 of other routes, {streams:,} open streams", "s",
            [taken.p99 for taken in beside], "none open", [taken.p99 for taken in alone],
            headline=True,
            note=f"{PROBES} clients ask for {', '.join(ROUTES)} in turn.",
        ),
        compare(
            f"p50 of other routes, {streams:,} open streams", "s",
            [taken.p50 for taken in beside], "none open", [taken.p50 for taken in alone],
        ),
        compare(
            "streams that came to their end", "", [taken.complete for taken in beside], "all",
            [1.0] * len(beside), goal=WHOLE, note=f"{len(stand.faults)} errors.",
        ),
    ]  # fmt: skip


def _signed_in(port: int, name: str) -> str:
    """Somebody's token; what everybody gets each day is enough."""
    url = f"http://127.0.0.1:{port}/v1/auth"
    token = str(post(f"{url}/dev-token", {"user_id": name})["id_token"])
    post(f"{url}/login", {"id_token": token})
    return token
