"""The published safety protocol."""

from html.parser import HTMLParser

import pytest

from domain.safety.verdicts import Category
from entrypoints.safety.policy import load_policy
from entrypoints.safety.protocol import protocol_page
from tests.http.api import Api

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(protocol_page().decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def page() -> Page:
    return Page()


async def test_anybody_can_read_it(api: Api) -> None:
    reply = await api("GET", "/safety", by=None)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert reply.body == protocol_page()
    style = await api("GET", "/safety/style.css", by=None)
    assert (style.status, style.headers["content-type"]) == (200, "text/css; charset=utf-8")


async def test_it_asks_for_nothing_from_elsewhere_and_runs_nothing(api: Api, page: Page) -> None:
    policy = (await api("GET", "/safety", by=None)).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert {tag for tag, _ in page.tags} & {"script", "style", "iframe", "object", "form"} == set()
    for _, attributes in page.tags:
        assert not any(name == "style" or name.startswith("on") for name in attributes)
    assert [a["href"] for tag, a in page.tags if tag == "link"] == ["/safety/style.css"]


def test_every_tag_is_closed_and_every_place_is_found(page: Page) -> None:
    assert page.open == []
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        target = attributes.get("href") or ""
        assert not target.startswith("#") or target[1:] in ids
        named = attributes.get("aria-labelledby")
        assert named is None or named in ids


def test_it_can_be_read_aloud_and_on_a_phone(page: Page) -> None:
    tags = [tag for tag, _ in page.tags]
    assert (tags.count("h1"), tags.count("main")) == (1, 1)
    assert all(attributes.get("scope") for tag, attributes in page.tags if tag == "th")
    assert tags.count("caption") == tags.count("table")
    assert ("html", {"lang": "en"}) in page.tags
    assert any(attributes.get("name") == "viewport" for _, attributes in page.tags)


def test_it_names_every_help_line_there_is(page: Page) -> None:
    helplines = load_policy().helplines
    for country in helplines.countries:
        assert country.name in page.text
        assert country.emergency in page.text
        for line in country.lines:
            assert f"{line.name}: {line.contact}" in page.text
    assert helplines.directory.contact in page.text


def test_numbers_can_be_called_with_a_touch(page: Page) -> None:
    links = [str(attributes.get("href")) for tag, attributes in page.tags if tag == "a"]
    called = [link.removeprefix("tel:") for link in links if link.startswith("tel:")]
    assert {"116123", "131114", "3114"} <= set(called)
    assert all(number.strip("+*#").isdigit() for number in called)


def test_it_says_what_counts_where_and_from_when(page: Page) -> None:
    policy = load_policy()
    for jurisdiction in policy.jurisdictions:
        assert jurisdiction.name in page.text
        for rules in jurisdiction.rules:
            assert str(rules.effective_from) in page.text
            assert rules.law in page.text
    assert page.text.count(policy.version) >= 2


def test_it_says_for_every_category_what_follows_for_whom(page: Page) -> None:
    table = protocol_page().decode().split("What each category leads to")[1].split("</table>")[0]
    outcomes = ("help is named", "blocked", "reviewed", "allowed")
    assert sum(table.count(f"<td>{word}</td>") for word in outcomes) == 4 * len(Category)
    assert "$" not in page.text
