"""What comes with every answer: ids, limits, and who may read it."""

import pytest

from application.ports.rate_limiter import RateLimit
from entrypoints.config import Settings
from entrypoints.http.client_address import client_address
from entrypoints.http.services import HttpSettings
from tests.http.api import Api, api_with


async def test_a_sound_request_id_comes_back(api: Api) -> None:
    reply = await api("GET", "/healthz", headers={"X-Request-ID": "my-id_1.2"})
    assert reply.headers["x-request-id"] == "my-id_1.2"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, 'a"b', "é"])
async def test_another_one_is_replaced(api: Api, given: str) -> None:
    reply = await api("GET", "/healthz", headers={"X-Request-ID": given})
    assert reply.headers["x-request-id"].startswith("req_")


async def test_answers_are_for_no_cache(api: Api) -> None:
    reply = await api("GET", "/v1/wallet/balance")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"


async def test_the_headers_say_what_is_left() -> None:
    limit = RateLimit(5, 60)
    async with api_with(Settings(rate_limit_per_user=limit)) as api:
        first = await api("GET", "/v1/auth/me")
        second = await api("GET", "/v1/auth/me")
    assert first.headers["ratelimit-policy"] == '"default";q=5;w=60'
    assert first.headers["ratelimit"].startswith('"default";r=4;t=')
    assert second.headers["ratelimit"].startswith('"default";r=3;t=')


async def test_beyond_the_limit_one_is_told_when_to_come_back() -> None:
    async with api_with(Settings(rate_limit_per_user=RateLimit(2, 60))) as api:
        answers = [await api("GET", "/v1/auth/me") for _ in range(4)]
        other = await api("GET", "/v1/auth/me", by="bob")
    assert [one.status for one in answers] == [200, 200, 429, 429]
    assert answers[-1].error["code"] == "rate_limited"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].headers["ratelimit"].startswith('"default";r=0;t=')
    assert answers[-1].headers["ratelimit-policy"] == '"default";q=2;w=60'
    assert other.status == 200


async def test_bad_tokens_count_against_the_address() -> None:
    async with api_with(Settings(rate_limit_per_address=RateLimit(3, 60))) as api:
        bad = {"Authorization": "Bearer nonsense"}
        answers = [await api("GET", "/v1/auth/me", by=None, headers=bad) for _ in range(4)]
        elsewhere = await api("GET", "/v1/models", by=None)
    assert [one.status for one in answers] == [401, 401, 401, 429]
    assert elsewhere.status == 429


async def test_probes_are_not_counted() -> None:
    async with api_with(Settings(rate_limit_per_address=RateLimit(1, 60))) as api:
        answers = [(await api("GET", "/healthz", by=None)).status for _ in range(3)]
    assert answers == [200, 200, 200]


async def test_a_spoofed_address_is_no_way_round() -> None:
    async with api_with(Settings(rate_limit_per_address=RateLimit(1, 60))) as api:
        answers = [
            (await api("GET", "/v1/models", by=None, headers={"X-Forwarded-For": f"10.0.0.{n}"}))
            for n in range(3)
        ]
    assert [one.status for one in answers] == [200, 429, 429]


async def test_behind_a_trusted_proxy_the_last_entry_counts() -> None:
    settings = Settings(rate_limit_per_address=RateLimit(1, 60), trusted_proxy_hops=1)
    async with api_with(settings) as api:

        async def status(forwarded: str) -> int:
            headers = {"X-Forwarded-For": forwarded}
            return (await api("GET", "/v1/models", by=None, headers=headers)).status

        assert await status("1.1.1.1, 10.0.0.1") == 200
        assert await status("2.2.2.2, 10.0.0.1") == 429
        assert await status("1.1.1.1, 10.0.0.2") == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "hops", "expected"),
    [
        ("192.0.2.1", [], 0, "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.9"], 0, "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.9"], 1, "203.0.113.9"),
        ("192.0.2.1", ["6.6.6.6, 203.0.113.9, 10.0.0.1"], 2, "203.0.113.9"),
        ("192.0.2.1", ["6.6.6.6", "203.0.113.9"], 1, "203.0.113.9"),
        ("192.0.2.1", ["203.0.113.9"], 2, "192.0.2.1"),
        ("2001:db8::1", [], 0, "2001:db8::/64"),
        ("2001:db8::ffff:2", [], 0, "2001:db8::/64"),
        ("::ffff:192.0.2.1", [], 0, "192.0.2.1"),
        (None, [], 0, "local"),
        ("192.0.2.1", ["unknown" * 20], 1, ("unknown" * 20)[:64]),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(
    peer: str | None, forwarded: list[str], hops: int, expected: str
) -> None:
    assert client_address(peer, forwarded, hops) == expected


@pytest.fixture
def browser() -> dict[str, str]:
    return {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}


async def test_a_listed_page_may_call(browser: dict[str, str]) -> None:
    http = HttpSettings(cors_origins=("https://app.example",))
    async with api_with(Settings(), http) as api:
        asked = await api(
            "OPTIONS",
            "/v1/chat/completions",
            by=None,
            headers={**browser, "Access-Control-Request-Headers": "authorization,x-stainless-os"},
        )
        answered = await api("GET", "/v1/auth/me", headers={"Origin": "https://app.example"})
        refused = await api("GET", "/v1/nowhere", headers={"Origin": "https://app.example"})
    assert asked.status == 204
    assert asked.headers["access-control-allow-origin"] == "https://app.example"
    assert {"PATCH", "PUT"} <= set(asked.headers["access-control-allow-methods"].split(", "))
    assert asked.headers["access-control-allow-headers"] == "authorization,x-stainless-os"
    for reply in (answered, refused):
        assert reply.headers["access-control-allow-origin"] == "https://app.example"
        assert "RateLimit" in reply.headers["access-control-expose-headers"]
        assert reply.headers["vary"] == "Origin"


async def test_another_page_may_not(browser: dict[str, str]) -> None:
    http = HttpSettings(cors_origins=("https://other.example",))
    async with api_with(Settings(), http) as api:
        asked = await api("OPTIONS", "/v1/models", by=None, headers=browser)
        answered = await api("GET", "/v1/models", by=None, headers=browser)
    assert "access-control-allow-origin" not in asked.headers
    assert "access-control-allow-origin" not in answered.headers


async def test_without_a_list_nothing_is_said_of_origins(api: Api, browser: dict[str, str]) -> None:
    reply = await api("GET", "/v1/models", by=None, headers=browser)
    assert not {"vary", "access-control-allow-origin"} & reply.headers.keys()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/chat/sessions", "GET, HEAD, OPTIONS, POST"),
        ("/v1/admin/characters/mira", "OPTIONS, PUT"),
        ("/v1/admin/characters/import", "OPTIONS, POST"),
        ("/v1/admin/characters/import/lorebook", "OPTIONS, POST"),
    ],
)
async def test_a_path_tells_what_may_be_asked_of_it(api: Api, path: str, allowed: str) -> None:
    reply = await api("OPTIONS", path, by=None)
    assert (reply.status, reply.headers["allow"], reply.body) == (200, allowed, b"")
