"""Every job on a product in which nothing has happened yet, not even the seeding."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from application.operations.run_job import RunJob
from entrypoints.config import load_settings
from entrypoints.lifecycle import running, seed
from entrypoints.metrics import Metrics

BEFORE_SEEDING = {
    "aggregate-analytics": "nothing to count before products are published",
    "refresh-daily-credits": "nothing to give before prices are published",
}


@pytest.fixture(params=["memory", "real"])
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> Mapping[str, str]:
    common = {"DATA_DIR": str(tmp_path)}
    if request.param == "memory":
        return {**common, "STACK": "memory"}
    return {
        **common,
        "DATABASE_URL": request.getfixturevalue("postgres_url"),
        "REDIS_URL": request.getfixturevalue("redis_url"),
        "XAI_API_KEY": "key",
        "XAI_BASE_URL": "http://127.0.0.1:9/v1",
    }


async def test_no_job_fails_before_or_after_seeding(environ: Mapping[str, str]) -> None:
    async with running(load_settings(environ), Metrics()) as (use_cases, _):
        before = await run_all(use_cases.run_job())
        assert {name: before[name] for name in BEFORE_SEEDING} == BEFORE_SEEDING
        await seed(use_cases)
        after = await run_all(use_cases.run_job())
        assert after.keys() == before.keys()
        assert after["refresh-daily-credits"] == "refreshed 0 wallets"
        assert after["aggregate-analytics"].startswith("counted 0 people")


async def run_all(run_job: RunJob) -> dict[str, str]:
    """What each job said; a failing one raises."""
    told: dict[str, str] = {}
    for name in run_job.jobs:
        run = await run_job(name, by_hand=True)
        assert run is not None
        assert run.outcome is not None
        told[name] = run.outcome
    return told
