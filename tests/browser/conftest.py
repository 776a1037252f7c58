"""A product that listens on a port, and a browser of its own for each test."""

import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright
from playwright.sync_api import Browser as Chrome

from entrypoints.config import Settings
from tests.acceptance.product import Model, Product, Stack, running_model, running_stack
from tests.browser.chat_page_driver import ChatPage, running_browser, tab
from tests.browser.screen import FLAGS, Screen
from tests.http.api import Api, api_with, serving

_people = count(1)


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
        browser = await driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def screen(browser: Browser, base_url: str) -> AsyncIterator[Screen]:
    """A desktop's window, in light colours; complaints of the browser fail the test."""
    screen = await Screen.open(browser, base_url)
    yield screen
    assert screen.complaints == []


# ----------------------------------------------------------------------------- the chat page


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Chrome]:
    with running_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with running_model() as model:
        yield model


@pytest.fixture(scope="module")
def product_stack(
    postgres_server: str, postgres_template: str, valkey_server: str, model: Model
) -> Iterator[Stack]:
    with running_stack(postgres_server, postgres_template, valkey_server, model) as stack:
        yield stack


@pytest.fixture(scope="module")
def server(product_stack: Stack) -> Product:
    return product_stack.serve(TURN_IDLE_SECONDS="120")


@pytest.fixture
def name() -> str:
    return f"visitor-{next(_people)}"


@pytest.fixture
def chat(chrome: Chrome, server: Product, name: str, model: Model) -> Iterator[ChatPage]:
    """The page of somebody new, with Mira, who has greeted."""
    model.reset()
    with tab(chrome, server.url) as chat:
        chat.sign_in(name)
        yield chat
        model.release()
