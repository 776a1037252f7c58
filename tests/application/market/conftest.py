"""A shop of its own for each test, in which nothing may be broken afterwards."""

from collections.abc import AsyncIterator

import pytest

from tests.application.market.shop import Shop, open_shop


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    opened = await open_shop()
    yield opened
    await opened.background.drain(5)
    assert await opened.violations() == []
