import json
import logging
import traceback
from collections.abc import AsyncIterator

import pytest

from adapters.openai.moderator import OpenAIModerator
from domain.errors import Unavailable
from entrypoints.safety.policy import load_score_rules
from tests.adapters.openai.endpoint import KEY, Time
from tests.loopback.model_script import Behaviour, Name
from tests.loopback.model_server import CATEGORIES, ModelServer


@pytest.fixture
async def moderator(server: ModelServer, now: Time) -> AsyncIterator[OpenAIModerator]:
    moderator = OpenAIModerator(
        load_score_rules(),
        base_url=server.base_url,
        api_key=KEY,
        timeout_seconds=30.0,
        seconds=now,
    )
    yield moderator
    await moderator.aclose()


def failing(behaviour: Name, text: str = "", times: int | None = None) -> Behaviour:
    return Behaviour(behaviour, endpoint="moderations", text=text, times=times)


async def test_it_asks_the_model_with_its_key(
    server: ModelServer, moderator: OpenAIModerator
) -> None:
    await moderator.check("I like tea.", is_minor=True)

    assert server.calls == [{"model": "omni-moderation-latest", "input": "I like tea."}]
    assert server.last_headers["authorization"] == f"Bearer {KEY}"


async def test_nothing_is_asked_about_nothing(
    server: ModelServer, moderator: OpenAIModerator
) -> None:
    assert list(await moderator.check(" \n", is_minor=True)) == []
    assert server.count == 0


def test_there_is_a_rule_for_each_of_the_models_categories() -> None:
    assert {rule.name for rule in load_score_rules().rules} == set(CATEGORIES)


async def test_categories_that_nobody_knows_yet_and_scores_that_are_none_do_no_harm(
    server: ModelServer, moderator: OpenAIModerator
) -> None:
    scores = {"self-harm/intent": 0.9, "sexual/minors": None, "news/of-tomorrow": 0.99}
    server.script(failing("scores", json.dumps({"results": [{"category_scores": scores}]})))

    [flag] = await moderator.check("…", is_minor=True)

    assert flag.rule == "openai/self-harm/intent"


@pytest.mark.parametrize(
    "body", ["", "[]", "<html>", "{}", '{"results":[]}', '{"results":[{"flagged":false}]}']
)
async def test_an_answer_that_is_none_is_unavailable(
    server: ModelServer, moderator: OpenAIModerator, body: str
) -> None:
    server.script(failing("scores", body))

    with pytest.raises(Unavailable):
        await moderator.check("tea", is_minor=True)


@pytest.mark.parametrize(
    "behaviour",
    ["server_error", "rate_limited", "unauthorized", "echo_key", "html", "empty", "redirect"],
)
async def test_a_failing_provider_is_unavailable_at_once_and_tells_nothing(
    server: ModelServer,
    moderator: OpenAIModerator,
    caplog: pytest.LogCaptureFixture,
    behaviour: Name,
) -> None:
    server.script(failing(behaviour))

    text = "secret " + "tea"
    with pytest.raises(Unavailable) as refused:
        await moderator.check(text, is_minor=True)

    told = "".join(traceback.format_exception(refused.value))
    told += "".join(one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING)
    assert refused.value.__context__ is None
    assert not any(secret in told for secret in (KEY, text, "127.0.0.1", "Invalid"))
    assert server.count == 1


async def test_nobody_waits_long_for_it(server: ModelServer) -> None:
    hasty = OpenAIModerator(
        load_score_rules(), base_url=server.base_url, api_key=KEY, timeout_seconds=0.2
    )
    server.script(failing("stall"))

    with pytest.raises(Unavailable):
        await hasty.check("tea", is_minor=True)

    await hasty.aclose()


async def test_one_that_keeps_failing_rests_and_comes_back(
    server: ModelServer, moderator: OpenAIModerator, now: Time
) -> None:
    server.script(failing("server_error", times=3))
    for _ in range(10):
        with pytest.raises(Unavailable):
            await moderator.check("tea", is_minor=True)
    assert server.count == 3

    now.seconds = 10.0

    assert list(await moderator.check("tea", is_minor=True)) == []
