"""The published safety protocol, for everybody and without an account."""

from typing import Final

from entrypoints.http.answers import Answer
from entrypoints.http.routing import Access, Rate, Reader, Routes
from entrypoints.safety.protocol import protocol_page, protocol_style

routes = Routes("Safety")

_CACHED: Final = {"Cache-Control": "public, max-age=3600"}
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    **_CACHED,
}


@routes.add("GET", "/safety", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
async def get_protocol(_call: Reader) -> Answer:
    """What is detected, what happens then, and where help is."""
    return Answer(protocol_page(), headers=_PAGE_HEADERS, content_type="text/html; charset=utf-8")


@routes.add("GET", "/safety/style.css", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
async def get_protocol_style(_call: Reader) -> Answer:
    """How the page looks; inline styles are forbidden to it."""
    return Answer(protocol_style(), headers=_CACHED, content_type="text/css; charset=utf-8")
