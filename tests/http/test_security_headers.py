"""What every answer forbids browsers, and what only answers over TLS do."""

import pytest
from werkzeug.datastructures import Headers

from entrypoints.http.headers import SecurityHeaders
from entrypoints.http.request import HttpRequest
from tests.http.api import Api


def completed(hops: int, *, said: dict[str, str] | None = None, **sent: str) -> Headers:
    headers = Headers(said or {})
    request = HttpRequest.__new__(HttpRequest)
    request.headers = Headers({name.replace("_", "-"): value for name, value in sent.items()})
    SecurityHeaders(hops).add_to(headers, request)
    return headers


@pytest.mark.parametrize("path", ["/v1/models", "/nowhere", "/healthz", "/v1/wallet/balance"])
async def test_every_answer_forbids_what_it_does_not_need(api: Api, path: str) -> None:
    reply = await api("GET", path)
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["x-frame-options"] == "DENY"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("hops", "proto", "told"),
    [(1, "https", True), (1, "http", False), (0, "https", False), (1, "https, http", False)],
)
def test_only_a_proxy_of_ours_can_say_that_it_was_tls(hops: int, proto: str, *, told: bool) -> None:
    assert ("Strict-Transport-Security" in completed(hops, X_Forwarded_Proto=proto)) is told


def test_what_a_route_has_said_itself_stands() -> None:
    headers = completed(0, said={"Referrer-Policy": "origin"})
    assert headers.getlist("Referrer-Policy") == ["origin"]


def test_pages_say_themselves_what_they_may_load() -> None:
    headers = completed(0, said={"Content-Type": "text/html; charset=utf-8"})
    assert "Content-Security-Policy" not in headers
