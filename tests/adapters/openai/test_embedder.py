import json
import logging
import math
import traceback
from collections.abc import AsyncIterator

import pytest

from adapters.openai.embedder import OpenAIEmbedder
from domain.errors import Unavailable
from tests.adapters.openai.endpoint import KEY, Time
from tests.loopback.model_script import Behaviour, Name
from tests.loopback.model_server import ModelServer


@pytest.fixture
async def embedder(server: ModelServer, now: Time) -> AsyncIterator[OpenAIEmbedder]:
    embedder = OpenAIEmbedder(base_url=server.base_url, api_key=KEY, seconds=now)
    yield embedder
    await embedder.aclose()


@pytest.fixture
async def hasty(server: ModelServer) -> AsyncIterator[OpenAIEmbedder]:
    embedder = OpenAIEmbedder(base_url=server.base_url, api_key=KEY, timeout_seconds=0.2)
    yield embedder
    await embedder.aclose()


def failing(behaviour: Name, text: str = "", times: int | None = None) -> Behaviour:
    return Behaviour(behaviour, endpoint="embeddings", text=text, times=times)


async def test_it_asks_for_short_vectors_with_its_key(
    server: ModelServer, embedder: OpenAIEmbedder
) -> None:
    await embedder.embed(["tea", "rain"])

    assert server.calls == [
        {"model": "text-embedding-3-small", "input": ["tea", "rain"], "dimensions": 256}
    ]
    assert server.last_headers["authorization"] == f"Bearer {KEY}"


async def test_its_name_tells_vectors_of_other_lengths_apart(embedder: OpenAIEmbedder) -> None:
    assert (embedder.model, embedder.dimensions) == ("text-embedding-3-small-256", 256)


async def test_what_the_api_would_refuse_is_not_sent(
    server: ModelServer, embedder: OpenAIEmbedder
) -> None:
    await embedder.embed(["", " \n", "\N{GRINNING FACE}" * 5000])

    empty, blank, long = server.calls[0]["input"]
    assert empty.strip()
    assert blank.strip()
    assert len(long.encode()) <= 8191
    assert set(long) == {"\N{GRINNING FACE}"}


async def test_many_texts_go_in_several_requests_and_stay_in_order(
    server: ModelServer, embedder: OpenAIEmbedder
) -> None:
    texts = [f"text {number}" for number in range(70)]

    vectors = await embedder.embed(texts)

    assert [len(call["input"]) for call in server.calls] == [32, 32, 6]
    [forty] = await embedder.embed(["text 40"])
    assert vectors[40] == pytest.approx(forty)


async def test_vectors_are_put_in_order_shortened_and_brought_to_unit_length(
    server: ModelServer, embedder: OpenAIEmbedder
) -> None:
    first, second = [3.0, 4.0] + [0.0] * 1534, [0.0, 2.0] + [0.0] * 1534
    data = [{"index": 1, "embedding": second}, {"index": 0, "embedding": first}]
    server.script(failing("vectors", json.dumps({"data": data})))

    one, two = await embedder.embed(["a", "b"])

    assert (len(one), one[:2], two[:2]) == (256, [0.6, 0.8], [0.0, 1.0])
    assert math.hypot(*one) == pytest.approx(1)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "<html>",
        '{"data":[]}',
        '{"data":[{"index":1,"embedding":[1]}]}',
        '{"data":[{"index":0,"embedding":[]}]}',
        '{"data":[{"index":0,"embedding":[1.0]}]}',
        '{"data":[{"index":0,"embedding":"AAAA"}]}',
        f'{{"data":[{{"index":0,"embedding":{[0.0] * 256}}}]}}',
    ],
    ids=lambda body: body[:45],
)
async def test_an_answer_that_is_none_is_unavailable(
    server: ModelServer, embedder: OpenAIEmbedder, body: str
) -> None:
    server.script(failing("vectors", body))

    with pytest.raises(Unavailable):
        await embedder.embed(["tea"])


@pytest.mark.parametrize(
    "behaviour",
    ["server_error", "rate_limited", "unauthorized", "echo_key", "html", "empty", "redirect"],
)
async def test_a_failing_provider_is_unavailable_at_once_and_tells_nothing(
    server: ModelServer,
    embedder: OpenAIEmbedder,
    caplog: pytest.LogCaptureFixture,
    behaviour: Name,
) -> None:
    server.script(failing(behaviour))

    text = "secret " + "tea"
    with pytest.raises(Unavailable) as refused:
        await embedder.embed([text])

    told = "".join(traceback.format_exception(refused.value))
    told += "".join(one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING)
    assert refused.value.__context__ is None
    assert not any(secret in told for secret in (KEY, text, "127.0.0.1", "Invalid"))
    assert server.count == 1


async def test_nobody_waits_long_for_it(server: ModelServer, hasty: OpenAIEmbedder) -> None:
    server.script(failing("stall"))

    with pytest.raises(Unavailable):
        await hasty.embed(["tea"])


async def test_an_answer_without_end_is_cut(server: ModelServer, embedder: OpenAIEmbedder) -> None:
    server.script(Behaviour("huge", endpoint="embeddings", count=300))

    with pytest.raises(Unavailable):
        await embedder.embed(["tea"])


async def test_one_that_keeps_failing_rests_and_comes_back(
    server: ModelServer, embedder: OpenAIEmbedder, now: Time
) -> None:
    server.script(failing("server_error", times=3))
    for _ in range(10):
        with pytest.raises(Unavailable):
            await embedder.embed(["tea"])
    assert server.count == 3

    now.seconds = 10.0

    assert len(await embedder.embed(["tea"])) == 1


async def test_a_success_between_failures_keeps_it_awake(
    server: ModelServer, embedder: OpenAIEmbedder
) -> None:
    for _ in range(4):
        server.script(failing("server_error", times=1))
        with pytest.raises(Unavailable):
            await embedder.embed(["tea"])
        await embedder.embed(["tea"])

    assert server.count == 8
