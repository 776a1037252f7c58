import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

import pytest
import stripe as sdk

from adapters.stripe.api import API_VERSION, Missing, Refused, StripeApi, segment
from adapters.system.clock import SystemClock
from domain.errors import Unavailable
from tests.loopback.stripe_server import StripeServer

KEY = "sk_test_very_secret"


@pytest.fixture
async def api(stripe: StripeServer) -> AsyncIterator[StripeApi]:
    api = StripeApi(KEY, SystemClock(), base_url=stripe.base_url + "/")
    yield api
    await api.aclose()


def test_the_version_is_the_one_that_the_sdk_was_written_for() -> None:
    """A newer SDK is a reason to read the changelog of the API, then to change both."""
    assert sdk.StripeClient(KEY)._requestor._options.stripe_version == API_VERSION  # noqa: SLF001 - nothing public says it


async def test_a_call_carries_key_version_and_idempotency_key(
    api: StripeApi, stripe: StripeServer
) -> None:
    answer = await api.post("customers", {"metadata": {"user_id": "usr_ü&=1"}}, key="k1")

    (request,) = stripe.requests
    assert request["authorization"] == f"Bearer {KEY}"
    assert request["version"] == API_VERSION
    assert request["idempotency_key"] == "k1"
    assert request["params"] == {"metadata": {"user_id": "usr_ü&=1"}}
    assert answer.body["metadata"] == {"user_id": "usr_ü&=1"}
    assert abs((answer.at - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.parametrize("failure", [0, 409, 429, 500, 503])
async def test_what_may_pass_is_tried_again_with_the_same_key(
    api: StripeApi, stripe: StripeServer, failure: int
) -> None:
    stripe.set(failures=[failure, failure])

    await api.post("customers", {})

    assert len(stripe.requests) == 3
    assert len({request["idempotency_key"] for request in stripe.requests}) == 1
    assert len(stripe.world.of("customer")) == 1


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (0, Unavailable),
        (429, Unavailable),
        (500, Unavailable),
        (401, Unavailable),
        (403, Unavailable),
        (400, Refused),
        (404, Missing),
    ],
)
async def test_failures_become_errors_that_name_nothing(
    api: StripeApi,
    stripe: StripeServer,
    failure: int,
    error: type[Exception],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    stripe.set(failures=[failure] * 9)

    with pytest.raises(error) as caught:
        await api.get("customers/cus_personal")

    told = caplog.text + str(caught.value)
    assert KEY not in told
    assert "cus_personal" not in told


async def test_a_refusal_is_not_tried_again(api: StripeApi, stripe: StripeServer) -> None:
    assert await api.find("customers/cus_gone") is None
    assert len(stripe.requests) == 1


async def test_silence_ends_at_the_deadline(stripe: StripeServer) -> None:
    stripe.set(is_silent=True)
    async with aclosing(quick(stripe)) as api:
        with pytest.raises(Unavailable):
            await api.get("customers/cus_1")


async def test_several_calls_have_the_time_of_one(stripe: StripeServer) -> None:
    async def ask_for_ever(api: StripeApi) -> None:
        async with api.deadline():
            while True:
                await api.find("customers/cus_1")

    async with aclosing(quick(stripe)) as api:
        with pytest.raises(Unavailable):
            await ask_for_ever(api)


def quick(stripe: StripeServer) -> StripeApi:
    return StripeApi(KEY, SystemClock(), base_url=stripe.base_url, deadline=0.3)


async def test_nobody_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with aclosing(StripeApi(KEY, SystemClock(), base_url=address)) as api:
            with pytest.raises(Unavailable):
                await api.get("customers/cus_1")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>",
        b"",
    ],
)
async def test_an_answer_that_is_none_is_unavailable(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    api = StripeApi(KEY, SystemClock(), base_url=f"http://127.0.0.1:{port}")
    async with server, aclosing(api):
        with pytest.raises(Unavailable):
            await api.get("customers/cus_1")


async def test_once_closed_it_asks_nobody(api: StripeApi, stripe: StripeServer) -> None:
    unused = StripeApi(KEY, SystemClock(), base_url=stripe.base_url)
    await unused.aclose()
    with pytest.raises(RuntimeError):
        await unused.get("customers/cus_1")


@pytest.mark.parametrize(
    ("key", "is_live"),
    [
        ("sk_live_x", True),
        ("rk_live_test_x", True),
        ("odd", True),
        ("sk_test_x", False),
        ("sk_test", False),
    ],
)
def test_a_key_is_for_real_money_unless_it_says_otherwise(key: str, *, is_live: bool) -> None:
    assert StripeApi(key, SystemClock()).is_live is is_live


def test_an_id_cannot_leave_its_place_in_a_path() -> None:
    assert segment("../customers?x=#") == "..%2Fcustomers%3Fx%3D%23"
