"""Charges per second beside pgbench: how much of PostgreSQL is left behind adapter and use case.

Both sides run in turn over the same database, on as many connections, with nothing pinned. Each
charge is of another person, so that nobody waits for anybody's wallet. At the end all wallets are
audited, pgbench's too: what is counted is charges, not statements that changed nothing.
"""

from collections.abc import Sequence

import psycopg
import uvloop

from bench.charge_sides import CONNECTIONS, COUNTED, Bench, Taken
from bench.charging import publish
from bench.database import running_database
from bench.figures import Figure, Goal, Options, alternate, compare
from bench.population import Crowd, fill

ALONE, WHOLE = Goal(least=0.7), Goal(least=0.5)
ALONE_NOTE = "Two round trips on both sides: hold and settle."
WHOLE_NOTE = "Three round trips on both sides: read, hold, settle. {}."


def measure(options: Options) -> list[Figure]:
    """The statements alone, the whole use case, and what it does to one wallet."""
    each = 25 if options.quick else 300
    rounds = options.rounds + 1  # the first one only warms up
    crowd = Crowd(4 * rounds * CONNECTIONS * each + rounds + 4 * COUNTED[1], prefix="1", digits=18)
    with running_database(durable=False) as database:
        bench = Bench(database, database.create("charges"), crowd, each)
        uvloop.run(publish(bench.url))
        print(f"  filling in {crowd.people:,} wallets", flush=True)
        with psycopg.connect(bench.url, autocommit=True) as connection:
            fill(connection, crowd)
        uvloop.run(bench.record())
        ours, peer = bench.messages()
        print(f"  messages a charge: ours {ours}; pgbench {peer}", flush=True)
        sent = f"Messages a charge: {ours}" + ("" if ours == peer else f"; pgbench {peer}")
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
        *_figures("charge, statements alone", alone, alone_peer, ALONE, ALONE_NOTE),
        *_figures("charge, whole use case", whole, whole_peer, WHOLE, WHOLE_NOTE.format(sent)),
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
    name: str, ours: Sequence[Taken], peer: Sequence[Taken], goal: Goal, note: str
) -> list[Figure]:
    """Charges for a second of the clock, and for a CPU second with and without PostgreSQL's."""
    per_second = [[taken.per_second for taken in side] for side in (ours, peer)]
    both = [[taken.per_cpu_second for taken in side] for side in (ours, peer)]
    client = [[1 / taken.client for taken in side] for side in (ours, peer)]
    return [
        compare(
            name, "/s", per_second[0], "pgbench", per_second[1], goal=goal, headline=True,
            note=f"By the clock, {CONNECTIONS} connections, each charge of another wallet. {note}",
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
