"""A model that misbehaves costs nobody anything: L1 to L9."""

import asyncio
from typing import Any

import pytest
from attrs import frozen

from tests.acceptance.product import MODEL_KEY, Model, Product, Stack
from tests.acceptance.world import Event, Person, World, eventually, text_of

FAILOVER = "grok-4.3"
"""Half as dear as the first model."""
SECRET = "lighthouse-otter-secret"


@frozen
class Servers:
    """``hasty`` waits a second for a first token; ``calm`` as long as in production."""

    hasty: Product
    calm: Product


@pytest.fixture(scope="module", autouse=True)
def servers(stack: Stack) -> Servers:
    both = {"XAI_FAILOVER_MODELS": FAILOVER}
    hasty = {"TURN_FIRST_TOKEN_SECONDS": "1", "TURN_IDLE_SECONDS": "1", **both}
    return Servers(*stack.serve_all(hasty, both))


async def fails_free(
    person: Person, text: str, status: int, code: str, *, at: Product | None = None
) -> None:
    """Whole and as a stream, the turn is refused and costs nothing."""
    for stream in (False, True):
        answer = await person.say(text, stream=stream, at=at)
        assert answer.status_code == status, answer.text
        assert answer.json()["error"]["code"] == code
    balance = await person.settled()
    assert balance["available"] == balance["balance"] == 100


async def breaks_off(person: Person, text: str) -> list[Event]:
    """The stream begins, then tells of an error, and costs nothing."""
    events = await person.stream(text)
    assert events[-1].data["error"]["code"] == "model_unavailable"
    assert not any(event.is_done for event in events)
    assert (await person.settled())["balance"] == 100
    return events


async def test_l1_too_many_requests_are_retried_a_few_times(world: World, model: Model) -> None:
    person = await world.person()
    await fails_free(person, "@@rate_limited retry_after=0", 503, "model_unavailable")
    assert 2 <= model.seen()["count"] / 2 <= 5


async def test_l1_a_long_retry_after_is_passed_on(world: World, model: Model) -> None:
    person = await world.person()
    await fails_free(person, "@@rate_limited retry_after=120", 503, "model_unavailable")
    assert model.seen()["count"] == 2


async def test_l1_a_retry_that_succeeds_is_a_reply_like_any(world: World, model: Model) -> None:
    person = await world.person()
    model.script({"behaviour": "rate_limited", "retry_after": "0", "times": 1})
    answer = await person.say()
    assert answer.status_code == 200
    assert len(await person.charges()) == 1


async def test_l2_refused_content_is_no_fault_of_the_model(world: World, model: Model) -> None:
    person = await world.person()
    for _ in range(6):
        await fails_free(person, "@@content_refused", 400, "content_blocked")
    assert model.seen()["count"] == 12
    assert (await person.say()).status_code == 200


async def test_l2_content_refused_in_mid_stream(world: World, model: Model) -> None:
    person = await world.person()
    events = await person.stream("@@content_event after=3")
    assert events[-1].data["error"]["code"] == "content_blocked"
    assert (await person.settled())["balance"] == 100
    assert [one["status"] for one in await person.replies()] == ["incomplete"]


@pytest.mark.parametrize(
    "behaviour",
    ["unauthorized", "payment_required", "key_forbidden", "no_credits", "wrong_key"],
)
async def test_l3_a_bad_key_raises_an_alert(
    servers: Servers, world: World, model: Model, behaviour: str
) -> None:
    person = await world.person()
    before = await alerts(world, servers.hasty)
    await fails_free(person, f"@@{behaviour}", 503, "model_unavailable")
    assert await alerts(world, servers.hasty) == before + 2
    assert model.seen()["count"] == 2
    assert (await person.say()).status_code == 200


async def test_l4_no_first_token_ends_at_the_deadline(world: World) -> None:
    person = await world.person()
    await fails_free(person, "@@stall", 503, "model_unavailable")
    assert (await person.say()).status_code == 200


@pytest.mark.parametrize("behaviour", ["stall", "pings"])
async def test_l4_a_silence_in_mid_stream_ends_at_the_deadline(
    world: World, behaviour: str
) -> None:
    person = await world.person()
    events = await breaks_off(person, f"@@{behaviour} after=3")
    reply = (await person.replies())[0]
    assert reply["status"] == "incomplete"
    assert reply["content"] == text_of(events) != ""
    assert (await person.say()).status_code == 200


@pytest.mark.parametrize("behaviour", ["html", "empty", "status status=204", "redirect text=/"])
async def test_l6_an_answer_that_is_none(world: World, behaviour: str) -> None:
    person = await world.person()
    await fails_free(person, f"@@{behaviour}", 503, "model_unavailable")
    assert (await person.say()).status_code == 200


@pytest.mark.parametrize("behaviour", ["no_finish", "broken_chunk", "disconnect", "error_event"])
async def test_l6_a_reply_that_breaks_off(world: World, behaviour: str) -> None:
    person = await world.person()
    events = await breaks_off(person, f"@@{behaviour} after=3")
    reply = (await person.replies())[0]
    assert reply["status"] == "incomplete"
    assert reply["receipt"]["charged"] == 0
    assert reply["content"] == text_of(events) != ""
    whole = await person.say(f"@@{behaviour} after=3")
    assert whole.status_code == 503, whole.text
    assert (await person.settled())["balance"] == 100
    assert (await person.say()).status_code == 200


async def test_l7_a_broken_model_is_left_alone_and_tried_again(
    servers: Servers, world: World, model: Model
) -> None:
    person = await world.person(available=1_000)
    calm = servers.calm.members[0]  # each process has a breaker of its own
    model.script({"behaviour": "server_error"})
    answers = await asyncio.gather(*(person.say(at=calm) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {503}
    called = model.seen()["count"]
    assert called < 3 * 20
    # Open: nobody is called any more.
    assert (await person.say(at=calm)).status_code == 503
    assert model.seen()["count"] == called

    model.script({"behaviour": "stall"})
    probe: list[asyncio.Task[Any]] = []

    async def is_probed() -> bool:
        if not probe or probe[0].done():
            probe[:] = [asyncio.create_task(person.say(at=calm))]
        return bool(model.seen()["count"] > called)

    await eventually(is_probed)
    others = await asyncio.gather(*(person.say(at=calm) for _ in range(5)))
    assert {answer.status_code for answer in others} == {503}
    assert model.seen()["count"] == called + 1
    model.reset()
    model.release()
    assert (await probe[0]).status_code == 200
    assert (await person.say(at=calm)).status_code == 200
    assert len(await person.charges()) == 2


@pytest.mark.parametrize("gone", ["model_gone", "model_gone_400"])
async def test_l9_the_next_model_answers_at_its_own_price(
    world: World, model: Model, gone: str
) -> None:
    person = await world.person()
    usage = {"prompt": 1000, "cached": 0, "completion": 100}
    model.script(
        {"behaviour": gone, "model": "grok-4.5"},
        {"behaviour": "answer", "model": FAILOVER, **usage},
    )
    answer = await person.say()
    assert answer.status_code == 200, answer.text
    assert answer.json()["companion"]["receipt"]["charged"] == 2
    model.script({"behaviour": "answer", **usage})
    assert (await person.say()).json()["companion"]["receipt"]["charged"] == 3
    assert (await person.balance())["balance"] == 95


async def test_l9_without_any_model_nothing_is_charged(world: World) -> None:
    person = await world.person()
    await fails_free(person, "@@model_gone", 503, "model_unavailable")


async def test_l9_an_error_that_echoes_the_key_is_redacted(servers: Servers, world: World) -> None:
    person = await world.person()
    for stream in (False, True):
        answer = await person.say(f"@@echo_key {SECRET}", stream=stream)
        assert answer.status_code == 503
        assert MODEL_KEY not in answer.text
        assert MODEL_KEY not in str(answer.headers)
    for server in (servers.hasty, servers.calm):
        log = server.log()
        assert "outcome=server_error" in log or server is servers.calm
        for secret in (MODEL_KEY, SECRET, person.token):
            assert secret not in log
    assert (await person.say()).status_code == 200


async def alerts(world: World, server: Product) -> float:
    """How often the metric that a person must act on has counted."""
    text = "".join(answer.text for answer in await world.inside("/metrics", server))
    line = 'model_calls_total{outcome="credentials"} '
    return sum(float(one.removeprefix(line)) for one in text.splitlines() if one.startswith(line))
