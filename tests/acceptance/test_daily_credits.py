"""M12: the day's credits, with a clock that is moved by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.in_memory.clock import InMemoryClock
from application.ports.rate_limiter import RateLimit
from entrypoints.config import Settings
from entrypoints.container import build_use_cases
from entrypoints.container.in_memory import build_in_memory
from entrypoints.lifecycle import seed
from entrypoints.metrics import Metrics
from entrypoints.server import make_app
from tests.http.api import Api

LISBON = ZoneInfo("Europe/Lisbon")
PLENTY = RateLimit(amount=1_000_000, seconds=60)


@pytest.fixture
def clock() -> InMemoryClock:
    return InMemoryClock()


@pytest.fixture
async def api(clock: InMemoryClock) -> Api:
    settings = Settings(stack="memory", rate_limit_per_user=PLENTY, rate_limit_per_address=PLENTY)
    adapters = build_in_memory(clock)
    use_cases = build_use_cases(settings, adapters)
    await seed(use_cases)
    return Api(make_app(settings, use_cases, adapters, Metrics()), use_cases, adapters)


async def look(api: Api) -> dict[str, int]:
    """The credits of each bucket."""
    api.tokens.clear()
    balance = (await api("GET", "/v1/wallet/balance")).json
    rows = (await api("GET", "/v1/wallet/transactions?limit=100")).json["data"]
    assert sum(row["amount"] for row in rows) == balance["balance"]
    found: dict[str, int] = {}
    for part in balance["buckets"]:
        found[part["bucket"]] = found.get(part["bucket"], 0) + part["credits"]
    return found


async def grants(api: Api) -> list[Any]:
    rows = (await api("GET", "/v1/wallet/transactions?limit=100")).json["data"]
    return [row for row in rows if row["bucket"] == "daily" and row["amount"] > 0]


async def refresh(api: Api, clock: InMemoryClock) -> None:
    """Run the job, a second later than whatever was before: a moment has one run of it."""
    clock.advance(timedelta(seconds=1))
    api.tokens.clear()
    answer = await api("POST", "/v1/admin/jobs/refresh-daily-credits/run", by="root")
    assert answer.status == 200, answer.body


async def test_m12_a_day_has_one_grant_however_often_it_is_looked_at(
    api: Api, clock: InMemoryClock
) -> None:
    await api.grant(50)
    for _ in range(3):
        await refresh(api, clock)
        assert await look(api) == {"daily": 100, "purchased": 50}
    assert len(await grants(api)) == 1


async def test_m12_days_missed_are_not_made_up_for(api: Api, clock: InMemoryClock) -> None:
    await api.grant(50)
    await look(api)
    for late in (timedelta(days=1, hours=11, minutes=59), timedelta(days=9), timedelta(days=400)):
        clock.advance(late)
        await refresh(api, clock)
        await refresh(api, clock)
        assert await look(api) == {"daily": 100, "purchased": 50}
    assert len(await grants(api)) == 4


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 28, tzinfo=LISBON), datetime(2026, 10, 24, tzinfo=LISBON)]
)
async def test_m12_a_change_of_the_clocks_grants_once_a_day(
    api: Api, clock: InMemoryClock, day: datetime
) -> None:
    """Each hour of three days in a country whose clocks change in the middle one."""
    clock.set(day)
    days = set()
    for _ in range(72):
        await look(api)
        days.add(clock.now().astimezone(UTC).date())
        clock.advance(timedelta(hours=1))
    assert len(await grants(api)) == len(days)


async def test_m12_a_clock_set_back_grants_nothing(api: Api, clock: InMemoryClock) -> None:
    clock.advance(timedelta(days=1))
    await look(api)
    clock.advance(timedelta(days=-1))
    await look(api)
    clock.advance(timedelta(days=1))
    assert await look(api) == {"daily": 100}
    assert len(await grants(api)) == 1
