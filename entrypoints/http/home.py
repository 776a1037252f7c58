"""Where to go from the front door, in development."""

from entrypoints.http.answers import Answer, answer
from entrypoints.http.routing import Access, Rate, Reader, Routes

routes = Routes("Home")


@routes.add("GET", "/", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False)
async def get_home(call: Reader) -> Answer:
    """Point to the documentation."""
    return answer({
        "name": "companion",
        "version": call.settings.version,
        "docs": "/docs",
        "openapi": "/openapi.json",
        "base_url": "/v1",
    })  # fmt: skip
