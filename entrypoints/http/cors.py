"""Which web pages may call us: those of the listed origins."""

from typing import Final

from entrypoints.http.request import HttpRequest, HttpResponse

ANY: Final = "*"
_EXPOSED: Final = "X-Request-ID, Retry-After, RateLimit, RateLimit-Policy"
_METHODS: Final = "GET, POST, PUT, PATCH, DELETE"
_REMEMBERED_SECONDS: Final = "600"


class Cors:
    """Answers browsers that ask before they call, and lets their pages read the answers."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = frozenset(origins)

    def preflight(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a browser's question; None when this is none or its page may not."""
        if request.method != "OPTIONS" or not self._allowed(request):
            return None
        if "Access-Control-Request-Method" not in request.headers:
            return None
        response = HttpResponse(b"", 204)
        response.headers.add("Access-Control-Allow-Methods", _METHODS)
        response.headers.add("Access-Control-Max-Age", _REMEMBERED_SECONDS)
        wanted = request.headers.get("Access-Control-Request-Headers")
        if wanted is not None:
            # The SDKs send headers of their own, which differ by version; none is secret to us.
            response.headers.add("Access-Control-Allow-Headers", wanted)
        return response

    def add_headers(self, request: HttpRequest, response: HttpResponse) -> None:
        """Let the page of a listed origin read this answer."""
        if not self._origins:
            return
        response.headers.add("Vary", "Origin")
        if self._allowed(request):
            response.headers.add("Access-Control-Allow-Origin", request.headers["Origin"])
            response.headers.add("Access-Control-Expose-Headers", _EXPOSED)

    def _allowed(self, request: HttpRequest) -> bool:
        origin = request.headers.get("Origin")
        return origin is not None and (origin in self._origins or ANY in self._origins)
