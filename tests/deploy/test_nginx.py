"""The product behind the nginx that is deployed: streams, slow and large bodies, addresses, TLS."""

import asyncio
import json
import ssl
import time
from collections import Counter

import httpx
import pytest

from tests.acceptance.product import Model, Product, Stack
from tests.acceptance.world import Person, World, events_of, eventually
from tests.deploy.nginx import Nginx

PER_ADDRESS = 12
SESSION = {"character_id": "mira"}
CUT_SECONDS = 30.0
"""Only bounds a failure: a slow client is cut after four seconds of silence here."""


@pytest.fixture(scope="module")
def behind(stack: Stack, nginx: Nginx) -> Product:
    """What is asked through nginx: two servers that trust one proxy."""
    servers = stack.serve_all({"TRUSTED_PROXY_HOPS": "1"}, {"TRUSTED_PROXY_HOPS": "1"})
    nginx.serve(servers)
    return Product({}, stack.folder, nginx.port)


def test_the_configuration_is_accepted(stack: Stack, nginx: Nginx, behind: Product) -> None:
    nginx.test()


async def test_a_stream_passes_word_by_word(world: World, behind: Product, model: Model) -> None:
    person = await world.person()
    async with person.streaming("@@stall after=3", at=behind) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        events = events_of(response)
        words = 0
        # The model says no more until it is released: what is here was not kept back.
        while words < 3:
            words += bool((await anext(events)).text)
        model.release()
        rest = [event async for event in events]
    assert rest[-1].is_done


async def test_a_turn_without_a_stream_comes_whole(world: World, behind: Product) -> None:
    person = await world.person()
    answer = await person.say(at=behind)
    assert answer.status_code == 200
    assert answer.json()["companion"]["receipt"]["charged"] > 0


async def test_a_body_that_stops_coming_is_cut(nginx: Nginx, behind: Product) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", nginx.port)
    writer.write(
        b"POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b'Content-Length: 1000\r\n\r\n{"id_token": '
    )
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), CUT_SECONDS)
    writer.close()
    # nginx says 408, or nothing at all where the answer would be of no use.
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408")


async def test_a_head_that_stops_coming_is_cut(nginx: Nginx, behind: Product) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", nginx.port)
    writer.write(b"GET /v1/models HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), CUT_SECONDS)
    writer.close()
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    ("path", "size"),
    [("/v1/admin/characters/import", 17_000_000), ("/v1/auth/login", 300_000)],
)
async def test_too_large_a_body_is_refused_before_it_is_read(
    behind: Product, stack: Stack, path: str, size: int
) -> None:
    def body() -> bytes:
        return b"x" * size

    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        answer = await http.post(behind.url + path, content=body())
    assert answer.status_code == 413
    error = answer.json()["error"]
    assert error["code"] == "payload_too_large"
    assert error["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/v1/chat/sessions/%00", {}),
        ("/v1/chat/sessions/" + "x" * 20_000, {}),
        ("/v1/chat/sessions", {"X-Long": "x" * 20_000}),
    ],
)
async def test_what_nginx_cannot_read_is_refused_as_the_api_does(
    behind: Product, path: str, headers: dict[str, str]
) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(behind.url + path, headers=headers)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "invalid_request"
    assert error["request_id"] == answer.headers["X-Request-ID"]


async def test_a_card_of_many_megabytes_passes(world: World, behind: Product) -> None:
    admin = await world.admin()
    answer = await admin.call(
        "POST", "/v1/admin/characters/import", at=behind, content=b"x" * 15_000_000
    )
    # It is no card: the API has read it, and says so.
    assert "card" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
async def test_what_operators_ask_is_not_for_everybody(behind: Product, path: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(behind.url + path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


async def test_the_clients_address_is_the_one_that_nginx_saw(
    stack: Stack, nginx: Nginx, behind: Product
) -> None:
    """Whatever a client claims, it is counted by where it came from, and others are not."""
    limits = {"TRUSTED_PROXY_HOPS": "1", "RATE_LIMIT_PER_ADDRESS": f"{PER_ADDRESS}/hour"}
    before = [one for one in stack.servers if one.runs]
    (limited,) = stack.serve_all(limits)
    nginx.serve([limited])
    stack.flush_redis()
    try:
        path = behind.url + "/v1/config/characters"
        transport = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
        async with (
            httpx.AsyncClient(transport=transport) as one,
            httpx.AsyncClient(trust_env=False) as other,
        ):
            answers = [
                await one.get(path, headers={"X-Forwarded-For": f"203.0.113.{number}"})
                for number in range(PER_ADDRESS + 5)
            ]
            others = await other.get(path, headers={"X-Forwarded-For": "127.0.0.2"})
    finally:
        nginx.serve(before)
        stack.retire(limited)
    assert Counter(answer.status_code for answer in answers) == {200: PER_ADDRESS, 429: 5}
    assert others.status_code == 200


async def test_over_tls_browsers_are_told_to_stay_there(nginx: Nginx, behind: Product) -> None:
    context = ssl.create_default_context(cafile=str(nginx.folder / "tls" / "tls.crt"))
    context.check_hostname = False
    async with httpx.AsyncClient(verify=context, trust_env=False) as http:
        safe = await http.get(nginx.tls_url + "/v1/config/characters")
        plain = await http.get(behind.url + "/v1/config/characters")
    assert safe.status_code == plain.status_code == 200
    assert safe.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Strict-Transport-Security" not in plain.headers


async def test_the_log_names_requests_and_no_query(nginx: Nginx, behind: Product) -> None:
    name = f"req-{time.monotonic_ns()}"
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(
            behind.url + "/v1/config/characters?secret=hidden", headers={"X-Request-ID": name}
        )
    assert answer.headers["X-Request-ID"] == name

    async def logged() -> list[dict[str, object]]:
        lines = [json.loads(line) for line in nginx.access_log.splitlines()]
        return [line for line in lines if line["request_id"] == name]

    # It is written once the answer is sent.
    (line,) = await eventually(logged)
    assert (line["path"], line["status"]) == ("/v1/config/characters", 200)
    assert "hidden" not in nginx.access_log


async def test_when_no_server_is_there_the_answer_is_still_ours(
    nginx: Nginx, stack: Stack, behind: Product
) -> None:
    before = [one for one in stack.servers if one.runs]
    nginx.serve([Product({}, stack.folder)])
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(behind.url + "/v1/config/characters")
    finally:
        nginx.serve(before)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "unavailable"
    assert int(answer.headers["Retry-After"]) > 0


async def read_to_the_end(person: Person, behind: Product, begun: asyncio.Event) -> bool:
    """Whether a slow stream ended as it should; ``begun`` is set at its first word."""
    async with person.streaming("@@tokens count=40 delay=0.05", at=behind) as response:
        assert response.status_code == 200
        last = None
        async for last in events_of(response):
            if last.text:
                begun.set()
        return last is not None and last.is_done


async def test_replacing_one_server_after_the_other_loses_nothing(
    nginx: Nginx, stack: Stack, world: World, behind: Product
) -> None:
    """What deploy/rollout.sh does: mark down, reload, SIGTERM, start again, wait, mark up."""
    servers = [one for one in stack.servers if one.runs]
    nginx.serve(servers)
    people = [await world.person() for _ in range(6)]
    statuses: Counter[int] = Counter()
    rolling = True

    async def keep_asking(person: Person) -> None:
        # A reload closes idle connections, also under a request that is just on its way: HTTP
        # clients send those again. What is looked at here is what nginx took.
        alone = {"Connection": "close"}
        while rolling:
            for method, path, body in (
                ("GET", "/v1/wallet/balance", None),
                ("POST", "/v1/chat/sessions", SESSION),
            ):
                answer = await person.call(method, path, at=behind, json=body, headers=alone)
                statuses[answer.status_code] += 1
            # An address has 100 requests a second at nginx.
            await asyncio.sleep(0.05)

    asking = [asyncio.create_task(keep_asking(await world.person())) for _ in range(2)]
    try:
        for server in servers:
            begun = [asyncio.Event() for _ in people]
            streams = [
                asyncio.create_task(read_to_the_end(person, behind, event))
                for person, event in zip(people, begun, strict=True)
            ]
            await asyncio.gather(*(event.wait() for event in begun))
            await asyncio.to_thread(nginx.serve, servers, down=[server])
            server.signal()
            assert await asyncio.gather(*streams) == [True] * len(people)
            assert await asyncio.to_thread(server.wait) == 0
            await asyncio.to_thread(server.start)
            await asyncio.to_thread(nginx.serve, servers)
    finally:
        rolling = False
        await asyncio.gather(*asking)
    assert statuses.keys() == {200, 201}
    for person in people:
        assert len(await person.charges()) == 2
