"""The page's files, as they are served."""

from functools import cache
from importlib import resources

_FOLDER = resources.files(__name__.rpartition(".")[0])


@cache
def sandbox_page() -> bytes:
    """The page itself; all that changes on it comes from the script."""
    return (_FOLDER / "page.html").read_bytes()


@cache
def sandbox_style() -> bytes:
    """Its style sheet."""
    return (_FOLDER / "style.css").read_bytes()


@cache
def sandbox_script() -> bytes:
    """Its script, which needs nothing but a browser."""
    return (_FOLDER / "script.js").read_bytes()
