"""The page on which the sandbox is tried."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from domain.market.simulation import Action
from entrypoints.sandbox.page import sandbox_page, sandbox_script, sandbox_style
from tests.http.api import Api

VOID = {"meta", "link", "input"}


class Page(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(sandbox_page().decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page()


@pytest.mark.parametrize(
    ("path", "kind", "contents"),
    [
        ("/sandbox", "text/html; charset=utf-8", sandbox_page()),
        ("/sandbox/style.css", "text/css; charset=utf-8", sandbox_style()),
        ("/sandbox/script.js", "text/javascript; charset=utf-8", sandbox_script()),
    ],
)
async def test_it_is_served_to_anybody(api: Api, path: str, kind: str, contents: bytes) -> None:
    reply = await api("GET", path, by=None)
    assert (reply.status, reply.headers["content-type"]) == (200, kind)
    assert reply.body == contents


async def test_it_runs_nothing_that_is_not_its_own(api: Api, page: Page) -> None:
    policy = (await api("GET", "/sandbox", by=None)).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert [one["src"] for one in page.all("script")] == ["/sandbox/script.js"]
    sheets = [one["href"] for one in page.all("link") if one["rel"] == "stylesheet"]
    assert sheets == ["/sandbox/style.css"]
    for _, attributes in page.tags:
        assert not any(name == "style" or name.startswith("on") for name in attributes)
    assert {tag for tag, _ in page.tags} & {"style", "iframe", "object"} == set()
    for file in (sandbox_script(), sandbox_style()):
        assert b"://" not in file
    assert b"innerHTML" not in sandbox_script()


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
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(wanted) > 10
    assert wanted <= set(ids)
    assert len(ids) == len(set(ids))


async def test_what_it_calls_answers(api: Api) -> None:
    """Each route of the script, the way the script calls it."""
    called = set(re.findall(r"\"(?:GET|POST)\", [\"`](/v1/[a-z/-]+)", sandbox_script().decode()))
    served: dict[str, Any] = {route.path: route for route in getattr(api.app, "routes", ())}
    assert len(called) >= 6
    for path in called:
        assert path in served, path
