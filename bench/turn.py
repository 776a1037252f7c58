"""``make bench-turn``: what a whole turn costs beside those that only call the model.

A whole turn is signed in, limited, moderated, remembered, held, settled and stored. All sides ask
the same model that answers at once, over keep-alive connections, in alternating rounds.
"""

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import psutil
import uvloop
from attrs import evolve, frozen

from bench import litellm
from bench.figures import Figure, Goal, Options, alternate, compare, missing, percentile
from bench.load import Client, run
from bench.processes import cpu_seconds, resident_megabytes
from bench.report import table
from bench.sides import BARE, LITELLM, USERS, Cpu, Side, Stand, started

SECONDS, QUICK_SECONDS = 3.0, 1.0
SOONER = Goal(most=0.5)
NOTE = f"{USERS} connections; model, databases and load share the machine's cores"
TEXT = "Tell me something about the sea that few people know, in two sentences."


@frozen
class Round:
    """What one side did in a round: answers, seconds, and processor time of all that took part."""

    waits: Sequence[float]
    """Seconds until the first word, of each reply."""
    seconds: float
    cpu: Cpu
    model: float
    load: float

    @property
    def answers(self) -> int:
        """How many replies there were."""
        return len(self.waits)


def load(stand: Stand, side: Side, clients: list[Client], seconds: float) -> Round:
    """Load this side for a while, and note what that took."""
    ours = psutil.Process()
    before, model, mine = side.cpu(), cpu_seconds(stand.model_pid), cpu_seconds(ours.pid)
    done = uvloop.run(run(clients, seconds))
    mine = cpu_seconds(ours.pid) - mine
    time.sleep(0.2)  # what a turn leaves to be done after its answer is part of its cost
    used = side.cpu() - before
    return Round(done.waits, done.seconds, used, cpu_seconds(stand.model_pid) - model, mine)


@frozen
class Kind:
    """Replies as a whole or as streams, how their cost is told, and the goals."""

    name: str
    title: str
    unit: str
    cost: Callable[[int, float], float]
    """The figure, of so many replies and so many seconds of processor time."""
    goals: dict[str, Goal]
    is_stream: bool


KINDS = (
    Kind(
        "answers",
        "answers per CPU second",
        "/s",
        lambda replies, seconds: replies / seconds,
        {BARE: Goal(least=2.0), LITELLM: Goal(least=4.0)},
        is_stream=False,
    ),
    Kind(
        "streams",
        "CPU a stream of 50 words",
        "ms",
        lambda replies, seconds: 1_000 * seconds / replies,
        {BARE: Goal(most=0.3)},
        is_stream=True,
    ),
)


def measure(options: Options, *, with_proxy: bool = True) -> list[Figure]:
    """All figures of answers and of streams."""
    figures = []
    with started(with_proxy=with_proxy) as stand:
        for kind in KINDS:
            figures += _measure(stand, kind, options)
        print(
            f"start to ready: first {stand.cold_start_seconds:.1f} s, again"
            f" {stand.warm_start_seconds:.1f} s; resident memory of the server:"
            f" {stand.resident_mb:.0f} MB at start,"
            f" {resident_megabytes(stand.whole.pid):.0f} MB at the end"
        )
    return figures


def _measure(stand: Stand, kind: Kind, options: Options) -> list[Figure]:
    seconds = QUICK_SECONDS if options.quick else SECONDS
    clients = {one.name: one.clients(TEXT, stream=kind.is_stream) for one in stand.sides}
    for side in stand.sides:
        uvloop.run(run(clients[side.name], 1.0))
    rounds = alternate(
        options.rounds,
        *(partial(load, stand, side, clients[side.name], seconds) for side in stand.sides),
    )
    for side, its in zip(stand.sides, rounds, strict=True):
        _say(kind, side, its)
    figures = []
    for side, its in zip(stand.sides[1:], rounds[1:], strict=True):
        figures += _figures(kind, side.name, rounds[0], its)
    if stand.proxy is None:
        goal = kind.goals.get(LITELLM)
        figures.append(missing(kind.title, kind.unit, LITELLM, litellm.ABSENT, goal))
    return figures


def _say(kind: Kind, side: Side, rounds: Sequence[Round]) -> None:
    """Where the time of one side's replies went, in milliseconds of a processor for each."""
    replies = sum(one.answers for one in rounds)
    parts = {
        "server": sum(one.cpu.server for one in rounds),
        "PostgreSQL and Valkey": sum(one.cpu.behind for one in rounds),
        "model": sum(one.model for one in rounds),
        "load": sum(one.load for one in rounds),
    }
    told = ", ".join(f"{name} {1_000 * used / replies:.2f}" for name, used in parts.items())
    rate = replies / sum(one.seconds for one in rounds)
    print(f"  {kind.name}, {side.name:10} {rate:6.0f} per second; CPU ms each: {told}", flush=True)


def _figures(kind: Kind, name: str, whole: Sequence[Round], peer: Sequence[Round]) -> list[Figure]:
    def line(title: str, of: Callable[[Round], float], unit: str = kind.unit) -> Figure:
        ours, others = [of(one) for one in whole], [of(one) for one in peer]
        return compare(title, unit, ours, name, others)

    figures = [
        evolve(
            line(kind.title, lambda one: kind.cost(one.answers, one.cpu.server)),
            goal=kind.goals.get(name, Goal()),
            headline=name in kind.goals,
        ),
        line("  PostgreSQL and Valkey counted", lambda one: kind.cost(one.answers, one.cpu.all)),
    ]
    if kind.is_stream:
        first = line("time to the first word, p50", lambda one: _wait(one, 0.5), "ms")
        if name == BARE:
            first = evolve(first, goal=SOONER, headline=True)
        figures += [first, line("  p99", lambda one: _wait(one, 0.99), "ms")]
    rate = line(f"{kind.name} per second by the clock", lambda one: one.answers / one.seconds, "/s")
    return [*figures, evolve(rate, note=NOTE)]


def _wait(one: Round, share: float) -> float:
    """Milliseconds that this share of the replies had begun in."""
    return 1_000 * percentile(one.waits, share)


def main() -> int:
    """Measure this part alone and without the proxy, for whoever works on it; nothing is kept."""
    options = Options(quick="--quick" in sys.argv[1:])
    print(table({"turn": measure(options, with_proxy=False)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
