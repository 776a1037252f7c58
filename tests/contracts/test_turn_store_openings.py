"""What every store of turns promises of their beginning."""

import asyncio
from datetime import timedelta

import pytest
from attrs import evolve

from application.ports.turn_store import IdempotencyKey, TurnQuery, TurnSnapshot
from domain.accounts import User
from domain.errors import AlreadyRecorded, IdempotencyKeyReused, NotFound
from tests.contracts.builders import (
    granted,
    make_character,
    make_message,
    make_opening,
    make_session,
)
from tests.contracts.stores import Stores

KEY = IdempotencyKey("key", "fingerprint")
HOURS_24 = timedelta(hours=24)


async def with_key(stores: Stores, user: User, key: str = "key") -> TurnSnapshot:
    query = TurnQuery(user.id, history=20, character_id="luna", idempotency_key=key)
    return await stores.turns.load(query)


async def test_an_opened_turn_is_stored_with_its_hold_and_its_message(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session, amount=10)
    assert await stores.turns.get(user.id, opening.turn.id) == opening.turn
    wallet = await stores.wallets.get(user.id)
    assert wallet == opening.wallet.saved()
    assert (wallet.held, wallet.available) == (10, 90)
    assert await stores.conversation(user, session) == list(opening.messages)
    assert await stores.turns.find_reply(user.id, opening.turn.id) is None


async def test_the_ledger_entries_of_the_opening_are_stored_with_it(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    wallet = granted(await stores.wallets.get(user.id), 7)
    assert await stores.turns.open(make_opening(wallet, session))
    listed = await stores.wallets.list_entries(user.id, limit=10, before=None)
    assert [entry.amount for entry in listed] == [7, 100]


async def test_a_turn_may_begin_a_session_with_several_messages(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    await stores.characters.publish(make_character())
    session = make_session(user)
    opening = make_opening(await stores.wallets.get(user.id), session, position=4, is_new=True)
    earlier = make_message(session, 2, content="said elsewhere")
    opening = evolve(opening, messages=(earlier, *opening.messages))
    assert await stores.turns.open(opening)
    assert await stores.sessions.get(user.id, session.id) == session
    assert await stores.conversation(user, session) == list(opening.messages)


async def test_a_turn_on_a_changed_wallet_writes_nothing(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    new_session = make_session(user)
    stale = await stores.wallets.get(user.id)
    assert await stores.wallets.save(granted(stale, 5))
    late = make_opening(stale, new_session, is_new=True, key=KEY)
    assert not await stores.turns.open(late)
    assert (await stores.wallets.get(user.id)).held == 0
    with pytest.raises(NotFound):
        await stores.turns.get(user.id, late.turn.id)
    with pytest.raises(NotFound):
        await stores.sessions.get(user.id, new_session.id)
    with pytest.raises(NotFound):
        await stores.sessions.get_message(user.id, late.messages[0].id)
    assert (await with_key(stores, user)).replay is None
    assert not await stores.turns.open(make_opening(stale, session))
    assert await stores.conversation(user, session) == []


async def test_of_twenty_turns_on_one_version_one_begins(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    wallet = await stores.wallets.get(user.id)
    openings = [make_opening(wallet, session) for _ in range(20)]
    opened = await asyncio.gather(*(stores.turns.open(opening) for opening in openings))
    assert opened.count(True) == 1
    winner = openings[opened.index(True)]
    assert await stores.conversation(user, session) == list(winner.messages)
    assert await stores.wallets.get(user.id) == winner.wallet.saved()


async def test_a_turn_in_a_session_that_is_gone_writes_nothing(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    wallet = await stores.wallets.get(user.id)
    await stores.sessions.delete(user.id, session.id)
    late = make_opening(wallet, session, key=KEY)
    with pytest.raises(NotFound):
        await stores.turns.open(late)
    assert await stores.wallets.get(user.id) == wallet
    assert (await with_key(stores, user)).replay is None
    with pytest.raises(NotFound):
        await stores.turns.get(user.id, late.turn.id)


async def test_a_turn_in_somebody_elses_session_writes_nothing(stores: Stores) -> None:
    ann, session = await stores.sign_up_to_talk("ann")
    bob = await stores.sign_up("bob", credits=100)
    wallet = await stores.wallets.get(bob.id)
    with pytest.raises(NotFound):
        await stores.turns.open(make_opening(wallet, session))
    assert await stores.conversation(ann, session) == []
    assert await stores.wallets.get(bob.id) == wallet


async def test_a_key_leads_to_the_turn_that_it_began(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session, key=KEY)
    assert (await with_key(stores, user)).replay == (opening.turn.id, "fingerprint")
    assert (await with_key(stores, user, "another")).replay is None


async def test_a_key_belongs_to_one_user(stores: Stores) -> None:
    ann, session = await stores.sign_up_to_talk("ann")
    await stores.open(ann, session, key=KEY)
    bob, bobs = await stores.sign_up_to_talk("bob")
    assert (await with_key(stores, bob)).replay is None
    opening = await stores.open(bob, bobs, key=KEY)
    assert (await with_key(stores, bob)).replay == (opening.turn.id, "fingerprint")


async def test_a_key_that_was_taken_begins_no_second_turn(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    first = await stores.open(user, session, key=KEY)
    wallet = await stores.wallets.get(user.id)
    for fingerprint in ("fingerprint", "another"):
        key = IdempotencyKey("key", fingerprint)
        with pytest.raises(AlreadyRecorded):
            await stores.turns.open(make_opening(wallet, session, position=4, key=key))
    assert await stores.wallets.get(user.id) == wallet
    assert await stores.conversation(user, session) == list(first.messages)


async def test_of_twenty_sends_with_one_key_one_begins_a_turn(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    wallet = await stores.wallets.get(user.id)
    openings = [make_opening(wallet, session, key=KEY) for _ in range(20)]
    outcomes = await asyncio.gather(
        *(stores.turns.open(opening) for opening in openings), return_exceptions=True
    )
    assert outcomes.count(True) == 1
    assert all(one in {True, False} or isinstance(one, AlreadyRecorded) for one in outcomes)
    winner = openings[outcomes.index(True)]
    assert (await with_key(stores, user)).replay == (winner.turn.id, "fingerprint")


async def test_a_key_of_another_kind_of_request_begins_no_turn(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    await stores.idempotency.claim(user.id, "key", "a purchase", stores.clock.now())
    assert (await with_key(stores, user)).replay is None
    wallet = await stores.wallets.get(user.id)
    with pytest.raises(IdempotencyKeyReused):
        await stores.turns.open(make_opening(wallet, session, key=KEY))
    assert await stores.wallets.get(user.id) == wallet
    assert await stores.conversation(user, session) == []


async def test_a_key_that_began_a_turn_is_refused_to_another_kind_of_request(
    stores: Stores,
) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session, key=KEY)
    with pytest.raises(IdempotencyKeyReused):
        await stores.idempotency.claim(user.id, "key", "a purchase", stores.clock.now())
    await stores.idempotency.abandon(user.id, "key")
    assert (await with_key(stores, user)).replay == (opening.turn.id, "fingerprint")


async def test_a_key_goes_with_the_session_of_its_turn(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    await stores.open(user, session, key=KEY)
    await stores.sessions.delete(user.id, session.id)
    assert (await with_key(stores, user)).replay is None
    other = await stores.begin_session(user)
    again = await stores.open(user, other, key=KEY)
    assert (await with_key(stores, user)).replay == (again.turn.id, "fingerprint")


async def test_a_key_is_forgotten_after_24_hours(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    first = await stores.open(user, session, key=KEY)
    stores.clock.advance(HOURS_24 - timedelta(seconds=1))
    assert (await with_key(stores, user)).replay == (first.turn.id, "fingerprint")
    stores.clock.advance(timedelta(seconds=2))
    assert (await with_key(stores, user)).replay is None
    again = make_opening(
        await stores.wallets.get(user.id), session, position=4, key=IdempotencyKey("key", "new")
    )
    again = evolve(again, turn=evolve(again.turn, created_at=stores.clock.now()))
    assert await stores.turns.open(again)
    assert (await with_key(stores, user)).replay == (again.turn.id, "new")
