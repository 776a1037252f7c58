"""What is done to the product while people use it."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from attrs import frozen

from tests.chaos.site import MODELS, NOTHING_TO_NOTE, START_SECONDS, Process, Site

LOAD_SECONDS = 8.0
"""For how long people are busy in a round; every fault is over by then."""


Strike = Callable[[Site, random.Random], Coroutine[Any, Any, None]]


@frozen
class Fault:
    """``strike`` does it, at moments that chance decides, and heals it."""

    name: str
    family: str
    strike: Strike


# --------------------------------------------------------------------------------- kill -9


async def _kill(site: Site, chance: random.Random, victims: list[Process]) -> None:
    await asyncio.sleep(chance.uniform(0.3, LOAD_SECONDS / 2))
    for process in victims:
        process.kill()
    await asyncio.sleep(chance.uniform(0, 1.5))
    for process in victims:
        site.revive(process)


async def _replace(site: Site, chance: random.Random, server: Process) -> None:
    """End it politely and start it again, as a deployment does."""
    await asyncio.sleep(chance.uniform(0.3, LOAD_SECONDS / 2))
    if server.runs:
        server.signal()
        await asyncio.to_thread(server.wait, START_SECONDS)
    site.revive(server)


async def kill_server(site: Site, chance: random.Random) -> None:
    first = chance.randrange(2)
    await _kill(site, chance, [site.servers[first]])
    if chance.random() < 0.5:
        await _replace(site, chance, site.servers[1 - first])


async def kill_scheduler(site: Site, chance: random.Random) -> None:
    await _kill(site, chance, [site.scheduler])


async def kill_both(site: Site, chance: random.Random) -> None:
    victims = [chance.choice(site.servers), site.scheduler]
    await _kill(site, chance, site.processes if chance.random() < 0.3 else victims)


KILLS = (
    Fault("kill-server", "kill", kill_server),
    Fault("kill-scheduler", "kill", kill_scheduler),
    Fault("kill-both", "kill", kill_both),
)

# ------------------------------------------------------------------------------ PostgreSQL


async def restart_fast(site: Site, chance: random.Random) -> None:
    await _restart(site, chance, immediate=False)


async def restart_immediate(site: Site, chance: random.Random) -> None:
    await _restart(site, chance, immediate=True)


async def _restart(site: Site, chance: random.Random, *, immediate: bool) -> None:
    for _ in range(2):
        await asyncio.sleep(chance.uniform(0.5, 2.5))
        pause = chance.choice((0.0, 0.5, 1.5))
        await asyncio.to_thread(site.database.restart, immediate=immediate, pause=pause)


async def hang_up(site: Site, chance: random.Random) -> None:
    """Every connection, every 2 seconds."""
    for _ in range(int(LOAD_SECONDS / 2)):
        await asyncio.sleep(chance.uniform(1.5, 2.0))
        await asyncio.to_thread(site.database.hang_up)


async def hang_up_often(site: Site, chance: random.Random) -> None:
    """So often that many a statement is cut between its commit and its answer."""
    for _ in range(25):
        await asyncio.sleep(chance.uniform(0.05, 0.4))
        await asyncio.to_thread(site.database.hang_up)


# ----------------------------------------------------------------------------------- Redis


async def stop_redis(site: Site, chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(0.5, 2))
    site.cache.kill()
    await asyncio.sleep(chance.uniform(1, 4))
    await asyncio.to_thread(site.cache.start)


async def black_hole_redis(site: Site, chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(0.5, 2))
    site.network.switch("black_hole")
    await asyncio.sleep(chance.uniform(1, 5))
    site.network.switch("pass")


async def cut_redis(site: Site, chance: random.Random) -> None:
    for _ in range(6):
        await asyncio.sleep(chance.uniform(0.2, 1))
        site.network.switch("cut", chance.randrange(1, 400))
        await asyncio.sleep(chance.uniform(0.05, 0.3))
        site.network.switch("pass")


async def flush_redis(site: Site, chance: random.Random) -> None:
    for _ in range(5):
        await asyncio.sleep(chance.uniform(0.3, 1.2))
        await asyncio.to_thread(site.cache.flush)


# ------------------------------------------------------------------------------- the model


def _model(*behaviours: Mapping[str, Any]) -> Strike:
    async def strike(site: Site, chance: random.Random) -> None:
        await asyncio.sleep(chance.uniform(0.3, 2))
        await asyncio.to_thread(site.model.script, NOTHING_TO_NOTE, *behaviours)
        await asyncio.sleep(chance.uniform(1.5, 3))
        await asyncio.to_thread(site.model.script, NOTHING_TO_NOTE)
        await asyncio.to_thread(site.model.release)

    return strike


MODEL: dict[str, Sequence[Mapping[str, Any]]] = {
    "429": ({"behaviour": "rate_limited", "retry_after": "1"},),
    "500": ({"behaviour": "server_error"},),
    "403-content": ({"behaviour": "content_refused"},),
    "key": ({"behaviour": "unauthorized"},),
    "hang": ({"behaviour": "stall"},),
    "cut": ({"behaviour": "disconnect", "after": 3},),
    "html": ({"behaviour": "html"},),
    "empty": ({"behaviour": "empty"},),
    "broken-chunk": ({"behaviour": "broken_chunk", "after": 2},),
    "404": ({"behaviour": "model_gone", "model": MODELS[0]},),
}

# ------------------------------------------------------------------------------- the clock


def _clock(*jumps: float) -> Strike:
    async def strike(site: Site, chance: random.Random) -> None:
        for jump in jumps:
            await asyncio.sleep(chance.uniform(0.5, 2.5))
            site.clock.jump(jump)

    return strike


FAMILIES: dict[str, tuple[Fault, ...]] = {
    "postgres": (
        Fault("postgres-immediate", "postgres", restart_immediate),
        Fault("postgres-terminated", "postgres", hang_up),
        Fault("postgres-fast", "postgres", restart_fast),
        Fault("postgres-terminated-often", "postgres", hang_up_often),
    ),
    "redis": (
        Fault("redis-black-hole", "redis", black_hole_redis),
        Fault("redis-stopped", "redis", stop_redis),
        Fault("redis-flushed", "redis", flush_redis),
        Fault("redis-cut", "redis", cut_redis),
    ),
    "model": tuple(
        Fault(f"model-{name}", "model", _model(*behaviours)) for name, behaviours in MODEL.items()
    ),
    "clock": (
        Fault("clock-forward", "clock", _clock(660.0, 30.0)),
        Fault("clock-back", "clock", _clock(-3600.0, 3600.0)),
        # Forward at last: what is held by a clock that was set back is held for so much longer.
        Fault("clock-there-and-back", "clock", _clock(7200.0, -7200.0, 7200.0)),
        Fault("clock-next-day", "clock", _clock(40_000.0, 40_000.0)),
    ),
}


def plan(seed: str, rounds: int) -> list[tuple[Fault, Fault]]:
    """A kill and another fault for each round: each family in the first four, and soon all.

    The rarer families come again and again until the models' many ways to fail are through.
    """
    chance = random.Random(f"{seed} plan")
    queues = {name: _shuffled(chance, faults) for name, faults in FAMILIES.items()}
    kills: list[Fault] = []
    planned: list[tuple[Fault, Fault]] = []
    while len(planned) < rounds:
        for name, queue in queues.items():
            # Two of the model's, once each family had its turn: there are most of them.
            for _ in range(2 if name == "model" and len(planned) >= len(FAMILIES) else 1):
                if not queue:
                    queue.extend(_shuffled(chance, FAMILIES[name]))
                if not kills:
                    kills += _shuffled(chance, KILLS)
                planned.append((kills.pop(), queue.pop()))
    return planned[:rounds]


def _shuffled(chance: random.Random, faults: tuple[Fault, ...]) -> list[Fault]:
    return chance.sample(faults, len(faults))
