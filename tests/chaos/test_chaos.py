"""Nothing is lost, and nothing is charged twice, whatever breaks: ``make chaos``."""

import os
import secrets
import time

import httpx
import psutil
import pytest

from tests.chaos.faults import Fault, plan
from tests.chaos.report import summary
from tests.chaos.rounds import Run
from tests.chaos.site import running_site

pytestmark = pytest.mark.chaos
SHOWN = 20
"""Breaches that are told, of all that there are."""
ROUND_SECONDS = 400
"""Only bounds a failure: a round takes 25."""


def rounds_wanted() -> int:
    return int(os.environ.get("CHAOS_ROUNDS") or 30)


def rounds_chosen(rounds: int) -> list[int]:
    """All of them, or those that ``CHAOS_ONLY`` names, to look at one again."""
    only = os.environ.get("CHAOS_ONLY", "").split(",")
    return [int(one) for one in only if one] or list(range(1, rounds + 1))


@pytest.mark.timeout(600 + rounds_wanted() * ROUND_SECONDS)
async def test_nothing_is_lost_and_nothing_is_charged_twice() -> None:
    seed = os.environ.get("CHAOS_SEED") or secrets.token_hex(4)
    rounds = rounds_wanted()
    again = f"make chaos SEED={seed} ROUNDS={rounds}"
    tell(f"chaos: {rounds} rounds, seed {seed}; the same again: {again}")
    with running_site() as site:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
        async with httpx.AsyncClient(limits=limits, trust_env=False) as http:
            run = Run(site, seed, http)
            await run.begin()
            for number, faults in enumerate(plan(seed, rounds), start=1):
                if number in rounds_chosen(rounds):
                    await look(run, number, faults, again)
            check(await run.end(), f"the end, {again}")
        folder = site.folder
    tell(summary(run))
    assert not folder.exists()
    assert psutil.Process().children(recursive=True) == []


async def look(run: Run, number: int, faults: tuple[Fault, ...], again: str) -> None:
    names = " + ".join(fault.name for fault in faults)
    started = time.monotonic()
    before = len(run.record.turns)
    broken = await run.round(number, faults)
    seconds = time.monotonic() - started
    turns = len(run.record.turns) - before
    verdict = f"{len(broken)} BROKEN" if broken else "ok"
    tell(f"round {number:2}  {names:45} {turns:4} turns {seconds:6.1f} s  {verdict}")
    check(broken, f"round {number}, {names}, {again}")


def check(broken: list[str], where: str) -> None:
    if broken:
        more = [f"and {len(broken) - SHOWN} more"] if len(broken) > SHOWN else []
        tell("\n  ".join([f"chaos: broken in {where}:", *broken[:SHOWN], *more]))
        pytest.fail(f"{where}: {len(broken)} broken")


def tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - whoever runs it waits for this
