"""What every inbox promises of messages from the stores."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from application.ports.inbox import InboxMessage, InboxState, Purged
from domain.errors import NotFound
from domain.market.products import Provider
from tests.contracts.builders import NOW, at, erased
from tests.contracts.market import Market, make_event


def ids(messages: Sequence[InboxMessage]) -> list[str]:
    return [one.event.id for one in messages]


async def claim(market: Market, *, now: float = 0, until: float = 60) -> Sequence[InboxMessage]:
    return await market.inbox.claim(now=at(now), until=at(until), limit=50)


async def finish(market: Market, event_id: str, state: InboxState, **changes: Any) -> None:
    """Let a message end, ``attempts`` 1 unless told otherwise."""
    message = await market.inbox.get(Provider.STRIPE, event_id)
    facts: dict[str, Any] = {"state": state, "attempts": 1, **changes}
    await market.inbox.finish(evolve(message, **facts))


async def test_a_message_is_kept_as_it_came(market: Market) -> None:
    for body in (b"", bytes(range(256)), b"x" * 100_000):
        event = make_event(f"evt:{len(body)}", name="Bezahlt ü", body=body, provider=Provider.APPLE)
        assert await market.inbox.add(event, at(3))
        expected = InboxMessage(event, received_at=at(3), due_at=at(3))
        assert await market.inbox.get(Provider.APPLE, event.id) == expected
        assert expected.id == f"apple:evt:{len(body)}"
    assert [one.event.body for one in await claim(market, now=3)] == [
        b"",
        b"x" * 100_000,
        bytes(range(256)),
    ]


async def test_the_same_message_is_kept_once(market: Market) -> None:
    assert await market.inbox.add(make_event(), NOW)
    assert not await market.inbox.add(make_event(second=5, body=b"other"), at(1))
    assert await market.inbox.add(make_event(provider=Provider.GOOGLE), at(2))
    message = await market.inbox.get(Provider.STRIPE, "evt_1")
    assert message == InboxMessage(make_event(), received_at=NOW, due_at=NOW)


async def test_of_twenty_who_bring_the_same_message_one_does(market: Market) -> None:
    added = await asyncio.gather(*(market.inbox.add(make_event(), NOW) for _ in range(20)))
    assert added.count(True) == 1
    assert ids(await claim(market)) == ["evt_1"]


@pytest.mark.parametrize("state", [InboxState.DONE, InboxState.PARKED])
async def test_what_has_ended_does_not_come_again(market: Market, state: InboxState) -> None:
    await market.inbox.add(make_event(), NOW)
    await finish(market, "evt_1", state, finished_at=NOW)
    assert not await market.inbox.add(make_event(), at(5))
    assert await claim(market, now=9_999) == []
    assert await market.inbox.take(Provider.STRIPE, "evt_1", until=at(60)) is None


async def test_an_unknown_message_is_not_found(market: Market) -> None:
    await market.inbox.add(make_event(), NOW)
    for provider, event_id in ((Provider.APPLE, "evt_1"), (Provider.STRIPE, "evt_2")):
        with pytest.raises(NotFound):
            await market.inbox.get(provider, event_id)
        assert await market.inbox.take(provider, event_id, until=at(60)) is None


async def test_what_the_store_said_first_is_claimed_first(market: Market) -> None:
    for event_id, second in (("a", 30), ("c", 10), ("b", 20)):
        await market.inbox.add(make_event(event_id, second=second), at(50))
    found = [await market.inbox.claim(now=at(50), until=at(90), limit=2) for _ in range(3)]
    assert [ids(one) for one in found] == [["c", "b"], ["a"], []]
    assert {one.due_at for claimed in found for one in claimed} == {at(90)}


async def test_a_claimed_message_comes_again_when_the_claim_is_over(market: Market) -> None:
    await market.inbox.add(make_event(), NOW)
    [first] = await claim(market)
    assert await claim(market, now=59) == []
    assert await claim(market, now=60, until=120) == [evolve(first, due_at=at(120))]


async def test_what_many_claim_at_once_is_given_to_one(market: Market) -> None:
    for number in range(20):
        await market.inbox.add(make_event(f"evt_{number}"), NOW)
    claims = (market.inbox.claim(now=NOW, until=at(60), limit=5) for _ in range(6))
    found = [name for claimed in await asyncio.gather(*claims) for name in ids(claimed)]
    found += ids(await claim(market))
    assert sorted(found) == sorted(f"evt_{number}" for number in range(20))


async def test_whoever_received_a_message_may_take_it(market: Market) -> None:
    await market.inbox.add(make_event(), NOW)
    await market.inbox.add(make_event("evt_2"), NOW)
    taken = await market.inbox.take(Provider.STRIPE, "evt_1", until=at(60))
    assert taken == InboxMessage(make_event(), received_at=NOW, due_at=at(60))
    assert await market.inbox.take(Provider.STRIPE, "evt_1", until=at(90)) is None
    assert ids(await claim(market)) == ["evt_2"]
    assert ids(await claim(market, now=60)) == ["evt_1", "evt_2"]


async def test_what_somebody_has_claimed_cannot_be_taken(market: Market) -> None:
    await market.inbox.add(make_event(), NOW)
    await claim(market)
    assert await market.inbox.take(Provider.STRIPE, "evt_1", until=at(90)) is None
    await finish(market, "evt_1", InboxState.WAITING, due_at=at(70))
    assert await market.inbox.take(Provider.STRIPE, "evt_1", until=at(90)) is None


async def test_of_twenty_who_take_or_claim_a_message_one_gets_it(market: Market) -> None:
    await market.inbox.add(make_event(), NOW)

    async def get(number: int) -> int:
        if number % 2:
            taken = await market.inbox.take(Provider.STRIPE, "evt_1", until=at(60))
            return 0 if taken is None else 1
        return len(await claim(market))

    assert sum(await asyncio.gather(*(get(number) for number in range(20)))) == 1


async def test_all_that_became_of_a_message_is_kept(market: Market) -> None:
    await market.inbox.add(make_event(), NOW)
    [message] = await claim(market)
    parked = evolve(
        message,
        state=InboxState.PARKED,
        attempts=7,
        due_at=at(70),
        reason="Wem gehört es?",
        user_id="usr_1",
        is_assigned=True,
        finished_at=at(8),
    )
    await market.inbox.finish(parked)
    assert await market.inbox.get(Provider.STRIPE, "evt_1") == parked


async def test_what_concerned_nobody_says_nothing_any_more(market: Market) -> None:
    for event_id in ("nobody", "somebody", "unclear"):
        await market.inbox.add(make_event(event_id), NOW)
    await finish(market, "nobody", InboxState.DONE)
    await finish(market, "somebody", InboxState.DONE, user_id="usr_1")
    await finish(market, "unclear", InboxState.PARKED)
    kept = [await market.inbox.get(Provider.STRIPE, one.event.id) for one in await _all(market)]
    bodies = {one.event.id: one.event.body for one in kept}
    whole = make_event().body
    assert bodies == {"nobody": b"", "somebody": whole, "unclear": whole}
    assert not await market.inbox.add(make_event("nobody"), at(1))


async def _all(market: Market) -> Sequence[InboxMessage]:
    return await market.inbox.list(state=None, limit=9, before=None)


async def test_what_is_put_off_rests(market: Market) -> None:
    await market.inbox.add(make_event(), NOW)
    await market.inbox.add(make_event("evt_2", second=1), NOW)
    await claim(market, until=5)
    await finish(market, "evt_1", InboxState.WAITING, due_at=at(100), reason="later")
    assert ids(await claim(market, now=99, until=99)) == ["evt_2"]
    assert ids(await claim(market, now=100)) == ["evt_1", "evt_2"]


async def test_what_is_done_is_not_undone_by_somebody_who_is_late(market: Market) -> None:
    await market.inbox.add(make_event(), NOW)
    [message] = await claim(market)
    done = evolve(message, state=InboxState.DONE, attempts=1, finished_at=at(5), user_id="usr_1")
    await market.inbox.finish(done)
    for state in (InboxState.WAITING, InboxState.PARKED):
        await market.inbox.finish(evolve(message, state=state, attempts=2, reason="late"))
        assert await market.inbox.get(Provider.STRIPE, "evt_1") == done
    counted = evolve(done, attempts=3, user_id="usr_2")
    await market.inbox.finish(counted)
    assert await market.inbox.get(Provider.STRIPE, "evt_1") == counted


async def test_what_is_done_may_begin_anew(market: Market) -> None:
    await market.inbox.add(make_event(), NOW)
    await finish(market, "evt_1", InboxState.DONE, finished_at=at(5))
    await finish(market, "evt_1", InboxState.WAITING, attempts=0, finished_at=None, due_at=at(9))
    assert ids(await claim(market, now=9)) == ["evt_1"]


async def test_a_message_that_is_gone_does_not_come_back(market: Market) -> None:
    await market.inbox.finish(InboxMessage(make_event(), received_at=NOW, due_at=NOW))
    with pytest.raises(NotFound):
        await market.inbox.get(Provider.STRIPE, "evt_1")


async def test_messages_are_listed_by_arrival_newest_first_in_pages(market: Market) -> None:
    for event_id, second in (("b", 1), ("a", 2), ("c", 2), ("d", 3)):
        await market.inbox.add(make_event(event_id, second=-second), at(second))
    await market.inbox.add(make_event("b", provider=Provider.APPLE), at(2))
    found: list[InboxMessage] = []
    while page := await market.inbox.list(
        state=None, limit=2, before=found[-1].id if found else None
    ):
        found += page
    assert [one.id for one in found] == ["stripe:d", "stripe:c", "stripe:a", "apple:b", "stripe:b"]


async def test_messages_are_listed_by_state(market: Market) -> None:
    for number in range(6):
        await market.inbox.add(make_event(f"evt_{number}"), at(number))
    for number, state in ((0, InboxState.DONE), (2, InboxState.PARKED), (4, InboxState.PARKED)):
        await finish(market, f"evt_{number}", state, finished_at=at(9))
    pages = {
        state: ids(await market.inbox.list(state=state, limit=9, before=None))
        for state in InboxState
    }
    assert pages == {
        InboxState.WAITING: ["evt_5", "evt_3", "evt_1"],
        InboxState.DONE: ["evt_0"],
        InboxState.PARKED: ["evt_4", "evt_2"],
    }
    before = "stripe:evt_3"
    found = await market.inbox.list(state=InboxState.PARKED, limit=9, before=before)
    assert ids(found) == ["evt_2"]


@pytest.mark.parametrize("before", ["stripe:none", "none", "", "nobody:evt_1", ":"])
async def test_behind_an_unknown_message_there_is_nothing(market: Market, before: str) -> None:
    await market.inbox.add(make_event(), NOW)
    assert await market.inbox.list(state=None, limit=9, before=before) == []


async def test_only_what_ended_long_ago_is_purged(market: Market) -> None:
    for number in range(5):
        await market.inbox.add(make_event(f"evt_{number}"), NOW)
    user = await market.stores.sign_up()
    for number in range(3):
        ended = {"finished_at": at(10 * number), "user_id": user.id}
        await finish(market, f"evt_{number}", InboxState.DONE, **ended)
    await finish(market, "evt_3", InboxState.PARKED, finished_at=at(1))
    assert await market.inbox.purge(at(0)) == Purged(0, 0)
    assert await market.inbox.purge(at(20)) == Purged(done=2, parked=1)
    assert await market.inbox.purge(at(20)) == Purged(0, 0)
    left = await market.inbox.list(state=None, limit=9, before=None)
    assert sorted(ids(left)) == ["evt_2", "evt_4"]


async def test_what_is_parked_anew_is_kept_from_then_on(market: Market) -> None:
    await market.inbox.add(make_event("evt_1"), NOW)
    await finish(market, "evt_1", InboxState.PARKED, finished_at=at(1))
    await finish(market, "evt_1", InboxState.PARKED, finished_at=at(30))
    assert await market.inbox.purge(at(20)) == Purged(0, 0)


async def test_what_comes_after_an_erasure_is_purged_at_once(market: Market) -> None:
    ann, bob = await market.stores.sign_up("ann"), await market.stores.sign_up("bob")
    await market.stores.accounts.erase(erased(ann))
    for user in (ann, bob):
        for state in InboxState:
            await market.inbox.add(make_event(f"{user.id}:{state}"), NOW)
            ended = {"user_id": user.id, "finished_at": at(9)}
            await finish(market, f"{user.id}:{state}", state, **ended)
    assert await market.inbox.purge(at(0)) == Purged(done=1, parked=1)
    left = await market.inbox.list(state=None, limit=9, before=None)
    assert {one.event.id for one in left} == {
        f"{ann.id}:waiting",
        *(f"{bob.id}:{state}" for state in InboxState),
    }


async def test_the_lag_is_that_of_the_oldest_due_message(market: Market) -> None:
    assert await market.inbox.lag(NOW) == timedelta(0)
    await market.inbox.add(make_event("evt_1"), at(10))
    await market.inbox.add(make_event("evt_2", second=-99), at(20))
    assert await market.inbox.lag(at(9)) == timedelta(0)
    assert await market.inbox.lag(at(40.5)) == timedelta(seconds=30.5)
    await market.inbox.take(Provider.STRIPE, "evt_1", until=at(60))
    assert await market.inbox.lag(at(40)) == timedelta(seconds=20)
    await finish(market, "evt_2", InboxState.PARKED, finished_at=at(41))
    assert await market.inbox.lag(at(59)) == timedelta(0)
    assert await market.inbox.lag(at(90)) == timedelta(seconds=30)
