"""A product that listens on a port, and a browser of its own for each test."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from entrypoints.config import Settings
from tests.browser.screen import Screen
from tests.http.api import Api, api_with, serving

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder is one suite of its own."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("Chromium is missing: run `make browser-tools`.", pytrace=False)
    return found


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with api_with(Settings()) as made:
        yield made


@pytest.fixture
async def base_url(api: Api) -> AsyncIterator[str]:
    async with serving(api.app) as url:
        yield url


@pytest.fixture
async def browser(chromium: str, base_url: str) -> AsyncIterator[Browser]:
    """Each start has a new profile, and is over before the server is."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium, args=_FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def screen(browser: Browser, base_url: str) -> AsyncIterator[Screen]:
    """A desktop's window, in light colours; complaints of the browser fail the test."""
    screen = await Screen.open(browser, base_url)
    yield screen
    assert screen.complaints == []
