"""What every store of turns promises."""

import asyncio
from datetime import timedelta

import pytest
from attrs import evolve

from application.ports.turn_store import IdempotencyKey, TurnQuery, TurnSnapshot
from domain.accounts import Tier, User
from domain.chat import Message, Session, TurnStatus
from domain.errors import AlreadyRecorded, IdempotencyKeyReused, NotFound
from domain.wallet import expire_holds
from tests.contracts.builders import (
    at,
    granted,
    make_character,
    make_closing,
    make_embedding,
    make_memory,
    make_message,
    make_opening,
    make_session,
)
from tests.contracts.stores import Stores

KEY = IdempotencyKey("key", "fingerprint")
HOURS_24 = timedelta(hours=24)


async def funded(stores: Stores, name: str = "ann") -> tuple[User, Session]:
    """Somebody with 100 credits and a session."""
    user = await stores.sign_up(name, credits=100)
    return user, await stores.begin_session(user)


async def in_session(stores: Stores, user: User, session: Session) -> TurnSnapshot:
    return await stores.turns.load(TurnQuery(user.id, history=20, session_id=session.id))


async def with_key(stores: Stores, user: User, key: str = "key") -> TurnSnapshot:
    query = TurnQuery(user.id, history=20, character_id="luna", idempotency_key=key)
    return await stores.turns.load(query)


async def active(stores: Stores, user: User, session: Session) -> list[Message]:
    found = await stores.sessions.list_messages(user.id, session.id, limit=100, before=None)
    return list(found[::-1])


# ---------------------------------------------------------------------------------------- load


async def test_nobody_has_no_turns(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.turns.load(TurnQuery("usr_nobody", history=20, character_id="luna"))


async def test_the_account_and_the_wallet_are_read_as_they_are_now(stores: Stores) -> None:
    user, session = await funded(stores)
    changed = evolve(user, tier=Tier.PLUS, suspended_at=at(1), suspended_reason="because")
    await stores.accounts.save(changed)
    snapshot = await in_session(stores, user, session)
    assert snapshot.user == changed
    assert snapshot.wallet == await stores.wallets.get(user.id)
    assert snapshot.wallet.entries == ()


async def test_a_session_is_read_with_its_character_and_its_history(stores: Stores) -> None:
    user, session = await funded(stores)
    first = await stores.say(user, session, position=2)
    second = await stores.say(user, session, position=4)
    snapshot = await in_session(stores, user, session)
    assert snapshot.session == await stores.sessions.get(user.id, session.id)
    assert snapshot.character == await stores.characters.get("luna")
    assert list(snapshot.history) == [*first, *second]
    assert snapshot.last_position == 5
    assert snapshot.user_message is None
    assert snapshot.replay is None


async def test_the_history_is_the_latest_messages_oldest_first(stores: Stores) -> None:
    user, session = await funded(stores)
    for position in (2, 4, 6):
        await stores.say(user, session, position=position)
    messages = await active(stores, user, session)
    for length in (0, 1, 3, 6, 50):
        query = TurnQuery(user.id, history=length, session_id=session.id)
        snapshot = await stores.turns.load(query)
        assert list(snapshot.history) == messages[max(0, 6 - length) :]
        assert snapshot.last_position == 7


async def test_a_session_keeps_the_version_that_it_began_with(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.characters.publish(make_character(persona="the first"))
    second = await stores.characters.publish(make_character(persona="the second"))
    session = make_session(user, character_version=second.version)
    await stores.sessions.add(session, None)
    await stores.characters.publish(make_character(persona="the third"))
    assert (await in_session(stores, user, session)).character == second


async def test_a_new_session_gets_the_published_version(stores: Stores) -> None:
    user, _ = await funded(stores)
    newer = await stores.characters.publish(make_character(persona="{{char}} is new."))
    snapshot = await stores.turns.load(TurnQuery(user.id, history=20, character_id="luna"))
    assert snapshot.character == newer
    assert snapshot.session is None
    assert (list(snapshot.history), snapshot.last_position) == ([], 0)


async def test_what_does_not_exist_is_none(stores: Stores) -> None:
    user, _ = await funded(stores)
    for query in (
        TurnQuery(user.id, history=20, session_id="ses_none"),
        TurnQuery(user.id, history=20, character_id="nobody"),
        TurnQuery(user.id, history=20, message_id="msg_none"),
    ):
        snapshot = await stores.turns.load(query)
        assert (snapshot.session, snapshot.character, snapshot.user_message) == (None, None, None)
        assert (list(snapshot.history), snapshot.last_position) == ([], 0)


async def test_what_is_somebody_elses_is_none(stores: Stores) -> None:
    ann, session = await funded(stores, "ann")
    said, reply = await stores.say(ann, session)
    bob = await stores.sign_up("bob", credits=100)
    for query in (
        TurnQuery(bob.id, history=20, session_id=session.id),
        TurnQuery(bob.id, history=20, message_id=said.id),
        TurnQuery(bob.id, history=20, message_id=reply.id),
    ):
        snapshot = await stores.turns.load(query)
        assert (snapshot.session, snapshot.character, snapshot.user_message) == (None, None, None)
        assert (list(snapshot.history), snapshot.last_position) == ([], 0)
        assert snapshot.wallet.user_id == bob.id


async def test_another_reply_is_asked_for_by_the_message_or_by_its_reply(stores: Stores) -> None:
    user, session = await funded(stores)
    before = await stores.say(user, session, position=2)
    said, reply = await stores.say(user, session, position=4)
    await stores.say(user, session, position=6)
    for message in (said, reply):
        query = TurnQuery(user.id, history=20, message_id=message.id)
        snapshot = await stores.turns.load(query)
        assert snapshot.user_message == said
        assert snapshot.session == await stores.sessions.get(user.id, session.id)
        assert snapshot.character == await stores.characters.get("luna")
        assert list(snapshot.history) == [*before]
        assert snapshot.last_position == 7


async def test_the_history_before_another_reply_is_the_latest_part_of_it(stores: Stores) -> None:
    user, session = await funded(stores)
    for position in (2, 4, 6):
        await stores.say(user, session, position=position)
    messages = await active(stores, user, session)
    query = TurnQuery(user.id, history=2, message_id=messages[-1].id)
    assert list((await stores.turns.load(query)).history) == messages[2:4]


async def test_an_earlier_reply_leads_to_the_message_too(stores: Stores) -> None:
    user, session = await funded(stores)
    said, first = await stores.say(user, session)
    await stores.close(await stores.open(user, session, answers=said))
    snapshot = await stores.turns.load(TurnQuery(user.id, history=20, message_id=first.id))
    assert snapshot.user_message == said


async def test_a_greeting_answers_no_message(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    await stores.characters.publish(make_character())
    session = make_session(user)
    greeting = make_message(session, 1)
    await stores.sessions.add(session, greeting)
    snapshot = await stores.turns.load(TurnQuery(user.id, history=20, message_id=greeting.id))
    assert snapshot.session == session
    assert snapshot.user_message is None


async def test_replies_that_were_replaced_are_not_in_the_history(stores: Stores) -> None:
    user, session = await funded(stores)
    said, first = await stores.say(user, session)
    closing = await stores.close(await stores.open(user, session, answers=said), text="better")
    history = list((await in_session(stores, user, session)).history)
    assert history == [said, closing.reply]
    assert first not in history


# ---------------------------------------------------------------------------------------- open


async def test_an_opened_turn_is_stored_with_its_hold_and_its_message(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session, amount=10)
    assert await stores.turns.get(user.id, opening.turn.id) == opening.turn
    wallet = await stores.wallets.get(user.id)
    assert wallet == opening.wallet.saved()
    assert (wallet.held, wallet.available) == (10, 90)
    assert await active(stores, user, session) == list(opening.messages)
    assert await stores.turns.find_reply(user.id, opening.turn.id) is None


async def test_the_ledger_entries_of_the_opening_are_stored_with_it(stores: Stores) -> None:
    user, session = await funded(stores)
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
    assert await active(stores, user, session) == list(opening.messages)


async def test_a_turn_on_a_changed_wallet_writes_nothing(stores: Stores) -> None:
    user, session = await funded(stores)
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
    assert await active(stores, user, session) == []


async def test_of_twenty_turns_on_one_version_one_begins(stores: Stores) -> None:
    user, session = await funded(stores)
    wallet = await stores.wallets.get(user.id)
    openings = [make_opening(wallet, session) for _ in range(20)]
    opened = await asyncio.gather(*(stores.turns.open(opening) for opening in openings))
    assert opened.count(True) == 1
    winner = openings[opened.index(True)]
    assert await active(stores, user, session) == list(winner.messages)
    assert await stores.wallets.get(user.id) == winner.wallet.saved()


async def test_a_turn_in_a_session_that_is_gone_writes_nothing(stores: Stores) -> None:
    user, session = await funded(stores)
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
    ann, session = await funded(stores, "ann")
    bob = await stores.sign_up("bob", credits=100)
    wallet = await stores.wallets.get(bob.id)
    with pytest.raises(NotFound):
        await stores.turns.open(make_opening(wallet, session))
    assert await active(stores, ann, session) == []
    assert await stores.wallets.get(bob.id) == wallet


# ---------------------------------------------------------------------------- idempotency keys


async def test_a_key_leads_to_the_turn_that_it_began(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session, key=KEY)
    assert (await with_key(stores, user)).replay == (opening.turn.id, "fingerprint")
    assert (await with_key(stores, user, "another")).replay is None


async def test_a_key_belongs_to_one_user(stores: Stores) -> None:
    ann, session = await funded(stores, "ann")
    await stores.open(ann, session, key=KEY)
    bob, bobs = await funded(stores, "bob")
    assert (await with_key(stores, bob)).replay is None
    opening = await stores.open(bob, bobs, key=KEY)
    assert (await with_key(stores, bob)).replay == (opening.turn.id, "fingerprint")


async def test_a_key_that_was_taken_begins_no_second_turn(stores: Stores) -> None:
    user, session = await funded(stores)
    first = await stores.open(user, session, key=KEY)
    wallet = await stores.wallets.get(user.id)
    for fingerprint in ("fingerprint", "another"):
        key = IdempotencyKey("key", fingerprint)
        with pytest.raises(AlreadyRecorded):
            await stores.turns.open(make_opening(wallet, session, position=4, key=key))
    assert await stores.wallets.get(user.id) == wallet
    assert await active(stores, user, session) == list(first.messages)


async def test_of_twenty_sends_with_one_key_one_begins_a_turn(stores: Stores) -> None:
    user, session = await funded(stores)
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
    user, session = await funded(stores)
    await stores.idempotency.claim(user.id, "key", "a purchase", stores.clock.now())
    assert (await with_key(stores, user)).replay is None
    wallet = await stores.wallets.get(user.id)
    with pytest.raises(IdempotencyKeyReused):
        await stores.turns.open(make_opening(wallet, session, key=KEY))
    assert await stores.wallets.get(user.id) == wallet
    assert await active(stores, user, session) == []


async def test_a_key_that_began_a_turn_is_refused_to_another_kind_of_request(
    stores: Stores,
) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session, key=KEY)
    with pytest.raises(IdempotencyKeyReused):
        await stores.idempotency.claim(user.id, "key", "a purchase", stores.clock.now())
    await stores.idempotency.abandon(user.id, "key")
    assert (await with_key(stores, user)).replay == (opening.turn.id, "fingerprint")


async def test_a_key_goes_with_the_session_of_its_turn(stores: Stores) -> None:
    user, session = await funded(stores)
    await stores.open(user, session, key=KEY)
    await stores.sessions.delete(user.id, session.id)
    assert (await with_key(stores, user)).replay is None
    other = await stores.begin_session(user)
    again = await stores.open(user, other, key=KEY)
    assert (await with_key(stores, user)).replay == (again.turn.id, "fingerprint")


async def test_a_key_is_forgotten_after_24_hours(stores: Stores) -> None:
    user, session = await funded(stores)
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


# --------------------------------------------------------------------------------------- close


async def test_a_closed_turn_is_stored_with_its_charge_and_its_reply(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session, amount=10)
    closing = await stores.close(opening, charge=3, text="Ünd 🙂")
    assert closing.wallet
    assert await stores.turns.get(user.id, opening.turn.id) == closing.turn
    wallet = await stores.wallets.get(user.id)
    assert wallet == closing.wallet.saved()
    assert (wallet.balance, wallet.held) == (97, 0)
    assert await stores.turns.find_reply(user.id, opening.turn.id) == closing.reply
    assert await active(stores, user, session) == [*opening.messages, closing.reply]
    [charge, _] = await stores.wallets.list_entries(user.id, limit=10, before=None)
    assert (charge.amount, charge.reference) == (-3, opening.turn.id)


async def test_a_failed_turn_may_end_without_a_reply(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session)
    wallet = await stores.wallets.get(user.id)
    closing = make_closing(opening, wallet, charge=0, text=None, status=TurnStatus.FAILED)
    failed = evolve(closing.turn, finish_reason=None, error_code="model_unavailable")
    assert await stores.turns.close(evolve(closing, turn=failed))
    assert await stores.turns.get(user.id, opening.turn.id) == failed
    assert await stores.turns.find_reply(user.id, opening.turn.id) is None
    assert await active(stores, user, session) == list(opening.messages)
    assert (await stores.wallets.get(user.id)).available == 100


async def test_a_reply_with_characters_that_no_database_takes_is_stored_all_the_same(
    stores: Stores,
) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session)
    await stores.close(opening, text="from \0 over \ud83d to ü")
    reply = await stores.turns.find_reply(user.id, opening.turn.id)
    assert reply
    assert reply.content.startswith("from ")
    assert reply.content.endswith(" to ü")
    assert (await stores.wallets.get(user.id)).balance == 97


async def test_a_close_moves_the_session_to_now(stores: Stores) -> None:
    user, session = await funded(stores)
    closing = await stores.close(await stores.open(user, session))
    stored = await stores.sessions.get(user.id, session.id)
    assert stored == evolve(session, updated_at=closing.now)


async def test_a_close_on_a_changed_wallet_writes_nothing(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session)
    stale = await stores.wallets.get(user.id)
    assert await stores.wallets.save(granted(stale, 5))
    memory = make_memory(session_id=session.id)
    assert not await stores.turns.close(make_closing(opening, stale, memory=memory))
    assert await stores.turns.get(user.id, opening.turn.id) == opening.turn
    assert await stores.turns.find_reply(user.id, opening.turn.id) is None
    assert (await stores.wallets.get(user.id)).held == 10
    assert await stores.sessions.get(user.id, session.id) == session
    with pytest.raises(NotFound):
        await stores.memories.get(user.id, memory.id)
    await stores.close(opening)


async def test_a_turn_is_closed_once(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session)
    held = await stores.wallets.get(user.id)
    closing = make_closing(opening, held, text="first")
    assert await stores.turns.close(closing)
    wallet = await stores.wallets.get(user.id)
    second = make_closing(opening, None, text="second", status=TurnStatus.STOPPED)
    with pytest.raises(AlreadyRecorded):
        await stores.turns.close(second)
    assert await stores.turns.get(user.id, opening.turn.id) == closing.turn
    assert await stores.turns.find_reply(user.id, opening.turn.id) == closing.reply
    assert await stores.wallets.get(user.id) == wallet


async def test_a_failed_turn_is_closed_once_too(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session)
    wallet = await stores.wallets.get(user.id)
    closing = make_closing(opening, wallet, charge=0, text=None, status=TurnStatus.FAILED)
    failed = evolve(closing, turn=evolve(closing.turn, error_code="unavailable"))
    assert await stores.turns.close(failed)
    with pytest.raises(AlreadyRecorded):
        await stores.turns.close(make_closing(opening, None))
    assert await stores.turns.get(user.id, opening.turn.id) == failed.turn


async def test_of_twenty_closes_of_one_turn_one_charges(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session)
    wallet = await stores.wallets.get(user.id)
    closings = [make_closing(opening, wallet, charge=amount % 10) for amount in range(20)]
    outcomes = await asyncio.gather(
        *(stores.turns.close(closing) for closing in closings), return_exceptions=True
    )
    assert outcomes.count(True) == 1
    assert all(one in {True, False} or isinstance(one, AlreadyRecorded) for one in outcomes)
    winner = closings[outcomes.index(True)]
    assert winner.wallet
    assert await stores.wallets.get(user.id) == winner.wallet.saved()
    assert await stores.turns.get(user.id, opening.turn.id) == winner.turn
    assert await stores.wallets.audit() == []


async def test_a_turn_that_lapsed_may_still_be_closed_without_money(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session, expires_at=at(10))
    swept, lapsed = expire_holds(await stores.wallets.get(user.id), at(10))
    assert await stores.wallets.save(swept, lapsed_turns=lapsed)
    closing = make_closing(opening, None, text="late, but here")
    assert await stores.turns.close(closing)
    assert await stores.turns.get(user.id, opening.turn.id) == closing.turn
    assert await stores.turns.find_reply(user.id, opening.turn.id) == closing.reply
    assert await stores.wallets.get(user.id) == swept.saved()
    with pytest.raises(AlreadyRecorded):
        await stores.turns.close(make_closing(opening, None))


async def test_a_sweep_and_a_close_at_once_have_one_winner(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session, expires_at=at(10))
    wallet = await stores.wallets.get(user.id)
    swept, lapsed = expire_holds(wallet, at(10))
    outcomes = await asyncio.gather(
        stores.turns.close(make_closing(opening, wallet)),
        stores.wallets.save(swept, lapsed_turns=lapsed),
    )
    assert sorted(outcomes) == [False, True]
    assert (await stores.wallets.get(user.id)).held == 0
    assert await stores.wallets.audit() == []


async def test_a_turn_whose_session_was_deleted_moves_only_money(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session)
    await stores.sessions.delete(user.id, session.id)
    memory = make_memory(session_id=session.id)
    closing = await stores.close(opening, charge=3, memory=memory, embedding=make_embedding(1))
    assert closing.reply
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.held) == (97, 0)
    with pytest.raises(NotFound):
        await stores.sessions.get(user.id, session.id)
    with pytest.raises(NotFound):
        await stores.sessions.get_message(user.id, closing.reply.id)
    with pytest.raises(NotFound):
        await stores.memories.get(user.id, memory.id)
    with pytest.raises(NotFound):
        await stores.turns.get(user.id, opening.turn.id)


async def test_a_turn_without_session_and_hold_has_nothing_left_to_write(stores: Stores) -> None:
    user, session = await funded(stores)
    opening = await stores.open(user, session)
    await stores.sessions.delete(user.id, session.id)
    await stores.close(opening)
    wallet = await stores.wallets.get(user.id)
    assert await stores.turns.close(make_closing(opening, None))
    assert await stores.wallets.get(user.id) == wallet


async def test_a_new_reply_takes_the_place_of_the_earlier_ones(stores: Stores) -> None:
    user, session = await funded(stores)
    said, first = await stores.say(user, session, position=2, text="first")
    after = await stores.say(user, session, position=4)
    second = await stores.close(await stores.open(user, session, answers=said), text="second")
    third = await stores.close(await stores.open(user, session, answers=said), text="third")
    assert await active(stores, user, session) == [said, third.reply, *after]
    for kept in (first, second.reply):
        assert kept
        assert await stores.sessions.get_message(user.id, kept.id) == kept


async def test_a_failed_attempt_leaves_the_earlier_reply(stores: Stores) -> None:
    user, session = await funded(stores)
    said, first = await stores.say(user, session)
    again = await stores.open(user, session, answers=said)
    await stores.close(again, charge=0, text=None, status=TurnStatus.FAILED)
    assert await active(stores, user, session) == [said, first]


async def test_a_reply_replaces_only_in_its_own_session(stores: Stores) -> None:
    user, session = await funded(stores)
    other = await stores.begin_session(user)
    await stores.say(user, other)
    before = await active(stores, user, other)
    await stores.say(user, session)
    assert await active(stores, user, other) == before


async def test_what_is_to_be_remembered_is_stored_with_the_reply(stores: Stores) -> None:
    user, session = await funded(stores)
    with_vector = make_memory(session_id=session.id, text="I like tea")
    await stores.close(
        await stores.open(user, session), memory=with_vector, embedding=make_embedding(1)
    )
    assert await stores.memories.get(user.id, with_vector.id) == with_vector
    found = await stores.memories.search(
        user.id, "luna", make_embedding(1), limit=5, least_similarity=0.5
    )
    assert found == [with_vector]

    without = make_memory(session_id=session.id, text="I like cake")
    await stores.close(await stores.open(user, session, position=4), memory=without, position=5)
    assert await stores.memories.find_unembedded("words", limit=5) == [(user.id, without)]


# ----------------------------------------------------------------------------- get, find_reply


async def test_an_unknown_turn_is_not_found(stores: Stores) -> None:
    user = await stores.sign_up()
    with pytest.raises(NotFound):
        await stores.turns.get(user.id, "turn_none")
    assert await stores.turns.find_reply(user.id, "turn_none") is None


async def test_somebody_elses_turn_is_not_found(stores: Stores) -> None:
    ann, session = await funded(stores, "ann")
    opening = await stores.open(ann, session)
    await stores.close(opening)
    bob = await stores.sign_up("bob")
    with pytest.raises(NotFound):
        await stores.turns.get(bob.id, opening.turn.id)
    assert await stores.turns.find_reply(bob.id, opening.turn.id) is None


async def test_each_turn_finds_its_own_reply_also_when_it_was_replaced(stores: Stores) -> None:
    user, session = await funded(stores)
    first = await stores.open(user, session)
    first_closing = await stores.close(first, text="first")
    again = await stores.open(user, session, answers=first.messages[0])
    again_closing = await stores.close(again, text="again")
    assert await stores.turns.find_reply(user.id, first.turn.id) == first_closing.reply
    assert await stores.turns.find_reply(user.id, again.turn.id) == again_closing.reply


async def test_parallel_turns_of_one_user_all_begin_and_end_when_retried(stores: Stores) -> None:
    user = await stores.sign_up(credits=95)
    session = await stores.begin_session(user)

    async def send(position: int) -> bool:
        while True:
            wallet = await stores.wallets.get(user.id)
            if wallet.available < 10:
                return False
            opening = make_opening(wallet, session, position=position, amount=10)
            if await stores.turns.open(opening):
                break
        while True:
            wallet = await stores.wallets.get(user.id)
            closing = make_closing(opening, wallet, charge=10, position=position + 1)
            if await stores.turns.close(closing):
                return True

    sent = await asyncio.gather(*(send(2 * number) for number in range(1, 13)))
    assert sent.count(True) == 9
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.held) == (5, 0)
    assert await stores.wallets.audit() == []
    assert len(await active(stores, user, session)) == 18
