"""The files of pages, as they are served; all that changes on a page comes from its scripts."""

from functools import cache
from importlib import resources
from typing import Final

_SHARED: Final = __name__.rpartition(".")[0]


@cache
def page_file(package: str, name: str) -> bytes:
    """A file of the page in this package."""
    return (resources.files(package) / name).read_bytes()


@cache
def style_sheet(package: str) -> bytes:
    """The page's own style sheet behind what all pages look like."""
    return page_file(_SHARED, "base.css") + page_file(package, "style.css")


@cache
def shared_script() -> bytes:
    """What scripts of all pages do with a document."""
    return page_file(_SHARED, "dom.js")
