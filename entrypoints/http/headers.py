"""Headers that tell browsers what they may not do with an answer."""

from typing import Final

from werkzeug.datastructures import Headers

from entrypoints.http.request import HttpRequest

_ALWAYS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
_YEAR_SECONDS: Final = 365 * 24 * 60 * 60
_TLS_ONLY: Final = f"max-age={_YEAR_SECONDS}; includeSubDomains"
_NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"
"""What data may load when somebody opens it like a page: a picture may carry scripts, too."""


class SecurityHeaders:
    """Adds them to every answer; what a route has said itself stands."""

    def __init__(self, trusted_proxy_hops: int) -> None:
        self._trusts_proxies = trusted_proxy_hops > 0

    def add_to(self, headers: Headers, request: HttpRequest) -> None:
        """Complete the headers of the answer to a request."""
        for name, value in _ALWAYS:
            headers.setdefault(name, value)
        if not headers.get("Content-Type", "").startswith("text/html"):
            headers.setdefault("Content-Security-Policy", _NOTHING)
        if self._is_secure(request):
            headers.setdefault("Strict-Transport-Security", _TLS_ONLY)

    def _is_secure(self, request: HttpRequest) -> bool:
        """Whether the client came over TLS, as far as a proxy of ours says so."""
        if not self._trusts_proxies:
            return False
        return request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip() == "https"
