"""How pages and their files are answered."""

from typing import Final

from entrypoints.http.answers import Answer

HTML: Final = "text/html"
_TYPES: Final = {"css": "text/css", "html": HTML, "js": "text/javascript"}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)
_HEADERS: Final = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"}


def page_answer(content: bytes, **headers: str) -> Answer:
    """A page that runs and loads nothing but what comes from here, and nothing inline."""
    return Answer(content, 200, {**_HEADERS, **headers}, f"{HTML}; charset=utf-8")


def file_answer(name: str, content: bytes) -> Answer:
    """A file that a page loads; its type is by its name."""
    kind = _TYPES[name.rpartition(".")[2]]
    return Answer(content, content_type=f"{kind}; charset=utf-8")
