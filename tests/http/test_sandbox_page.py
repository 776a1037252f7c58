"""The page on which the sandbox is tried."""

import re
from typing import Any

import pytest

from domain.market.simulation import Action
from entrypoints.pages.files import shared_script
from entrypoints.sandbox.page import sandbox_page, sandbox_script, sandbox_style
from tests.http.api import Api
from tests.http.pages import Page, check_policy


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(sandbox_page())


@pytest.mark.parametrize(
    ("path", "kind", "contents"),
    [
        ("/sandbox", "text/html; charset=utf-8", sandbox_page()),
        ("/sandbox/style.css", "text/css; charset=utf-8", sandbox_style()),
        ("/sandbox/script.js", "text/javascript; charset=utf-8", sandbox_script()),
        ("/sandbox/dom.js", "text/javascript; charset=utf-8", shared_script()),
    ],
)
async def test_it_is_served_to_anybody(api: Api, path: str, kind: str, contents: bytes) -> None:
    reply = await api("GET", path, by=None)
    assert (reply.status, reply.headers["content-type"]) == (200, kind)
    assert reply.body == contents


async def test_it_runs_nothing_that_is_not_its_own(api: Api, page: Page) -> None:
    check_policy((await api("GET", "/sandbox", by=None)).headers["content-security-policy"])
    assert page.loaded == ["/sandbox/style.css", "/sandbox/script.js"]
    page.check_nothing_is_inline()
    for file in (sandbox_script(), sandbox_style(), shared_script()):
        assert b"://" not in file
        assert b"innerHTML" not in file


def test_it_says_what_it_is_and_can_be_used_without_a_mouse(page: Page) -> None:
    assert not page.open
    assert "SANDBOX" in page.text
    assert [one["lang"] for one in page.all("html")] == ["en"]
    labelled = {one["for"] for one in page.all("label") if "for" in one}
    for field in page.all("input"):
        assert field.get("id") in labelled or field["type"] == "radio"
    roles = {attributes.get("role") for _, attributes in page.tags}
    assert {"alert", "status"} <= roles


def test_each_thing_that_can_happen_has_a_name_on_it() -> None:
    table = sandbox_script().decode().partition("const ACTIONS = {")[2].partition("};")[0]
    assert re.findall(r"^  (\w+):", table, re.MULTILINE) == [action.value for action in Action]


def test_what_it_looks_for_is_there(page: Page) -> None:
    wanted = set(re.findall(r"\bat\(\"([a-z-]+)\"\)", sandbox_script().decode()))
    assert len(wanted) > 10
    assert wanted <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


async def test_what_it_calls_answers(api: Api) -> None:
    """Each route of the script, the way the script calls it."""
    called = set(re.findall(r"\"(?:GET|POST)\", [\"`](/v1/[a-z/-]+)", sandbox_script().decode()))
    served: dict[str, Any] = {route.path: route for route in getattr(api.app, "routes", ())}
    assert len(called) >= 6
    for path in called:
        assert path in served, path
