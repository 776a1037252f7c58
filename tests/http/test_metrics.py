"""Metrics: those that are promised are there, and what happens moves them."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from attrs import define
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from adapters.in_memory.chat_model import Script
from adapters.in_memory.vital_signs import InMemoryVitalSigns
from application.ports.job_runs import JobRun, Patience
from domain.errors import Unavailable
from domain.lots import Bucket
from entrypoints.config import Settings
from entrypoints.lifecycle import running, seed
from entrypoints.metrics import Metrics
from entrypoints.observability.model_calls import ModelCall
from entrypoints.observability.trail import Trail, set_trail
from entrypoints.observability.vitals import watching_vitals
from entrypoints.server import make_app
from tests.architecture.source import ROOT
from tests.http.api import Api, until

OWN = re.compile(r"^\| `([a-z_]+)(?:\{([a-z,]+)\})?` \| (counter|gauge|histogram) \|", re.MULTILINE)
USUAL = ("process_", "python_")
JOBS = {"sweep-holds": timedelta(seconds=15)}


@define
class Watched:
    """A product whose metrics can be read."""

    api: Api
    metrics: Metrics

    async def text(self) -> str:
        return (await self.api("GET", "/metrics", by=None)).body.decode()

    async def value(self, name: str, **labels: str) -> float | None:
        return value(self.metrics.registry, name, **labels)


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def watched(metrics: Metrics) -> AsyncIterator[Watched]:
    settings = Settings(stack="memory")
    async with running(settings, metrics) as (use_cases, adapters):
        await seed(use_cases)
        app = make_app(settings, use_cases, adapters, metrics)
        yield Watched(Api(app, use_cases, adapters), metrics)
        await use_cases.runner().drain(0)


def promised() -> dict[str, tuple[frozenset[str], str]]:
    """What the document for operators lists: labels and kind by name."""
    text = (ROOT / "deploy" / "metrics.md").read_text(encoding="utf-8")
    return {
        name: (frozenset(filter(None, labels.split(","))), kind)
        for name, labels, kind in OWN.findall(text)
    }


def served(text: str) -> dict[str, str]:
    """The kinds of the metrics in an answer, by the names that queries use."""
    return {
        f"{family.name}_total" if family.type == "counter" else family.name: family.type
        for family in text_string_to_metric_families(text)
        if not family.name.endswith("_created")
    }


async def test_what_is_promised_is_served_and_nothing_else(watched: Watched) -> None:
    found = served(await watched.text())
    own = {name: kind for name, kind in found.items() if not name.startswith(USUAL)}
    assert own == {name: kind for name, (_, kind) in promised().items()}
    assert any(name.startswith("process_") for name in found)


async def test_series_have_the_labels_that_are_promised(watched: Watched) -> None:
    await watched.api.say("Hello!", stream=True)
    fill(watched.metrics)
    families = text_string_to_metric_families(await watched.text())
    technical = {"le"}
    shown = {
        sample.name.removesuffix("_bucket"): frozenset(sample.labels) - technical
        for family in families
        for sample in family.samples
        if not sample.name.startswith(USUAL) and not sample.name.endswith(("_sum", "_count"))
        if not sample.name.endswith("_created")
    }
    assert shown == {name: labels for name, (labels, _) in promised().items()}


def fill(metrics: Metrics) -> None:
    """Let everything with labels happen once."""
    metrics.model_outcome("completed")
    metrics.model_call("grok", "idle", 0.1, 1.0)
    metrics.watch_circuit("chat", lambda: "closed")
    metrics.watch_database(lambda: {"connections": 3, "free": 2, "waiting": 1}, 10)
    metrics.watch_redis(lambda: True)
    metrics.store_message("stripe", "done")
    metrics.safety_counted(["report"])
    metrics.name_jobs(JOBS)


async def test_a_turn_counts_what_it_costs_and_how_it_ended(watched: Watched) -> None:
    reply = await watched.api.say()
    charged = reply.json["companion"]["receipt"]["charged"]
    assert charged > 0
    assert await watched.value("credits_charged_total", bucket="daily") == charged
    assert await watched.value("chat_turns_total", outcome="completed") == 1
    assert await watched.value("chat_active_sessions") == 1


async def test_a_turn_that_fails_costs_nothing(watched: Watched) -> None:
    watched.api.model.script(Script(fail_after=0))
    assert (await watched.api.say()).status == 503
    assert await watched.value("chat_turns_total", outcome="failed") == 1
    assert await watched.value("credits_charged_total", bucket="daily") == 0


async def test_a_crisis_is_answered_and_counted(watched: Watched) -> None:
    assert (await watched.api.say("I want to kill myself")).status == 200
    assert await watched.value("chat_turns_total", outcome="answered") == 1
    assert await watched.value("safety_events_total", kind="crisis_referral_input") == 1


def test_a_session_is_active_for_five_minutes() -> None:
    now = [1000.0]
    metrics = Metrics(now=lambda: now[0])
    for session, at in (("a", 1000.0), ("b", 1200.0), ("a", 1250.0)):
        now[0] = at
        metrics.turn_began(session)
    for at, active in ((1500.0, 2), (1501.0, 1), (1551.0, 0)):
        now[0] = at
        assert value(metrics.registry, "chat_active_sessions") == active


@pytest.fixture
def trail() -> Iterator[Trail]:
    trail = Trail("req_1", "t", 0.0)
    set_trail(trail)
    yield trail
    set_trail(None)


@pytest.mark.parametrize("is_streamed", [True, False])
def test_first_words_are_timed_where_they_are_seen(
    metrics: Metrics, trail: Trail, *, is_streamed: bool
) -> None:
    trail.is_streamed = is_streamed
    call = ModelCall(metrics, None, "grok", is_chat=True)
    call.answered()
    call.ended("completed", 10, 20)
    count = 1 if is_streamed else 0
    assert value(metrics.registry, "chat_first_token_seconds_count") == count
    labels = {"model": "grok"}
    assert value(metrics.registry, "model_first_token_seconds_count", **labels) == count
    assert value(metrics.registry, "model_duration_seconds_count", **labels) == 1


@pytest.mark.parametrize(("outcome", "counted"), [("idle", 1), ("abandoned", None)])
def test_calls_that_fail_are_counted_by_model_and_kind(
    metrics: Metrics, outcome: str, counted: int | None
) -> None:
    for is_chat in (True, False):
        ModelCall(metrics, None, f"grok-{is_chat}", is_chat=is_chat).ended(outcome, None, None)
        found = value(metrics.registry, "model_errors_total", model=f"grok-{is_chat}", kind=outcome)
        assert found == counted


def test_connections_circuits_and_redis_show_how_they_are(metrics: Metrics) -> None:
    state, answers = ["open"], [False]
    metrics.watch_circuit("chat", lambda: state[0])
    metrics.watch_redis(lambda: answers[0])
    metrics.watch_database(lambda: {"connections": 5, "free": 2, "waiting": 7}, 10)
    registry = metrics.registry
    assert value(registry, "database_connections", state="in_use") == 3
    assert value(registry, "database_connections", state="free") == 2
    assert value(registry, "database_connections_limit") == 10
    assert value(registry, "database_callers_waiting") == 7
    assert value(registry, "model_circuit_state", circuit="chat", state="open") == 1
    assert value(registry, "redis_up") == 0
    state[0], answers[0] = "closed", True
    assert value(registry, "model_circuit_state", circuit="chat", state="open") == 0
    assert value(registry, "redis_up") == 1


async def test_samples_are_taken_in_the_background(watched: Watched) -> None:
    adapters, registry = watched.api.adapters, watched.metrics.registry
    run = JobRun("run_1", "sweep-holds", adapters.clock.now(), adapters.clock.now())
    await adapters.job_runs.claim(run, Patience())
    async with watching_vitals(watched.metrics, adapters.vital_signs, adapters.clock, JOBS):
        await until(lambda: value(registry, "wallet_open_holds") == 0)
    assert value(registry, "job_period_seconds", job="sweep-holds") == 15
    age = value(registry, "job_age_seconds", job="sweep-holds")
    assert age is not None
    assert 0 <= age < 60
    sampled = value(registry, "state_sample_age_seconds")
    assert sampled is not None
    assert sampled < 60


async def test_a_database_that_is_away_makes_the_sample_old_and_ends_nothing(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    async def away(*_: object) -> None:
        asked.append(None)
        raise Unavailable("away") if len(asked) < 3 else ValueError

    monkeypatch.setattr(InMemoryVitalSigns, "read", away)
    adapters = watched.api.adapters
    async with watching_vitals(
        watched.metrics, adapters.vital_signs, adapters.clock, JOBS, every_seconds=0.001
    ):
        await until(lambda: len(asked) > 5)


def test_buckets_are_all_counted_from_the_start(metrics: Metrics) -> None:
    for bucket in Bucket:
        assert value(metrics.registry, "credits_charged_total", bucket=bucket.value) == 0
