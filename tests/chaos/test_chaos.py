"""Nothing is lost, and nothing is charged twice, whatever breaks: ``make chaos``."""

import asyncio
import os
import secrets
import time

import httpx
import psutil
import pytest

from tests.chaos.faults import plan
from tests.chaos.report import summary
from tests.chaos.rounds import Run
from tests.chaos.site import running_site

pytestmark = pytest.mark.chaos
ROUND_SECONDS = 150
"""Only bounds a failure: a round takes 25."""


def rounds_wanted() -> int:
    return int(os.environ.get("CHAOS_ROUNDS") or 30)


def rounds_chosen(rounds: int) -> list[int]:
    """All of them, or those that ``CHAOS_ONLY`` names, to look at one again."""
    only = os.environ.get("CHAOS_ONLY", "").split(",")
    return [int(one) for one in only if one] or list(range(1, rounds + 1))


@pytest.mark.timeout(120 + rounds_wanted() * ROUND_SECONDS)
async def test_nothing_is_lost_and_nothing_is_charged_twice() -> None:
    seed = os.environ.get("CHAOS_SEED") or secrets.token_hex(4)
    rounds = rounds_wanted()
    tell(f"chaos: seed {seed}, {rounds} rounds; again with: make chaos SEED={seed} ROUNDS={rounds}")
    with running_site() as site:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
        async with httpx.AsyncClient(limits=limits, trust_env=False) as http:
            run = Run(site, seed, http)
            await run.begin()
            for number, faults in enumerate(plan(seed, rounds), start=1):
                if number not in rounds_chosen(rounds):
                    continue
                names = " + ".join(fault.name for fault in faults)
                started = time.monotonic()
                before = len(run.record.turns)
                broken = await run.round(number, faults)
                seconds = time.monotonic() - started
                turns = len(run.record.turns) - before
                verdict = f"{len(broken)} BROKEN" if broken else "ok"
                tell(f"round {number:2} {names:45} {turns:4} turns {seconds:5.1f} s  {verdict}")
                if broken:
                    shown = "\n  ".join(broken)
                    tell(f"chaos: seed {seed}, round {number}, {names}: broken:\n  {shown}")
                    pytest.fail(f"seed {seed}, round {number}, {names}: {len(broken)} broken")
        folder = site.folder
    tell(summary(run, rounds))
    await asyncio.sleep(0)
    assert not folder.exists()
    assert psutil.Process().children(recursive=True) == []


def tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - whoever runs it waits for this
