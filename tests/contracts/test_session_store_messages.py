"""What every store of sessions promises about taking back what was said."""

import asyncio

import pytest
from attrs import evolve

from application.ports.turn_store import IdempotencyKey
from domain.chat import Message
from domain.errors import NotFound
from domain.memory.revisions import Addition, Confirmation, Revision
from tests.contracts.builders import NOW, at, make_closing, make_memory, make_message, make_session
from tests.contracts.stores import Stores


async def is_gone(stores: Stores, user_id: str, message: Message) -> bool:
    try:
        await stores.sessions.get_message(user_id, message.id)
    except NotFound:
        return True
    return False


async def test_a_message_goes_with_all_its_replies(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    before = await stores.say(user, session, position=2)
    said, first = await stores.say(user, session, position=4, work_until=at(6))
    again = await stores.open(user, session, answers=said)
    second = (await stores.close(again, position=5)).reply
    after = await stores.say(user, session, position=6)
    await stores.sessions.report(user.id, first.id, report_id="rep_1", reason="odd", now=NOW)
    assert second
    turns = await stores.sessions.delete_message(user.id, said.id)
    assert list(turns) == sorted([first.turn_id or "", again.turn.id])
    assert await stores.conversation(user, session) == [*before, *after]
    for message in (said, first, second):
        assert await is_gone(stores, user.id, message)
    for turn_id in turns:
        with pytest.raises(NotFound):
            await stores.turns.get(user.id, turn_id)
    assert (await stores.accounts.export(user.id))["reports"] == []
    assert await stores.work.claim(now=at(99), until=at(199), limit=9) == []
    with pytest.raises(NotFound):
        await stores.sessions.delete_message(user.id, said.id)


async def test_a_reply_goes_alone(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    said, reply = await stores.say(user, session)
    other = await stores.say(user, session, position=4)
    assert list(await stores.sessions.delete_message(user.id, reply.id)) == [reply.turn_id]
    assert await stores.conversation(user, session) == [said, *other]
    assert await stores.turns.find_reply(user.id, reply.turn_id or "") is None
    answered = await stores.open(user, session, answers=said)
    new = (await stores.close(answered, position=3)).reply
    assert await stores.conversation(user, session) == [said, new, *other]


async def test_a_greeting_can_be_deleted(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = make_session(user, character_version=1)
    await stores.begin_session(user)
    greeting = make_message(session, 1)
    await stores.sessions.add(session, greeting)
    kept = await stores.say(user, session)
    assert list(await stores.sessions.delete_message(user.id, greeting.id)) == []
    assert await stores.conversation(user, session) == list(kept)


async def test_an_unknown_message_or_somebody_elses_is_not_deleted(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann", credits=100), await stores.sign_up("bob")
    session = await stores.begin_session(ann)
    said, reply = await stores.say(ann, session)
    for user, message_id in ((bob, said.id), (bob, reply.id), (ann, "msg_none")):
        with pytest.raises(NotFound):
            await stores.sessions.delete_message(user.id, message_id)
    assert await stores.conversation(ann, session) == [said, reply]


async def test_a_key_that_began_a_deleted_turn_is_free_again(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    key = IdempotencyKey("key", "fingerprint")
    opening = await stores.open(user, session, key=key)
    await stores.close(opening)
    await stores.sessions.delete_message(user.id, opening.messages[-1].id)
    await stores.open(user, session, position=4, key=key)


async def test_what_was_learnt_only_from_a_message_is_forgotten(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    said, reply = await stores.say(user, session, work_until=at(6))
    other, last = await stores.say(user, session, position=4, work_until=at(6))
    only, both, of_reply = (
        make_memory(text=text, kind="other", session_id=session.id, source_message_ids=ids)
        for text, ids in (
            ("only there", (said.id,)),
            ("also later", (said.id,)),
            ("promised", (reply.id,)),
        )
    )
    learnt = Revision(additions=tuple(Addition(one, None) for one in (only, both, of_reply)))
    assert await stores.memories.revise(user.id, learnt, turn_id=reply.turn_id or "")
    again = Revision(confirmations=(Confirmation(both.id, (other.id,), at(50), 3),))
    assert await stores.memories.revise(user.id, again, turn_id=last.turn_id or "")
    await stores.sessions.delete_message(user.id, reply.id)
    assert {one.id for one in await stores.remembered(user)} == {only.id, both.id}
    await stores.sessions.delete_message(user.id, said.id)
    left = evolve(both, source_message_ids=(other.id,), told_at=other.created_at)
    assert await stores.remembered(user) == [left]
    await stores.sessions.delete_message(user.id, other.id)
    assert await stores.remembered(user) == []


async def test_a_turn_whose_message_was_deleted_moves_only_money(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    opening = await stores.open(user, session)
    deleted = await stores.sessions.delete_message(user.id, opening.messages[-1].id)
    assert list(deleted) == [opening.turn.id]
    await stores.close(opening, work_until=at(6))
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.held) == (97, 0)
    assert await stores.conversation(user, session) == []
    assert await stores.work.claim(now=at(99), until=at(199), limit=9) == []


async def test_a_message_deleted_beside_its_turn_that_ends_leaves_no_words(stores: Stores) -> None:
    user = await stores.sign_up(credits=1_000)
    session = await stores.begin_session(user)
    for position in range(2, 18, 2):
        opening = await stores.open(user, session, position=position)
        closing = make_closing(
            opening, await stores.wallets.get(user.id), position=position + 1, work_until=at(6)
        )
        closed, deleted = await asyncio.gather(
            stores.turns.close(closing),
            stores.sessions.delete_message(user.id, opening.messages[-1].id),
        )
        assert closed
        assert list(deleted) == [opening.turn.id]
    assert await stores.conversation(user, session) == []
    assert await stores.work.claim(now=at(99), until=at(199), limit=9) == []
    assert (await stores.wallets.get(user.id)).held == 0
    assert await stores.wallets.audit() == []


async def test_a_message_deleted_beside_learning_from_it_leaves_nothing(stores: Stores) -> None:
    user = await stores.sign_up(credits=1_000)
    session = await stores.begin_session(user)
    for position in range(2, 14, 2):
        said, reply = await stores.say(user, session, position=position, work_until=at(6))
        memory = make_memory(
            kind="other", session_id=session.id, source_message_ids=(said.id, reply.id)
        )
        revision = Revision(additions=(Addition(memory, None),))
        await asyncio.gather(
            stores.memories.revise(user.id, revision, turn_id=reply.turn_id or ""),
            stores.sessions.delete_message(user.id, said.id),
        )
        assert await stores.remembered(user) == []


async def test_a_summary_goes_with_a_message_that_it_tells_of(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    said, reply = await stores.say(user, session)
    later, last = await stores.say(user, session, position=4)
    ids = [said.id, reply.id]
    saved = await stores.sessions.save_summary(
        user.id, session.id, "They met.", until=3, expected_until=0, message_ids=ids
    )
    assert saved
    await stores.sessions.delete_message(user.id, later.id)
    assert (await stores.sessions.get(user.id, session.id)).summary == "They met."
    await stores.sessions.delete_message(user.id, reply.id)
    left = await stores.sessions.get(user.id, session.id)
    assert (left.summary, left.summarized_until) == ("", 0)
    found = await stores.sessions.find_unsummarized(user.id, session.id, limit=9)
    assert list(found.messages) == [said]
    assert last.id not in {message.id for message in found.messages}
