"""Help is named to somebody in a crisis, whatever else is broken."""

import json
from typing import Any

import pytest
from attrs import evolve

from adapters.in_memory.price_book import InMemoryPriceBook
from application.chat.send_message import SendMessageCommand
from application.chat.turn_plan import TurnOptions
from domain.chat import MAX_MESSAGE_CHARACTERS, TurnStatus
from domain.errors import (
    AccountUnavailable,
    AlreadyRecorded,
    InvalidRequest,
    NotFound,
    Unavailable,
)
from tests.application.conftest import STREAM, Product, events_of

CRY = "I want to kill myself tonight."


@pytest.mark.parametrize("options", [STREAM, TurnOptions(include_usage=True)])
async def test_while_nothing_can_be_stored_the_answer_comes_all_the_same(
    product: Product, options: TurnOptions
) -> None:
    product.turns.fail("load", times=9)
    feed = await product.say(CRY, options)
    events = await events_of(feed)
    kinds = ["start", "delta", "finish", *(["usage"] if options.include_usage else []), "done"]
    assert [event.kind for event in events] == kinds
    assert events[1].text == feed.turn.notices[0].text
    assert (feed.turn.status, feed.turn.held) == (TurnStatus.COMPLETED, 0)
    with pytest.raises(Unavailable):
        await product.say("Tell me of the sea.", options)


async def test_who_cannot_be_looked_up_is_answered_in_a_crisis_only(product: Product) -> None:
    send = product.use_cases.send_message()
    feeds = [await send(SendMessageCommand(None, "mira", CRY, options=STREAM)) for _ in range(2)]
    for feed in feeds:
        events = await events_of(feed)
        assert [event.kind for event in events] == ["start", "delta", "finish", "done"]
        assert events[1].text == feed.turn.notices[0].text
    assert len({product.user.id, *(feed.turn.user_id for feed in feeds)}) == 3
    with pytest.raises(AccountUnavailable):
        await send(SendMessageCommand(None, "mira", "Tell me of the sea."))
    assert await product.violations() == []


async def test_the_answer_is_stored_and_put_on_record_and_costs_nothing(product: Product) -> None:
    before = await product.balance()
    feed = await product.say(CRY, TurnOptions(stream=True, include_usage=True))
    events = await events_of(feed)
    assert [event.kind for event in events] == ["start", "delta", "finish", "usage", "done"]
    reply = await product.adapters.turns.find_reply(product.user.id, feed.turn.id)
    assert reply is not None
    assert reply.content == feed.turn.notices[0].text
    assert await product.balance() == before
    assert await product.violations() == []


async def test_whoever_gets_too_many_still_gets_them_unstored(product: Product) -> None:
    for _ in range(60):
        await events_of(await product.say(CRY))
    feed = await product.say(CRY)
    assert [event.kind for event in await events_of(feed)][1] == "delta"
    assert await product.adapters.turns.find_reply(product.user.id, feed.turn.id) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"content": CRY + " " + "We walked along the sea. " * 200},
        {"content": "We walked along the sea. " * 500 + CRY},
        {"content": "We walked along the sea. " * 200 + CRY + " We came back." * 400},
        {"session_id": "ses_deleted_elsewhere"},
        {"character_id": "withdrawn"},
    ],
)
async def test_what_cannot_be_kept_is_answered_all_the_same(
    product: Product, changes: dict[str, Any]
) -> None:
    """Whoever writes a long farewell, or goes on in what was deleted elsewhere."""
    send = product.use_cases.send_message()
    feed = await send(evolve(SendMessageCommand("usr_1", "mira", CRY), **changes))
    events = await events_of(feed)
    assert [event.kind for event in events] == ["start", "delta", "finish", "done"]
    assert events[1].text == feed.turn.notices[0].text
    calm = {**changes, "content": changes.get("content", "Hello.").replace("kill", "wash")}
    with pytest.raises((InvalidRequest, NotFound)):
        await send(evolve(SendMessageCommand("usr_1", "mira", CRY), **calm))


@pytest.mark.parametrize("order", [1, -1])
async def test_of_a_long_farewell_the_part_with_the_cry_is_kept(
    product: Product, order: int
) -> None:
    text = "".join([CRY + " ", "We walked along the sea. " * 200][::order])
    feed = await product.say(text)
    await events_of(feed)
    page = await product.use_cases.list_messages()(
        "usr_1", feed.turn.session_id, limit=9, cursor=None
    )
    reply, said = page.items
    assert reply.content == feed.turn.notices[0].text
    assert CRY in said.content
    assert said.content in text
    assert len(said.content) == MAX_MESSAGE_CHARACTERS


async def test_the_answer_knows_the_credits_of_the_day(product: Product) -> None:
    """They are booked with the first thing that costs some."""
    feed = await product.say(CRY)
    [*_, finish, _done] = await events_of(feed)
    assert json.loads(finish.data)["companion"]["balance"] == await product.balance() > 0


async def test_a_lost_race_is_run_again(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, lost = product.adapters.turns.open, list[object]()

    async def late(opening: object) -> bool:
        lost.append(opening)
        if len(lost) == 1:
            return False
        if len(lost) == 2:
            message = "The key was used."
            raise AlreadyRecorded(message)
        return await opened(opening)  # type: ignore[arg-type]  # an opening

    monkeypatch.setattr(product.turns, "open", late, raising=False)
    feed = await product.say(CRY)
    assert (await events_of(feed))[-1].kind == "done"
    assert len(lost) == 3


async def test_without_prices_help_is_named_too(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: object) -> object:
        message = "the database is away"
        raise Unavailable(message)

    monkeypatch.setattr(InMemoryPriceBook, "current", away)
    feed = await product.say(CRY)
    assert (await events_of(feed))[-1].kind == "done"
    assert feed.turn.price_version == 0
