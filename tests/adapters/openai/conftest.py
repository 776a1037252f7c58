"""A loopback server in OpenAI's place, and a clock that tests move."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.openai.endpoint import Time
from tests.loopback.model_server import ModelServer


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


@pytest.fixture
def now() -> Time:
    return Time()
