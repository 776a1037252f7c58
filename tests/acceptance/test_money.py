"""Credits under pressure, on two processes that share everything: M1 to M11."""

import asyncio
from collections import Counter

import psycopg
import pytest
from attrs import frozen

from tests.acceptance.product import Model, Product, Stack
from tests.acceptance.world import World, eventually, text_of

PRICE = 12
"""Of a turn whose model reports more than was held: the hold for 400 tokens of reply."""
DEAR = "@@answer prompt=100000 cached=0"


@frozen
class Servers:
    """``pair`` are alike; holds of ``brief`` live for a second."""

    pair: list[Product]
    brief: Product


@pytest.fixture(scope="module", autouse=True)
def servers(stack: Stack) -> Servers:
    *pair, brief = stack.serve_all({}, {}, {"HOLD_SECONDS": "1"})
    return Servers(pair, brief)


async def test_m1_credits_for_ten_turns_answer_ten_of_fifty(servers: Servers, world: World) -> None:
    person = await world.person(available=10 * PRICE)
    answers = await asyncio.gather(
        *(person.say(f"Number {n}. {DEAR}", at=servers.pair[n % 2]) for n in range(50))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 10, 402: 40}
    codes = {one.json()["error"]["code"] for one in answers if one.status_code == 402}
    assert codes == {"insufficient_credits"}
    assert (await person.balance())["available"] == 0
    assert len(await person.replies()) == 10


async def test_m1_a_debtor_to_nobody_is_never_made(servers: Servers, world: World) -> None:
    """One credit too few: the last turn is refused, and nothing goes below zero."""
    person = await world.person(available=3 * PRICE - 1)
    answers = await asyncio.gather(*(person.say(DEAR, at=servers.pair[n % 2]) for n in range(9)))
    assert Counter(answer.status_code for answer in answers) == {200: 2, 402: 7}
    assert (await person.balance())["available"] == PRICE - 1


async def test_m2_credits_for_one_turn_call_the_model_once(
    servers: Servers, world: World, model: Model
) -> None:
    person = await world.person(available=PRICE)
    model.reset()
    turns = [
        asyncio.create_task(person.say("@@stall", at=servers.pair[n % 2], stream=True))
        for n in range(20)
    ]

    async def one_is_left() -> bool:
        return sum(turn.done() for turn in turns) == 19

    await eventually(one_is_left)
    await eventually(lambda: _is_called(model))
    assert model.seen()["count"] == 1
    model.release()
    answers = await asyncio.gather(*turns)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1
    assert statuses[402] + statuses[429] == 19
    assert model.seen()["count"] == 1


async def test_m3_one_key_is_one_turn_however_often_it_is_sent(
    servers: Servers, world: World, model: Model
) -> None:
    person = await world.person()
    model.reset()
    answers = await asyncio.gather(
        *(person.say("Once only.", key="m3", at=servers.pair[n % 2]) for n in range(20))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert model.seen()["count"] == 1
    assert len(await person.charges()) == 1


async def test_m3_one_key_is_one_stream_for_all(
    servers: Servers, world: World, model: Model
) -> None:
    person = await world.person()
    model.reset()
    streams = await asyncio.gather(
        *(
            person.stream("@@tokens count=12 delay=0.05", key="m3s", at=servers.pair[n % 2])
            for n in range(10)
        )
    )
    assert len({events[0].companion["turn_id"] for events in streams}) == 1
    assert {text_of(events) for events in streams} == {" ".join(f"w{n}" for n in range(12))}
    assert all(events[-1].is_done for events in streams)
    assert model.seen()["count"] == 1
    assert len(await person.charges()) == 1


async def test_m4_a_key_with_another_body_is_refused(servers: Servers, world: World) -> None:
    person = await world.person()
    assert (await person.say("One thing.", key="m4")).status_code == 200
    answer = await person.say("Another thing.", key="m4", at=servers.pair[1])
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "idempotency_key_reused"
    assert len(await person.charges()) == 1


async def test_m7_a_reply_after_its_hold_expired_is_not_charged(
    servers: Servers, world: World, model: Model
) -> None:
    person = await world.person(available=PRICE)
    paid_before = len(await person.charges())
    late = asyncio.create_task(person.say("@@stall prompt=100000 cached=0", at=servers.brief))
    await eventually(lambda: _is_called(model))
    assert (await person.balance())["available"] == 0

    async def is_released() -> bool:
        await world.run_job("sweep-holds")
        return bool((await person.balance())["held"] == 0)

    await eventually(is_released)
    assert (await person.say(DEAR)).json()["companion"]["receipt"]["charged"] == PRICE
    assert (await person.balance())["available"] == 0
    model.release()
    receipt = (await late).json()["companion"]["receipt"]
    assert (receipt["held"], receipt["charged"]) == (PRICE, 0)
    assert (await person.balance())["available"] == 0
    assert len(await person.charges()) == paid_before + 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET amount = amount + 1",
        "DELETE FROM ledger",
        "TRUNCATE ledger",
        "ALTER TABLE ledger DISABLE TRIGGER ALL",
        "DROP TABLE ledger",
    ],
)
async def test_m9_the_application_cannot_change_the_ledger(
    world: World, stack: Stack, statement: str
) -> None:
    person = await world.person()
    before = await person.transactions()
    with (
        psycopg.connect(stack.database_url, options="-c role=companion_app") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)
    assert await person.transactions() == before


@pytest.mark.parametrize("statement", ["UPDATE ledger SET amount = 1", "DELETE FROM ledger"])
async def test_m9_not_even_the_owner_changes_the_ledger(
    world: World, stack: Stack, statement: str
) -> None:
    person = await world.person()
    before = await person.transactions()
    with psycopg.connect(stack.database_url) as connection, pytest.raises(psycopg.Error):
        connection.execute(statement)
    assert await person.transactions() == before


@pytest.mark.parametrize(
    "amount", ["0", "-1", str(2**63), "1.5", '"1e3"', "1e999", "NaN", "null", "true", "[]", '"5"']
)
async def test_m11_a_grant_is_a_positive_whole_number(world: World, amount: str) -> None:
    person = await world.person()
    admin = await world.admin()
    answer = await admin.call(
        "POST",
        f"/v1/admin/users/{person.name}/credits",
        headers={"Idempotency-Key": f"m11-{amount}", "Content-Type": "application/json"},
        content=f'{{"amount": {amount}, "bucket": "promo", "reason": "m11"}}',
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["code"] == "invalid_request"
    assert (await person.balance())["balance"] == 100


async def test_m11_a_grant_happens_once_for_each_key(servers: Servers, world: World) -> None:
    person = await world.person()
    answers = await asyncio.gather(*(world.grant(person, 7, key="m11-once") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert (await person.balance())["balance"] == 107


async def _is_called(model: Model) -> bool:
    return bool(model.seen()["active"])
