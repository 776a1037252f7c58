from collections.abc import AsyncIterator

import pytest

from adapters.grok import retries
from adapters.grok.chat_model import GrokChatModel
from adapters.grok.circuit_breaker import CircuitBreaker
from tests.adapters.grok.talk import KEY, LONG, MakeModel
from tests.loopback.model_server import ModelServer


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_PAUSE_SECONDS", 0.01)


@pytest.fixture
def outcomes() -> list[str]:
    return []


@pytest.fixture
async def make(server: ModelServer, outcomes: list[str]) -> AsyncIterator[MakeModel]:
    models: list[GrokChatModel] = []

    def make_model(
        *,
        first: float = LONG,
        idle: float = LONG,
        total: float = LONG,
        breaker: CircuitBreaker | None = None,
        base_url: str | None = None,
    ) -> GrokChatModel:
        model = GrokChatModel(
            base_url=base_url or server.base_url,
            api_key=KEY,
            first_token_seconds=first,
            idle_seconds=idle,
            total_seconds=total,
            breaker=breaker or CircuitBreaker(failures=1000),
            on_outcome=outcomes.append,
        )
        models.append(model)
        return model

    yield make_model
    for model in models:
        await model.aclose()


@pytest.fixture
def model(make: MakeModel) -> GrokChatModel:
    return make()
