"""The front door in development: a page to chat on, or where to go from here."""

import re
from importlib import resources

import pytest

from domain.chat import MAX_MESSAGE_CHARACTERS
from domain.memory.memories import MAX_MEMORY_CHARACTERS
from entrypoints.chat_page.page import SCRIPTS, chat_file, chat_page
from entrypoints.config import Settings
from tests.http.api import Api, Reply, api_with
from tests.http.pages import Page, check_policy

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
LOADED = [*SCRIPTS, "dom.js"]


async def front_door(api: Api, accept: str | None) -> Reply:
    return await api("GET", "/", by=None, headers={"Accept": accept} if accept else None)


def script(name: str) -> str:
    content = chat_file(name)
    assert content is not None
    return content.decode()


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(chat_page())


@pytest.fixture(scope="module")
def scripts() -> str:
    return "\n".join(script(name) for name in LOADED)


@pytest.mark.parametrize(
    "accept", [None, "application/json", "*/*", "text/plain", "application/json, text/html;q=0.9"]
)
async def test_programs_are_pointed_to_the_documentation(api: Api, accept: str | None) -> None:
    reply = await front_door(api, accept)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.headers["vary"] == "Accept"
    assert reply.json == {
        "name": "companion",
        "version": "0.1.0",
        "docs": "/docs",
        "openapi": "/openapi.json",
        "base_url": "/v1",
    }


@pytest.mark.parametrize("accept", [BROWSER, "text/html"])
async def test_browsers_are_shown_the_page(api: Api, accept: str) -> None:
    reply = await front_door(api, accept)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (reply.headers["vary"], reply.headers["cache-control"]) == ("Accept", "no-store")
    assert reply.body == chat_page()


async def test_the_page_runs_and_loads_nothing_that_is_not_its_own(
    api: Api, page: Page, scripts: str
) -> None:
    check_policy((await front_door(api, BROWSER)).headers["content-security-policy"])
    assert page.loaded == ["/chat/style.css", "/chat/main.js"]
    page.check_nothing_is_inline()
    for file in (scripts, script("style.css")):
        assert "://" not in file
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in scripts


async def test_all_that_it_loads_is_there_and_nothing_else(api: Api, scripts: str) -> None:
    assert set(re.findall(r'from "\./([a-z_]+\.js)"', scripts)) | {"main.js"} == set(LOADED)
    folder = resources.files("entrypoints.chat_page")
    assert sorted(one.name for one in folder.iterdir() if one.name.endswith(".js")) == [*SCRIPTS]
    for name, kind in [("style.css", "text/css"), *((one, "text/javascript") for one in LOADED)]:
        reply = await api("GET", f"/chat/{name}", by=None)
        assert (reply.status, reply.headers["content-type"]) == (200, f"{kind}; charset=utf-8")
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.body == chat_file(name)
    for name in ("page.html", "page.py", "__init__.py", "..%2fpages%2fbase.css", "nothing.js"):
        assert (await api("GET", f"/chat/{name}", by=None)).status == 404


@pytest.mark.parametrize("environment", ["staging", "production"])
async def test_it_is_there_in_development_only(environment: str) -> None:
    async with api_with(Settings(environment=environment)) as api:
        for path in ("/", "/chat/style.css", "/chat/main.js"):
            reply = await api("GET", path, by=None, headers={"Accept": BROWSER})
            assert (reply.status, reply.error["code"]) == (404, "not_found")


def test_it_is_sound_and_can_be_used_without_a_mouse(page: Page) -> None:
    assert not page.open
    assert [one["lang"] for one in page.all("html")] == ["en"]
    labelled = {one["for"] for one in page.all("label")}
    assert {one["id"] for one in page.all("input") + page.all("textarea")} == labelled
    live = {attributes["id"]: attributes.get("role") for _, attributes in page.tags
            if attributes.get("role") in {"alert", "status", "log"}}  # fmt: skip
    assert live == {"trouble": "alert", "progress": "status", "said": "log"}
    said = next(one for one in page.all("ol") if one["id"] == "said")
    assert said["aria-live"] == "polite"


def test_what_its_scripts_look_for_is_there(page: Page, scripts: str) -> None:
    wanted = set(re.findall(r'\bat\("([a-z-]+)"\)', scripts))
    assert len(wanted) > 30
    assert wanted - {"countdown"} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_what_its_scripts_call_is_served(api: Api, scripts: str) -> None:
    called = set(re.findall(r'["`](/v1/[a-z/-]+[a-z])', scripts))
    served = [str(getattr(route, "path", "")) for route in getattr(api.app, "routes", ())]
    assert len(called) >= 9
    for path in called:
        assert any(one.startswith(path) for one in served), path


def test_nothing_longer_can_be_typed_than_the_product_takes(page: Page, scripts: str) -> None:
    longest = {one["id"]: one.get("maxlength") for one in page.all("input") + page.all("textarea")}
    assert longest["text"] == str(MAX_MESSAGE_CHARACTERS)
    assert longest["memory"] == str(MAX_MEMORY_CHARACTERS)
    most = re.findall(r"MOST_CHARACTERS = ([0-9_]+)", script("memories.js"))
    assert [int(one) for one in most] == [MAX_MEMORY_CHARACTERS]


@pytest.mark.parametrize("name", LOADED)
def test_its_scripts_stay_small(name: str) -> None:
    assert len(script(name).splitlines()) < 300
