"""A page, as far as it can be seen without a browser."""

from html.parser import HTMLParser

VOID = {"meta", "link", "input"}


class Page(HTMLParser):
    """What a browser would make of the page; fails on an element closed in the wrong place."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(content.decode())
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

    @property
    def ids(self) -> list[str]:
        return [found for _, attributes in self.tags if (found := attributes.get("id"))]

    @property
    def loaded(self) -> list[str | None]:
        """What it loads: style sheets and scripts."""
        sheets = [one["href"] for one in self.all("link") if one["rel"] == "stylesheet"]
        return sheets + [one["src"] for one in self.all("script")]

    def check_nothing_is_inline(self) -> None:
        for _, attributes in self.tags:
            assert not any(name == "style" or name.startswith("on") for name in attributes)
        assert {tag for tag, _ in self.tags} & {"style", "iframe", "object"} == set()


def check_policy(policy: str) -> None:
    """Nothing may run or be loaded but what comes from here."""
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
