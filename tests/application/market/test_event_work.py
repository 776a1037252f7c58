"""Messages from a store: applied once, tried again, or left to a person."""

import asyncio
from datetime import timedelta

import pytest

from application.market.apply_store_events import ApplyStoreEvents
from application.market.purge_store_events import PurgeStoreEvents
from application.ports.inbox import InboxMessage, InboxState
from domain.errors import NotFound, NotGenuine, Unavailable
from domain.market.products import Provider
from domain.market.reports import Errand, ErrandKind, Report, StoreEvent
from tests.application.market.shop import GOOGLE, STRIPE, Shop, report
from tests.domain.market.stories import paid, refunded


async def _deliver(
    shop: Shop, *reports: Report, event_id: str = "evt_1", parked: str | None = None
) -> None:
    """The message comes, and what was begun in the background ends."""
    body, headers = shop.events.send(event_id, shop.clock.now(), *reports, parked=parked)
    await shop.receive(STRIPE, body, headers)
    await shop.calm()


async def _message(shop: Shop, event_id: str = "evt_1") -> InboxMessage:
    return await shop.inbox.get(STRIPE, event_id)


async def _tick(shop: Shop) -> str:
    return await ApplyStoreEvents(shop.inbox, shop.work, shop.clock)()


async def test_a_message_is_applied_as_soon_as_it_is_kept(shop: Shop) -> None:
    await _deliver(shop, report())
    message = await _message(shop)
    assert (message.state, message.user_id, message.reason) == (InboxState.DONE, "usr_1", None)
    assert message.finished_at == shop.clock.now()
    assert (await shop.wallet()).balance == 1_000


async def test_twenty_deliveries_at_once_are_one(shop: Shop) -> None:
    body, headers = shop.events.send("evt_1", shop.clock.now(), report())
    news = await asyncio.gather(*(shop.receive(STRIPE, body, headers) for _ in range(20)))
    assert sum(news) == 1
    await asyncio.gather(*(_tick(shop) for _ in range(4)))
    await shop.calm()
    assert (await shop.wallet()).balance == 1_000
    assert (await _message(shop)).state is InboxState.DONE


async def test_what_is_not_genuine_or_not_configured_is_not_kept(shop: Shop) -> None:
    body, headers = shop.events.send("evt_1", shop.clock.now(), report())
    with pytest.raises(NotGenuine):
        await shop.receive(STRIPE, body + b" ", headers)
    with pytest.raises(NotFound):
        await shop.receive(GOOGLE, body, headers)
    shop.events.has_keys = False
    with pytest.raises(Unavailable):
        await shop.receive(STRIPE, body, headers)
    assert shop.database.store_messages == {}


async def test_what_does_not_concern_us_is_done(shop: Shop) -> None:
    await _deliver(shop)
    message = await _message(shop)
    assert (message.state, message.user_id) == (InboxState.DONE, None)
    assert message.event.body == b""
    assert (await shop.replay(message.id)).state is InboxState.DONE


async def test_one_message_may_speak_of_several_purchases(shop: Shop) -> None:
    other = report(paid(0, "pay_2"), reference="ref_2", user_id="usr_2")
    await _deliver(shop, report(), other)
    assert (await _message(shop)).state is InboxState.DONE
    assert [(await shop.wallet(user)).balance for user in (shop.sam, shop.kim)] == [1_000, 1_000]


async def test_what_was_half_done_is_done_again(shop: Shop) -> None:
    nobodys = report(paid(0, "pay_2"), reference="ref_2", user_id=None)
    await _deliver(shop, report(), nobodys)
    assert (await _message(shop)).state is InboxState.PARKED
    after = await shop.replay("stripe:evt_1", user_id="usr_1")
    assert after.state is InboxState.DONE
    assert (await shop.wallet()).balance == 2_000


async def test_a_person_looks_at_what_the_store_left_unclear(shop: Shop) -> None:
    await _deliver(shop, parked="Unknown price.")
    message = await _message(shop)
    assert (message.state, message.reason) == (InboxState.PARKED, "Unknown price.")
    shop.wait(days=1)
    assert await _tick(shop) == "applied 0 messages, 0 to be tried again, 0 parked"


async def test_a_parked_message_is_applied_for_whom_an_administrator_says(shop: Shop) -> None:
    await _deliver(shop, report(user_id=None))
    message = await _message(shop)
    assert message.state is InboxState.PARKED
    assert message.reason is not None
    assert (await shop.replay(message.id)).state is InboxState.PARKED
    with pytest.raises(NotFound):
        await shop.replay(message.id, user_id="usr_9")
    done = await shop.replay(message.id, user_id="usr_2")
    assert (done.state, done.user_id, done.reason) == (InboxState.DONE, "usr_2", None)
    assert (await shop.wallet(shop.kim)).balance == 1_000
    # Once more changes nothing, and it cannot become somebody else's.
    assert (await shop.replay(message.id)).state is InboxState.DONE
    assert (await shop.replay(message.id, user_id="usr_1")).state is InboxState.PARKED
    assert (await shop.wallet()).balance == 0
    assert (await shop.wallet(shop.kim)).balance == 1_000


async def test_a_later_message_finds_the_purchase_that_was_assigned(shop: Shop) -> None:
    await _deliver(shop, report(user_id=None))
    await shop.replay("stripe:evt_1", user_id="usr_2")
    await _deliver(shop, report(refunded(1, 300), user_id=None), event_id="evt_2")
    assert (await shop.wallet(shop.kim)).balance == 700


async def test_an_unknown_message_cannot_be_replayed(shop: Shop) -> None:
    for message_id in ("stripe:evt_9", "nostore:evt_1", "evt_1", "stripe:"):
        with pytest.raises(NotFound):
            await shop.replay(message_id)


async def test_a_store_that_is_away_is_asked_again_ever_less_often(shop: Shop) -> None:
    shop.events.is_away = True
    await _deliver(shop, report())
    waits = []
    for _ in range(15):
        message = await _message(shop)
        assert message.state is InboxState.WAITING
        assert message.reason == "The store does not answer."
        waits.append(message.due_at - shop.clock.now())
        shop.clock.set(message.due_at - timedelta(seconds=1))
        assert "applied 0 messages, 0" in await _tick(shop)
        shop.clock.set(message.due_at)
        await _tick(shop)
    assert waits[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)
    shop.events.is_away = False
    shop.clock.set((await _message(shop)).due_at)
    assert await _tick(shop) == "applied 1 messages, 0 to be tried again, 0 parked"
    assert (await shop.wallet()).balance == 1_000


async def test_after_four_days_a_person_must_look(shop: Shop) -> None:
    shop.events.is_away = True
    await _deliver(shop, report())
    begun = shop.clock.now()
    while (message := await _message(shop)).state is InboxState.WAITING:
        shop.clock.set(message.due_at)
        await _tick(shop)
    assert timedelta(days=3, hours=12) < shop.clock.now() - begun < timedelta(days=5)
    assert message.reason == f"Tried {message.attempts} times: The store does not answer."
    shop.events.is_away = False
    assert (await shop.replay(message.id)).state is InboxState.DONE


async def test_a_fault_of_ours_is_tried_again_and_says_only_its_kind(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, headers = shop.events.send("evt_1", shop.clock.now(), report())
    event = await shop.events.receive(body, headers)
    await shop.inbox.add(event, shop.clock.now())

    async def broken(_: StoreEvent) -> list[Report]:
        message = "sam@example.org"
        raise RuntimeError(message)

    with monkeypatch.context() as patch:
        patch.setattr(shop.events, "interpret", broken)
        await _tick(shop)
    message = await _message(shop)
    assert (message.state, message.reason) == (InboxState.WAITING, "RuntimeError")
    shop.clock.set(message.due_at)
    await _tick(shop)
    assert (await _message(shop)).state is InboxState.DONE


async def test_what_was_left_by_a_process_that_died_is_taken_up(shop: Shop) -> None:
    body, headers = shop.events.send("evt_1", shop.clock.now(), report())
    event = await shop.events.receive(body, headers)
    await shop.inbox.add(event, shop.clock.now())
    now = shop.clock.now()
    assert await shop.inbox.take(STRIPE, "evt_1", until=now + timedelta(minutes=2))
    assert "applied 0" in await _tick(shop)
    shop.wait(minutes=2)
    assert "applied 1" in await _tick(shop)


async def test_many_messages_are_done_in_one_run(shop: Shop) -> None:
    shop.events.is_away = True
    for number in range(45):
        told = report(paid(0, f"pay_{number}"), reference=f"ref_{number}")
        body, headers = shop.events.send(f"evt_{number}", shop.clock.now(), told)
        event = await shop.events.receive(body, headers)
        await shop.inbox.add(event, shop.clock.now())
    shop.events.is_away = False
    assert await _tick(shop) == "applied 45 messages, 0 to be tried again, 0 parked"
    assert (await shop.wallet()).balance == 45_000


async def test_what_is_owed_is_done_soon_after(shop: Shop) -> None:
    errand = Errand(ErrandKind.CONSUME, GOOGLE, "ref_1")
    await _deliver(shop, report(errands=(errand,)))
    assert [done for done, _ in shop.performer.done] == [errand]
    assert await shop.owed() == []


async def test_a_message_of_a_store_that_is_no_longer_configured_is_parked(shop: Shop) -> None:
    event = StoreEvent(Provider.APPLE, "evt_1", "sold", shop.clock.now(), b"{}")
    await shop.inbox.add(event, shop.clock.now())
    await _tick(shop)
    assert (await shop.inbox.get(Provider.APPLE, "evt_1")).state is InboxState.PARKED


async def test_messages_go_when_they_ended_longer_ago_than_they_are_kept(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    kept = timedelta(days=30)
    await _deliver(shop, report())
    shop.wait(seconds=9)
    await _deliver(shop, parked="odd", event_id="evt_2")
    purge = PurgeStoreEvents(shop.inbox, shop.clock, kept=kept)
    shop.clock.advance(kept - timedelta(seconds=9))
    assert await purge() == "deleted 0 messages"
    shop.wait(seconds=1)
    assert await purge() == "deleted 1 messages"
    assert (await _message(shop, "evt_2")).state is InboxState.PARKED
    assert caplog.records == []
    shop.wait(seconds=9)
    assert await purge() == "deleted 0 messages, and 1 that stayed parked"
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert await shop.inbox.list(state=None, limit=9, before=None) == []
