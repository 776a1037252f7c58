"""Charges per second beside pgbench: how much of PostgreSQL is left behind adapter and use case.

Both sides run in turn over the same database, on as many connections, with nothing pinned. Each
charge is of another person, so that nobody waits for anybody's wallet. At the end all wallets are
audited, pgbench's too: what is counted is charges, not statements that changed nothing.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import psycopg
import uvloop
from attrs import define, frozen

from adapters.postgres.connection import PostgresPool
from adapters.postgres.statement import Values
from adapters.postgres.wallet_store import PostgresWalletStore
from bench import pgbench
from bench.charging import RecordingPool, charge, product, publish
from bench.database import Database, running_database
from bench.figures import Figure, Goal, Options, alternate, compare
from bench.population import Crowd, fill

CONNECTIONS = 8
ALONE, WHOLE = Goal(least=0.7), Goal(least=0.5)
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

    async def audit(self) -> None:
        """Fail unless every wallet adds up."""
        pool = PostgresPool(self.url, size=1)
        await pool.open()
        found = await PostgresWalletStore(pool).audit()
        await pool.close()
        assert not found, found[:3]


async def in_turn(one: Callable[[int], Awaitable[None]], number: int) -> tuple[float, float]:
    """Do it for 0, 1, ... with as many callers as connections; wall and CPU seconds."""
    left = iter(range(number))

    async def caller() -> None:
        for place in left:
            await one(place)

    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))
    return time.perf_counter() - started, time.process_time() - cpu


def measure(options: Options) -> list[Figure]:
    """The statements alone, the whole use case, and what it does to one wallet."""
    each = 25 if options.quick else 300
    rounds = options.rounds + 1  # the first one only warms up
    crowd = Crowd(4 * rounds * CONNECTIONS * each + rounds + 2, prefix="1", digits=18)
    with running_database(durable=False) as database:
        bench = Bench(database, database.create("charges"), crowd, each)
        uvloop.run(publish(bench.url))
        print(f"  filling in {crowd.people:,} wallets", flush=True)
        with psycopg.connect(bench.url, autocommit=True) as connection:
            fill(connection, crowd)
        uvloop.run(bench.record())
        print(f"  {rounds} rounds of {bench.charges:,} charges on each side", flush=True)
        sides = alternate(
            rounds,
            bench.alone,
            lambda: bench.pgbench(bench.steps[1:]),
            lambda: bench.whole(wallets=bench.charges, charges=bench.charges),
            lambda: bench.pgbench(bench.steps),
            lambda: bench.whole(wallets=1, charges=bench.charges // 4),
        )
        alone, alone_peer, whole, whole_peer, one = (side[1:] for side in sides)
        uvloop.run(bench.audit())
    return [
        *_figures("charge, statements alone", alone, alone_peer, ALONE, len(bench.steps) - 1),
        *_figures("charge, whole use case", whole, whole_peer, WHOLE, len(bench.steps)),
        compare(
            "charge, all of one wallet",
            "/s",
            [taken.per_second for taken in one],
            "many wallets",
            [taken.per_second for taken in whole],
            note="Charges of one wallet wait for each other, so this is about waiting, not about"
            " work. pgbench cannot do it: it would have to decide what the next charge is.",
        ),
    ]


def _figures(
    name: str, ours: Sequence[Taken], peer: Sequence[Taken], goal: Goal, trips: int
) -> list[Figure]:
    """Charges for a second of the clock, and for a CPU second with and without PostgreSQL's."""
    per_second = [[taken.per_second for taken in side] for side in (ours, peer)]
    both = [[taken.per_cpu_second for taken in side] for side in (ours, peer)]
    client = [[1 / taken.client for taken in side] for side in (ours, peer)]
    return [
        compare(
            name, "/s", per_second[0], "pgbench", per_second[1], goal=goal, headline=True,
            note=f"Wall clock, {CONNECTIONS} connections, each charge another wallet; {trips} round"
            " trips a charge on both sides, each Bind, Describe, Execute, Sync.",
        ),
        compare(
            name, "/CPU s", both[0], "pgbench", both[1], goal=goal,
            note="CPU of the side that asks and of PostgreSQL together.",
        ),
        compare(
            name, "/CPU s", client[0], "pgbench", client[1],
            note="CPU of the side that asks only: Python beside C.",
        ),
    ]  # fmt: skip
