"""The OpenAPI document and a page to read it on; nothing of it comes from another server."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from domain.errors import NotFound
from entrypoints.http.answers import Answer
from entrypoints.http.openapi import openapi_document
from entrypoints.http.routing import Access, Rate, Reader, Route, Routes
from entrypoints.http.services import HttpSettings

_ASSETS: Final = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
_ASSET_HEADERS: Final = {"Cache-Control": "public, max-age=86400"}
_PAGE: Final = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Companion API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>This page needs JavaScript; the document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""  # noqa: E501 - one line of HTML
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
}
_START: Final = b"""SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  persistAuthorization: true,
  validatorUrl: null,
});
"""


def routes_for(documented: Sequence[Route], settings: HttpSettings) -> Routes:
    """The routes of the documentation of these routes."""
    routes = Routes("Documentation")

    @cache
    def document() -> bytes:
        return msgspec.json.encode(openapi_document(documented, settings))

    @routes.add("GET", "/openapi.json", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
    async def get_openapi(_call: Reader) -> Answer:
        """The document."""
        return Answer(document(), headers={"Cache-Control": "no-cache"})

    @routes.add("GET", "/docs", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
    async def get_docs(_call: Reader) -> Answer:
        """The page."""
        return Answer(_PAGE, headers=_PAGE_HEADERS, content_type="text/html; charset=utf-8")

    @routes.add("GET", "/docs/start.js", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
    async def get_docs_script(_call: Reader) -> Answer:
        """What the page runs; inline scripts are forbidden to it."""
        return Answer(_START, content_type="text/javascript; charset=utf-8")

    @routes.add("GET", "/docs/<name>", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
    async def get_docs_asset(_call: Reader, name: str) -> Answer:
        """A file of Swagger UI, out of the package that brings it."""
        content_type = _ASSETS.get(name)
        if content_type is None:
            raise NotFound("There is no such file.")
        return Answer(_asset(name), headers=_ASSET_HEADERS, content_type=content_type)

    return routes


def _asset(name: str) -> bytes:
    return (files("flask_swagger_ui") / "dist" / name).read_bytes()
