"""One product for each test, and one that listens on a port."""

from collections.abc import AsyncIterator

import pytest

from entrypoints.config import Settings
from tests.http.api import Api, api_with, serving


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with api_with(Settings()) as made:
        yield made


@pytest.fixture
async def base_url(api: Api) -> AsyncIterator[str]:
    async with serving(api.app) as url:
        yield url
