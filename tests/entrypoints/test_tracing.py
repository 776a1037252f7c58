"""A turn is one trace, from the caller's request to the model and the end of the turn."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define

from application.accounts.issue_token import IssueTokenCommand
from entrypoints.config import Settings, load_settings
from entrypoints.lifecycle import running, seed
from entrypoints.metrics import Metrics
from entrypoints.server import make_app
from entrypoints.tracing import tracing_for
from tests.architecture.source import ROOT
from tests.loopback.model_server import ModelServer
from tests.loopback.otlp_collector import OtlpCollector, Span

WORDS = "Zanzibar-lilac"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@define
class Traced:
    """A product on real parts, and its collector once it has ended."""

    settings: Settings
    collector: OtlpCollector
    model: ModelServer

    async def turn(self, text: str, *, stream: bool = True) -> tuple[int, str]:
        """One turn as somebody's own trace; everything is sent when this returns."""
        metrics = Metrics()
        async with (
            tracing_for(self.settings) as tracing,
            running(self.settings, metrics, tracing=tracing) as (use_cases, adapters),
        ):
            await seed(use_cases)
            app = make_app(self.settings, use_cases, adapters, metrics, tracing)
            token = await use_cases.issue_token()(
                IssueTokenCommand("ada", {"email": f"ada@{WORDS}.example"})
            )
            client: Any = app.test_client()
            response = await client.post(
                "/v1/chat/completions",
                headers={
                    "Authorization": f"Bearer {token.id_token}",
                    "traceparent": f"00-{TRACE}-{PARENT}-01",
                },
                json={
                    "model": "mira",
                    "stream": stream,
                    "messages": [{"role": "user", "content": text}],
                },
            )
            body = await response.get_data(as_text=True)
            await use_cases.runner().drain(30)
            return response.status_code, body

    def named(self, name: str) -> Span:
        """The one span of this name in the trace of the turn."""
        [found] = [one for one in self.collector.spans if one.name == name and one.trace == TRACE]
        return found


@pytest.fixture
def collector() -> Iterator[OtlpCollector]:
    with OtlpCollector() as collector:
        yield collector


@pytest.fixture
async def traced(
    postgres_url: str, redis_url: str, collector: OtlpCollector, tmp_path: Path
) -> AsyncIterator[Traced]:
    async with ModelServer() as model:
        settings = load_settings(
            {
                "DATABASE_URL": postgres_url,
                "REDIS_URL": redis_url,
                "XAI_API_KEY": "key",
                "XAI_BASE_URL": model.base_url,
                "XAI_MODEL": "grok-4.5",
                "DATA_DIR": str(tmp_path),
                "OTEL_EXPORTER_OTLP_ENDPOINT": f"{collector.url}/",
                "OTEL_SERVICE_NAME": "companion-test",
            }
        )
        yield Traced(settings, collector, model)


async def test_a_turn_is_one_trace_under_its_caller(traced: Traced) -> None:
    status, body = await traced.turn(f"My secret is {WORDS}.")
    assert status == 200
    assert "[DONE]" in body
    request = traced.named("POST /v1/chat/completions")
    turn = traced.named("turn")
    model = traced.named("chat grok-4.5")
    assert (request.parent, turn.parent, model.parent) == (PARENT, request.id, turn.id)
    assert request.attributes["http.response.status_code"] == 200
    assert turn.attributes["companion.outcome"] == "completed"
    assert model.attributes["companion.outcome"] == "completed"
    assert model.attributes["gen_ai.usage.output_tokens"]
    below = {
        parent.name: {one.name for one in traced.collector.spans if one.parent == parent.id}
        for parent in (request, turn)
    }
    assert any("turns" in name or "wallets" in name for name in below[request.name]), below
    assert any("wallets" in name or "turns" in name for name in below[turn.name]), below
    systems = {one.attributes.get("db.system.name") for one in traced.collector.spans}
    assert {"postgresql", "redis"} <= systems
    assert {one.service for one in traced.collector.spans} == {"companion-test"}


async def test_the_model_is_told_where_its_call_belongs(traced: Traced) -> None:
    await traced.turn("Hello!", stream=False)
    calls = [one for one in traced.collector.spans if one.name.endswith(" grok-4.5")]
    told = {f"00-{TRACE}-{one.id}-01" for one in calls}
    assert traced.model.last_headers["traceparent"] in told


async def test_no_span_has_what_people_write_or_who_they_are(traced: Traced) -> None:
    await traced.turn(f"My secret is {WORDS}.")
    await traced.turn(f"{WORDS} @@echo_key", stream=False)
    sent = b"".join(traced.collector.raw).lower()
    assert b"post /v1/chat/completions" in sent
    for secret in (WORDS, "zanzibar", "ada@", "usr_", "bearer", "127.0.0.1"):
        assert secret.lower().encode() not in sent, secret


async def test_a_failed_call_is_seen_as_one(traced: Traced) -> None:
    status, _ = await traced.turn("Hello! @@unauthorized", stream=False)
    assert status == 503
    model, turn = traced.named("chat grok-4.5"), traced.named("turn")
    assert model.has_failed
    assert turn.has_failed
    assert model.attributes["error.type"] == "credentials"


def test_without_a_collector_nothing_of_it_is_loaded() -> None:
    program = (
        "import asyncio, sys\n"
        "from entrypoints.cli import main, serve\n"
        "from entrypoints.config import load_settings\n"
        "from entrypoints.lifecycle import running\n"
        "from entrypoints.metrics import Metrics\n"
        "from entrypoints.server import make_app\n"
        "from entrypoints.tracing import tracing_for\n"
        "async def begin():\n"
        "    settings = load_settings({'DATABASE_URL': 'postgresql://127.0.0.1:9/x',\n"
        "        'REDIS_URL': 'redis://127.0.0.1:9', 'XAI_API_KEY': 'key'})\n"
        "    async with tracing_for(settings) as tracing:\n"
        "        assert tracing is None\n"
        "        from entrypoints.container import build_adapters\n"
        "        from entrypoints.observability.model_calls import watching\n"
        "        build_adapters(settings, print, watching(Metrics(), tracing))\n"
        "asyncio.run(begin())\n"
        "print([name for name in sys.modules if name.startswith(\n"
        "    ('opentelemetry.sdk', 'opentelemetry.exporter', 'entrypoints.observability.otel'))])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "[]"
