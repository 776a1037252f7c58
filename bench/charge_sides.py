"""One round of charges: by our adapter, by the whole use case, by pgbench."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import uvloop
from attrs import define, frozen

from adapters.postgres.connection import PostgresPool
from adapters.postgres.statement import Values
from adapters.postgres.wallet_store import PostgresWalletStore
from bench import pgbench
from bench.charging import RecordingPool, charge, product
from bench.database import Database
from bench.population import Crowd
from bench.wire import listening

CONNECTIONS = 8
COUNTED = (2, 12)
"""So many charges are looked at on the wire."""
SETTINGS = "SELECT name, setting || coalesce(unit, '') FROM pg_settings WHERE source = 'client'"
NOT_PGBENCHS = {b"application_name", b"client_encoding", b"TimeZone"}

Step = tuple[str, Values]


@frozen
class Taken:
    """One round of one side."""

    per_second: float
    client: float
    """CPU seconds for one charge of the process that asks."""
    server: float
    """The same, of all of PostgreSQL."""

    @property
    def per_cpu_second(self) -> float:
        """Charges for a CPU second of either."""
        return 1 / (self.client + self.server)


@define
class Bench:
    """One database full of people of whom each is charged once."""

    database: Database
    url: str
    crowd: Crowd
    each: int
    """How many charges on each connection in one round."""
    settings: str = ""
    steps: Sequence[Step] = ()
    """What the product runs for one charge, with the values for one person."""
    used: int = 0

    @property
    def charges(self) -> int:
        """How many in one round."""
        return CONNECTIONS * self.each

    def people(self, number: int) -> int:
        """The first of so many people who were not charged yet."""
        first = self.used
        self.used += number
        assert self.used <= self.crowd.people
        return first

    async def record(self) -> None:
        """Let the product charge one person, and keep what it did."""
        pool = RecordingPool(self.url, CONNECTIONS)
        async with product(pool, self.url) as use_cases:
            first = self.people(2)
            await charge(use_cases, self.crowd.user_id(first))
            pool.seen.clear()
            before = pool.round_trips
            await charge(use_cases, self.crowd.user_id(first + 1))
            self.steps = [
                (pgbench.shared(sql), {name: values[name] for name in values if name != "user_id"})
                for sql, values in pool.seen
            ]
            assert len(self.steps) == pool.round_trips - before
            options = [(name, value) for name, value in await pool.read(SETTINGS, {}) if value]
        given = [f"-c {name.decode()}={value.decode()}" for name, value in options
                 if name and name not in NOT_PGBENCHS]  # fmt: skip
        self.settings = " ".join(["-c role=companion_app", *given])

    def pgbench(self, steps: Sequence[Step]) -> Taken:
        """One round of pgbench."""
        wanted = pgbench.script(steps, first=self.crowd.user_id(self.people(self.charges)))
        before = self.database.cpu_seconds
        run = pgbench.run(
            self.database.program("pgbench"),
            self.url,
            wanted,
            clients=CONNECTIONS,
            each=self.each,
            settings=self.settings,
        )
        server = self.database.cpu_seconds - before
        return Taken(run.per_second, run.cpu_seconds / self.charges, server / self.charges)

    def alone(self) -> Taken:
        """One round of our adapter with the statements that write, and nothing else."""

        async def run() -> tuple[float, float]:
            pool = PostgresPool(self.url, size=CONNECTIONS)
            await pool.open()
            first = self.people(self.charges)

            async def one(number: int) -> None:
                user_id = self.crowd.user_id(first + number)
                for sql, values in self.steps[1:]:
                    await pool.write(sql, {**values, "user_id": user_id, "fact_id": user_id})

            try:
                await asyncio.gather(*(pool.read("SELECT 1", {}) for _ in range(CONNECTIONS)))
                return await in_turn(one, self.charges)
            finally:
                await pool.close()

        return self._taken(run, self.charges)

    def whole(self, *, wallets: int, charges: int) -> Taken:
        """One round of the use case: so many charges, on so many wallets."""

        async def run() -> tuple[float, float]:
            pool = PostgresPool(self.url, size=CONNECTIONS)
            first = self.people(wallets)

            async with product(pool, self.url) as use_cases:

                async def one(number: int) -> None:
                    await charge(use_cases, self.crowd.user_id(first + number % wallets))

                await use_cases.get_pricing()()
                await asyncio.gather(*(pool.read("SELECT 1", {}) for _ in range(CONNECTIONS)))
                return await in_turn(one, charges)

        return self._taken(run, charges)

    def _taken(self, run: Callable[[], Awaitable[tuple[float, float]]], charges: int) -> Taken:
        before = self.database.cpu_seconds

        async def timed() -> tuple[float, float]:
            return await run()

        seconds, client = uvloop.run(timed())
        server = self.database.cpu_seconds - before
        return Taken(charges / seconds, client / charges, server / charges)

    def messages(self) -> tuple[str, str]:
        """What one charge of the use case sends over the wire, and what pgbench does."""

        def ours(url: str, charges: int) -> None:
            async def run() -> None:
                pool = PostgresPool(url, size=1)
                first = self.people(charges)
                async with product(pool, url) as use_cases:
                    for number in range(charges):
                        await charge(use_cases, self.crowd.user_id(first + number))

            uvloop.run(run())

        def peer(url: str, charges: int) -> None:
            wanted = pgbench.script(self.steps, first=self.crowd.user_id(self.people(charges)))
            program = self.database.program("pgbench")
            pgbench.run(program, url, wanted, clients=1, each=charges, settings=self.settings)

        return _messages(self.url, ours), _messages(self.url, peer)

    async def audit(self) -> None:
        """Fail unless every wallet adds up."""
        pool = PostgresPool(self.url, size=1)
        await pool.open()
        found = await PostgresWalletStore(pool).audit()
        await pool.close()
        assert not found, found[:3]


def _messages(url: str, make: Callable[[str, int], None]) -> str:
    """What each further charge sends: 12 of them less 2, so that connecting is left out."""
    counts = []
    for charges in (COUNTED[0], COUNTED[1]):
        with listening(url) as wire:
            make(wire.url, charges)
            counts.append(wire.counts.copy())
    more = counts[1] - counts[0]
    return ", ".join(
        f"{count / (COUNTED[1] - COUNTED[0]):g} {name}" for name, count in sorted(more.items())
    )


async def in_turn(one: Callable[[int], Awaitable[None]], number: int) -> tuple[float, float]:
    """Do it for 0, 1, ... with as many callers as connections; wall and CPU seconds."""
    left = iter(range(number))

    async def caller() -> None:
        for place in left:
            await one(place)

    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))
    return time.perf_counter() - started, time.process_time() - cpu
