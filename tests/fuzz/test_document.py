"""The OpenAPI document is kept to, whoever asks: nobody, a user, somebody else, an administrator.

Schemathesis makes the requests, sound ones and unsound ones, and ``hooks`` points them at what
exists: one's own, and what belongs to an owner whose canaries no answer may have in it.
"""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.operations import operations
from tests.acceptance.product import ROOT, Product, Stack
from tests.acceptance.world import World
from tests.fuzz.cast import PLENTY, an_owner
from tests.fuzz.pace import IS_FULL, SEED, paced
from tests.fuzz.tally import ROLES, TALLY

EXAMPLES = {role: paced(30, 3) for role in ROLES} | {"anonymous": paced(10, 1)}
MOST_SECONDS = 540
"""Only bounds a failure: what is asked does not depend on how fast the machine is."""
PHASES = "examples,coverage,fuzzing,stateful" if IS_FULL else "fuzzing"
# Whether a token is asked for is judged by ``hooks``, which sends each request as somebody. A body
# that breaks no rule of the document may break one that no schema can say: two checks too many.
NOT_CHECKED = "ignored_auth,positive_data_acceptance,use_after_free,ensure_resource_availability"
NOT_OF_THE_KNOWN = f"{NOT_CHECKED},missing_required_header"
"""Nor, with a token, whether one is missed: ``hooks`` adds it to what was to be sent without."""
SPOKEN = 60_000
OWN = {"character_id": ["mira"], "name": ["sweep-holds"]}


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Product:
    return stack.serve()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", ROLES)
async def test_no_answer_is_a_fault_undocumented_or_somebody_elses(
    world: World, server: Product, tmp_path: Path, role: str
) -> None:
    owner = await an_owner(world)
    before = await owner.state()
    token, own = await _sender(world, role)
    report = tmp_path / "report.json"
    plan = {
        "role": role,
        "token": token,
        "url": server.url,
        "seed": SEED,
        "open": [one.name for one in operations(server.url) if one.is_open],
        # An administrator may see and change what is whose, so it is somebody for that.
        "foreign": {} if role == "admin" else owner.ids,
        "own": own,
        "canaries": [] if role == "admin" else owner.canaries,
        "report": str(report),
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    done = await asyncio.to_thread(_run, server, tmp_path, role)
    assert report.exists(), done.stdout[-SPOKEN:] + done.stderr[-SPOKEN:]
    told = json.loads(report.read_text(encoding="utf-8"))
    TALLY.merge(told["rows"])
    assert not told["wrongs"], told["wrongs"][:20]
    assert done.returncode == 0, _found(done.stdout)[:SPOKEN] + done.stderr[-2_000:]
    assert "Test cases" in done.stdout, done.stdout
    untried = _untried(server, told["rows"])
    assert not untried, untried
    assert await owner.state() == before
    if token is not None:
        headers = {"Authorization": f"Bearer {token}"}
        still = await world.http.get(f"{server.url}/v1/auth/me", headers=headers)
        assert still.is_success, f"{still.text}: it has locked itself out, and seen little but that"


async def _sender(world: World, role: str) -> tuple[str | None, dict[str, list[str]]]:
    """The token of whoever has this role, and ids that it may use."""
    if role == "anonymous":
        return None, {}
    owned = await an_owner(world)
    await owned.person.grant(PLENTY)
    if role != "admin":
        # It never names itself to a route of administrators, which is refused in any case.
        return owned.person.token, {**OWN, **owned.ids}
    victims = [owned, *[await an_owner(world) for _ in range(2)]]
    ids = {name: [id_ for one in victims for id_ in one.ids[name]] for name in owned.ids}
    return await world.token("fuzzing-admin", admin=True), {**OWN, **ids}


def _run(server: Product, folder: Path, role: str) -> "subprocess.CompletedProcess[str]":
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json"),
        *(
            "--checks",
            "all",
            "--exclude-checks",
            NOT_CHECKED if role == "anonymous" else NOT_OF_THE_KNOWN,
        ),
        *("--phases", PHASES, "--mode", "all"),
        *("--max-examples", str(EXAMPLES[role]), "--workers", "1"),
        *("--seed", str(SEED), "--request-timeout", "30"),
        *("--continue-on-failure", "--no-shrink", "--generation-database", "none"),
        *("--suppress-health-check", "all", "--warnings", "off", "--no-color"),
    ]
    environ: dict[str, Any] = {
        **os.environ,
        "FUZZ_PLAN": str(folder / "plan.json"),
        "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        command,
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )


def _found(told: str) -> str:
    """What schemathesis complains of, from the first on, otherwise all that it has told."""
    before, title, findings = told.partition("= FAILURES =")
    return findings if title else before


def _untried(server: Product, rows: list[tuple[str, str, int, int]]) -> set[str]:
    """The routes of the document that were never asked."""
    tried = {route for _, route, _, _ in rows}
    return {f"{one.method} {one.path}" for one in operations(server.url)} - tried
