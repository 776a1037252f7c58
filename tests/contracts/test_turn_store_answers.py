"""What every store of turns promises of answers by the product itself, notices and prompts."""

import asyncio
from typing import Any

import pytest
from attrs import evolve

from application.ports.turn_store import IdempotencyKey, TurnOpening, TurnQuery
from domain.accounts import User
from domain.chat import Message, MessageStatus, PromptPart, Receipt, Role, Session, TurnStatus
from domain.errors import AlreadyRecorded, NotFound
from domain.notices import Notice, NoticeKind
from domain.pricing import Usage
from tests.contracts.builders import at, make_closing, make_opening
from tests.contracts.stores import Stores

NOTICE = Notice(NoticeKind.CRISIS_REFERRAL, "Help is near: „116 123“.", "2026-11")
FREE = Receipt(0, 0, 0, 1, Usage(0, 0, 0, reported=False), {})


async def answering(stores: Stores, user: User, session: Session, **more: Any) -> TurnOpening:
    """A turn that is over as it begins."""
    wallet = await stores.wallets.get(user.id)
    opening = make_opening(wallet, session, **more)
    turn = evolve(
        opening.turn,
        status=TurnStatus.COMPLETED,
        held=0,
        finish_reason="stop",
        receipt=FREE,
        notices=(NOTICE,),
    )
    position = more.get("position", 2) + 1
    reply = Message(
        id=turn.message_id,
        session_id=session.id,
        position=position,
        role=Role.ASSISTANT,
        content=NOTICE.text,
        status=MessageStatus.COMPLETE,
        created_at=at(5),
        turn_id=turn.id,
        receipt=FREE,
    )
    return evolve(opening, turn=turn, wallet=wallet, reply=reply)


async def test_an_answer_is_stored_with_its_turn_and_no_hold(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await answering(stores, user, session)
    assert await stores.turns.open(opening)
    assert await stores.turns.get(user.id, opening.turn.id) == opening.turn
    assert await stores.turns.find_reply(user.id, opening.turn.id) == opening.reply
    assert await stores.conversation(user, session) == [*opening.messages, opening.reply]
    wallet = await stores.wallets.get(user.id)
    assert (wallet.held, wallet.available) == (0, 100)
    assert await stores.wallets.audit() == []


async def test_an_answered_turn_cannot_be_closed_again(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await answering(stores, user, session)
    assert await stores.turns.open(opening)
    with pytest.raises(AlreadyRecorded):
        await stores.turns.close(make_closing(opening, None))


async def test_an_answer_takes_the_place_of_an_earlier_reply(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    said, _ = await stores.say(user, session)
    opening = await answering(stores, user, session, answers=said)
    assert await stores.turns.open(opening)
    assert await stores.conversation(user, session) == [said, opening.reply]


async def test_the_same_key_answers_once(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    key = IdempotencyKey("key", "fingerprint")
    openings = [await answering(stores, user, session, key=key) for _ in range(2)]
    outcomes = await asyncio.gather(
        *(stores.turns.open(one) for one in openings), return_exceptions=True
    )
    assert sum(one is True for one in outcomes) == 1
    assert len(await stores.conversation(user, session)) == 2


async def test_an_answer_in_a_session_that_is_gone_is_not_stored(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await answering(stores, user, session)
    await stores.sessions.delete(user.id, session.id)
    with pytest.raises(NotFound):
        await stores.turns.open(opening)


async def test_a_closed_turn_keeps_its_notices_and_what_its_prompt_was_made_of(
    stores: Stores,
) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session)
    parts = (PromptPart("persona", 12), PromptPart("memories", 30, ("mem_1", "mem_2")))
    turn = evolve(opening.turn, notices=(NOTICE,), prompt=parts)
    closing = await stores.close(evolve(opening, turn=turn))
    stored = await stores.turns.get(user.id, turn.id)
    assert stored == closing.turn
    assert (stored.notices, stored.prompt) == ((NOTICE,), parts)


async def test_history_begins_behind_the_summary(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    first, first_reply = await stores.say(user, session, position=2)
    second, second_reply = await stores.say(user, session, position=4)
    await stores.sessions.save_summary(
        user.id,
        session.id,
        "They met.",
        until=first_reply.position,
        expected_until=0,
        message_ids=[first.id, first_reply.id],
    )
    found = await stores.turns.load(TurnQuery(user.id, history=20, session_id=session.id))
    assert found.session is not None
    assert (found.session.summary, found.session.summarized_until) == ("They met.", 3)
    assert list(found.history) == [second, second_reply]
    assert found.last_position == second_reply.position


async def test_another_reply_to_what_is_summed_up_reads_what_was_before_it(
    stores: Stores,
) -> None:
    user, session = await stores.sign_up_to_talk()
    said = [one for at_ in (2, 4, 6) for one in await stores.say(user, session, position=at_)]
    await stores.sessions.save_summary(
        user.id,
        session.id,
        "They met.",
        until=said[3].position,
        expected_until=0,
        message_ids=[one.id for one in said[:4]],
    )
    early = await stores.turns.load(TurnQuery(user.id, history=20, message_id=said[2].id))
    assert (early.user_message, list(early.history)) == (said[2], said[:2])
    late = await stores.turns.load(TurnQuery(user.id, history=20, message_id=said[5].id))
    assert (late.user_message, list(late.history)) == (said[4], [])


async def test_when_notices_were_given_is_kept_by_kind(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.accounts.note(user.id, {"ai_disclosure": at(1), "break_reminder": at(1)})
    await stores.accounts.note(user.id, {"ai_disclosure": at(2)})
    noted = (await stores.accounts.get(user.id)).noticed_at
    assert noted == {"ai_disclosure": at(2), "break_reminder": at(1)}
    await stores.accounts.save(evolve(user, display_name="Ann"))
    assert (await stores.accounts.get(user.id)).noticed_at == noted


async def test_nothing_is_noted_of_an_account_that_is_gone(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.accounts.erase(evolve(user, subject=None, erased_at=at(3)))
    await stores.accounts.note(user.id, {"ai_disclosure": at(2)})
    await stores.accounts.note("usr_nobody", {"ai_disclosure": at(2)})
