"""What every store of turns promises of their end."""

import asyncio

import pytest
from attrs import evolve

from domain.chat import TurnStatus
from domain.errors import AlreadyRecorded, NotFound
from domain.holds import expire_holds
from tests.contracts.builders import (
    NOW,
    at,
    granted,
    make_closing,
    make_opening,
)
from tests.contracts.stores import Stores


async def test_a_closed_turn_is_stored_with_its_charge_and_its_reply(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session, amount=10)
    closing = await stores.close(opening, charge=3, text="Ünd 🙂")
    assert closing.wallet
    assert await stores.turns.get(user.id, opening.turn.id) == closing.turn
    wallet = await stores.wallets.get(user.id)
    assert wallet == closing.wallet.saved()
    assert (wallet.balance, wallet.held) == (97, 0)
    assert await stores.turns.find_reply(user.id, opening.turn.id) == closing.reply
    assert await stores.conversation(user, session) == [*opening.messages, closing.reply]
    [charge, _] = await stores.wallets.list_entries(user.id, limit=10, before=None)
    assert (charge.amount, charge.reference) == (-3, opening.turn.id)


async def test_a_failed_turn_may_end_without_a_reply(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session)
    wallet = await stores.wallets.get(user.id)
    closing = make_closing(opening, wallet, charge=0, text=None, status=TurnStatus.FAILED)
    failed = evolve(closing.turn, finish_reason=None, error_code="model_unavailable")
    assert await stores.turns.close(evolve(closing, turn=failed))
    assert await stores.turns.get(user.id, opening.turn.id) == failed
    assert await stores.turns.find_reply(user.id, opening.turn.id) is None
    assert await stores.conversation(user, session) == list(opening.messages)
    assert (await stores.wallets.get(user.id)).available == 100


async def test_a_reply_with_characters_that_no_database_takes_is_stored_all_the_same(
    stores: Stores,
) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session)
    await stores.close(opening, text="from \0 over \ud83d to ü")
    reply = await stores.turns.find_reply(user.id, opening.turn.id)
    assert reply
    assert reply.content.startswith("from ")
    assert reply.content.endswith(" to ü")
    assert (await stores.wallets.get(user.id)).balance == 97


async def test_a_close_moves_the_session_to_now(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    closing = await stores.close(await stores.open(user, session))
    stored = await stores.sessions.get(user.id, session.id)
    assert stored == evolve(session, updated_at=closing.now)


async def test_a_close_on_a_changed_wallet_writes_nothing(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session)
    stale = await stores.wallets.get(user.id)
    assert await stores.wallets.save(granted(stale, 5))
    assert not await stores.turns.close(make_closing(opening, stale, work_until=NOW))
    assert await stores.turns.get(user.id, opening.turn.id) == opening.turn
    assert await stores.turns.find_reply(user.id, opening.turn.id) is None
    assert (await stores.wallets.get(user.id)).held == 10
    assert await stores.sessions.get(user.id, session.id) == session
    assert await stores.work.claim(now=NOW, until=at(99), limit=9) == []
    await stores.close(opening)


async def test_a_turn_is_closed_once(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
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
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session)
    wallet = await stores.wallets.get(user.id)
    closing = make_closing(opening, wallet, charge=0, text=None, status=TurnStatus.FAILED)
    failed = evolve(closing, turn=evolve(closing.turn, error_code="unavailable"))
    assert await stores.turns.close(failed)
    with pytest.raises(AlreadyRecorded):
        await stores.turns.close(make_closing(opening, None))
    assert await stores.turns.get(user.id, opening.turn.id) == failed.turn


async def test_of_twenty_closes_of_one_turn_one_charges(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
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
    user, session = await stores.sign_up_to_talk()
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
    user, session = await stores.sign_up_to_talk()
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
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session)
    await stores.sessions.delete(user.id, session.id)
    closing = await stores.close(opening, charge=3, work_until=NOW)
    assert closing.reply
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.held) == (97, 0)
    with pytest.raises(NotFound):
        await stores.sessions.get(user.id, session.id)
    with pytest.raises(NotFound):
        await stores.sessions.get_message(user.id, closing.reply.id)
    assert await stores.work.claim(now=NOW, until=at(99), limit=9) == []
    with pytest.raises(NotFound):
        await stores.turns.get(user.id, opening.turn.id)


async def test_a_turn_without_session_and_hold_has_nothing_left_to_write(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session)
    await stores.sessions.delete(user.id, session.id)
    await stores.close(opening)
    wallet = await stores.wallets.get(user.id)
    assert await stores.turns.close(make_closing(opening, None))
    assert await stores.wallets.get(user.id) == wallet


async def test_a_new_reply_takes_the_place_of_the_earlier_ones(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    said, first = await stores.say(user, session, position=2, text="first")
    after = await stores.say(user, session, position=4)
    second = await stores.close(await stores.open(user, session, answers=said), text="second")
    third = await stores.close(await stores.open(user, session, answers=said), text="third")
    assert await stores.conversation(user, session) == [said, third.reply, *after]
    for kept in (first, second.reply):
        assert kept
        assert await stores.sessions.get_message(user.id, kept.id) == kept


async def test_a_failed_attempt_leaves_the_earlier_reply(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    said, first = await stores.say(user, session)
    again = await stores.open(user, session, answers=said)
    await stores.close(again, charge=0, text=None, status=TurnStatus.FAILED)
    assert await stores.conversation(user, session) == [said, first]


async def test_a_reply_replaces_only_in_its_own_session(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    other = await stores.begin_session(user)
    await stores.say(user, other)
    before = await stores.conversation(user, other)
    await stores.say(user, session)
    assert await stores.conversation(user, other) == before


async def test_what_may_be_learnt_is_put_down_with_the_reply(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    await stores.say(user, session)
    assert await stores.work.claim(now=at(99), until=at(199), limit=9) == []
    said, reply = await stores.say(user, session, position=4, work_until=at(60))
    assert await stores.work.claim(now=at(59), until=at(199), limit=9) == []
    [exchange] = await stores.work.claim(now=at(60), until=at(199), limit=9)
    assert (exchange.user_message_id, exchange.reply_message_id) == (said.id, reply.id)


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
    assert len(await stores.conversation(user, session)) == 18
