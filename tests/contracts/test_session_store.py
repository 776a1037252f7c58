"""What every store of sessions promises."""

import asyncio

import pytest
from attrs import evolve

from application.ports.session_store import MessageCount
from domain.errors import NotFound
from tests.contracts.builders import (
    NOW,
    at,
    make_character,
    make_closing,
    make_message,
    make_session,
)
from tests.contracts.stores import Stores


async def test_a_session_is_stored_with_all_its_fields(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.characters.publish(make_character())
    session = make_session(user, title="Ünd 🙂", updated_at=at(7))
    await stores.sessions.add(session, None)
    assert await stores.sessions.get(user.id, session.id) == session


async def test_a_session_may_begin_with_a_greeting(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.characters.publish(make_character())
    session = make_session(user)
    greeting = make_message(session, 1, content="Hi Ann!")
    await stores.sessions.add(session, greeting)
    listed = await stores.sessions.list_messages(user.id, session.id, limit=10, before=None)
    assert listed == [greeting]


async def test_a_session_that_is_there_is_not_begun_again(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.characters.publish(make_character())
    session = make_session(user)
    greeting = make_message(session, 1, content="Hi Ann!")
    assert await stores.sessions.add(session, greeting) == session
    renamed = await stores.sessions.rename(user.id, session.id, "Mine", at(9))
    later = evolve(session, title="Yours", created_at=at(70))
    again = make_message(later, 2, content="Hi again!")
    assert await stores.sessions.add(later, again) == renamed
    assert await stores.sessions.get(user.id, session.id) == renamed
    listed = await stores.sessions.list_messages(user.id, session.id, limit=10, before=None)
    assert listed == [greeting]


async def test_a_session_without_a_greeting_is_empty(stores: Stores) -> None:
    user = await stores.sign_up()
    session = await stores.begin_session(user)
    listed = await stores.sessions.list_messages(user.id, session.id, limit=10, before=None)
    assert listed == []


async def test_an_unknown_session_is_not_found(stores: Stores) -> None:
    user = await stores.sign_up()
    for attempt in (
        stores.sessions.get(user.id, "ses_none"),
        stores.sessions.rename(user.id, "ses_none", "title", NOW),
        stores.sessions.delete(user.id, "ses_none"),
        stores.sessions.list_messages(user.id, "ses_none", limit=10, before=None),
        stores.sessions.get_message(user.id, "msg_none"),
        stores.sessions.report(user.id, "msg_none", report_id="rep", reason="odd", now=NOW),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_somebody_elses_session_is_not_found(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    session = await stores.begin_session(ann)
    said, reply = await stores.say(ann, session)
    stored = await stores.sessions.get(ann.id, session.id)
    for attempt in (
        stores.sessions.get(bob.id, session.id),
        stores.sessions.rename(bob.id, session.id, "mine", NOW),
        stores.sessions.delete(bob.id, session.id),
        stores.sessions.list_messages(bob.id, session.id, limit=10, before=None),
        stores.sessions.get_message(bob.id, reply.id),
        stores.sessions.report(bob.id, reply.id, report_id="rep", reason="odd", now=NOW),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await stores.sessions.list(bob.id, limit=10, before=None) == []
    assert await stores.sessions.get(ann.id, session.id) == stored
    listed = await stores.sessions.list_messages(ann.id, session.id, limit=10, before=None)
    assert listed == [reply, said]


async def test_the_list_is_newest_first_and_has_pages_without_gap(stores: Stores) -> None:
    user = await stores.sign_up()
    sessions = [await stores.begin_session(user) for _ in range(5)]
    first = await stores.sessions.list(user.id, limit=2, before=None)
    assert first == [sessions[4], sessions[3]]
    rest = await stores.sessions.list(user.id, limit=10, before=first[-1].id)
    assert rest == [sessions[2], sessions[1], sessions[0]]


async def test_what_was_said_before_a_message_is_counted(stores: Stores) -> None:
    user, other = await stores.sign_up(credits=100), await stores.sign_up("other")
    session = make_session(user)
    await stores.sessions.add(session, make_message(session, 1, content="Hi Ann!"))
    said, reply = await stores.say(user, session)
    count = stores.sessions.count_messages
    assert await count(user.id, session.id, before=1) == MessageCount(0, 0)
    assert await count(user.id, session.id, before=said.position) == MessageCount(1, 1)
    assert await count(user.id, session.id, before=reply.position) == MessageCount(2, 1)
    assert await count(user.id, session.id, before=10**30) == MessageCount(3, 2)
    await stores.sessions.delete_message(user.id, reply.id)
    assert await count(user.id, session.id, before=10**30) == MessageCount(2, 1)
    assert await count(other.id, session.id, before=10**30) == MessageCount(0, 0)
    assert await count(user.id, "ses_none", before=10**30) == MessageCount(0, 0)


async def test_a_session_can_be_renamed(stores: Stores) -> None:
    user = await stores.sign_up()
    session, other = await stores.begin_session(user), await stores.begin_session(user)
    renamed = await stores.sessions.rename(user.id, session.id, "Another walk", at(9))
    assert renamed == evolve(session, title="Another walk", updated_at=renamed.updated_at)
    assert await stores.sessions.get(user.id, session.id) == renamed
    assert await stores.sessions.get(user.id, other.id) == other


async def test_a_deleted_session_is_gone_with_all_that_hangs_on_it(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    done = await stores.open(user, session)
    closing = await stores.close(done, work_until=NOW)
    running = await stores.open(user, session, position=4)
    assert closing.reply

    deleted = await stores.sessions.delete(user.id, session.id)

    assert sorted(deleted) == sorted([done.turn.id, running.turn.id])
    assert await stores.sessions.list(user.id, limit=10, before=None) == []
    for lookup in (
        stores.sessions.get(user.id, session.id),
        stores.sessions.list_messages(user.id, session.id, limit=10, before=None),
        stores.sessions.get_message(user.id, closing.reply.id),
        stores.turns.get(user.id, done.turn.id),
        stores.sessions.delete(user.id, session.id),
    ):
        with pytest.raises(NotFound):
            await lookup
    assert await stores.work.claim(now=NOW, until=at(99), limit=9) == []


async def test_deleting_a_session_leaves_the_others_alone(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session, other = await stores.begin_session(user), await stores.begin_session(user)
    await stores.say(user, session)
    said, reply = await stores.say(user, other)
    typed_in = await stores.remember(user)
    said_elsewhere = await stores.remember(user, session_id=other.id)
    await stores.sessions.delete(user.id, session.id)
    kept = await stores.sessions.list_messages(user.id, other.id, limit=10, before=None)
    assert kept == [reply, said]
    for memory in (typed_in, said_elsewhere):
        assert await stores.memories.get(user.id, memory.id) == memory


async def test_deleting_a_session_leaves_the_wallet_and_the_ledger(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    await stores.say(user, session)
    await stores.open(user, session, position=4)
    wallet = await stores.wallets.get(user.id)
    entries = await stores.wallets.list_entries(user.id, limit=10, before=None)
    await stores.sessions.delete(user.id, session.id)
    assert await stores.wallets.get(user.id) == wallet
    assert await stores.wallets.list_entries(user.id, limit=10, before=None) == entries


async def test_a_session_deleted_beside_turns_that_end_leaves_no_words(stores: Stores) -> None:
    user = await stores.sign_up(credits=1_000)
    session = await stores.begin_session(user)
    openings = [await stores.open(user, session, position=2 * n + 2) for n in range(8)]

    async def close(number: int) -> None:
        done = False
        while not done:
            closing = make_closing(
                openings[number],
                await stores.wallets.get(user.id),
                position=2 * number + 3,
                work_until=NOW,
            )
            done = await stores.turns.close(closing)

    async with asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(close(number))
        deletion = group.create_task(stores.sessions.delete(user.id, session.id))
    assert set(deletion.result()) == {opening.turn.id for opening in openings}
    for opening in openings:
        for message_id in (opening.messages[0].id, opening.turn.message_id):
            with pytest.raises(NotFound):
                await stores.sessions.get_message(user.id, message_id)
    assert await stores.work.claim(now=NOW, until=at(99), limit=9) == []
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.held) == (1_000 - 8 * 3, 0)
    assert await stores.wallets.audit() == []


async def test_messages_are_newest_first_and_have_pages_without_gap(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    for position in (2, 4, 6):
        await stores.say(user, session, position=position)

    async def positions(limit: int, before: int | None) -> list[int]:
        page = await stores.sessions.list_messages(user.id, session.id, limit=limit, before=before)
        return [message.position for message in page]

    assert await positions(4, None) == [7, 6, 5, 4]
    assert await positions(10, 4) == [3, 2]
    assert await positions(10, 2) == []


async def test_only_the_active_reply_is_listed_but_each_can_be_read(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    said, first = await stores.say(user, session)
    again = await stores.close(await stores.open(user, session, answers=said), text="better")
    listed = await stores.sessions.list_messages(user.id, session.id, limit=10, before=None)
    assert listed == [again.reply, said]
    assert await stores.sessions.get_message(user.id, first.id) == first
    assert await stores.sessions.get_message(user.id, said.id) == said


async def test_a_message_is_reported_once(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    _, reply = await stores.say(user, await stores.begin_session(user))
    for report_id in ("rep_1", "rep_2"):
        kept = await stores.sessions.report(
            user.id, reply.id, report_id=report_id, reason=f"because {report_id}", now=NOW
        )
        assert kept == "rep_1"
    [report] = (await stores.accounts.export(user.id))["reports"]
    assert report["reason"] == "because rep_1"


async def test_two_messages_have_two_reports(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    for number, position in enumerate((2, 4)):
        _, reply = await stores.say(user, session, position=position)
        report_id = f"rep_{number}"
        assert report_id == await stores.sessions.report(
            user.id, reply.id, report_id=report_id, reason="odd", now=NOW
        )


async def test_of_twenty_reports_at_once_one_is_kept(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    _, reply = await stores.say(user, await stores.begin_session(user))
    kept = await asyncio.gather(
        *(
            stores.sessions.report(
                user.id, reply.id, report_id=f"rep_{number}", reason="odd", now=NOW
            )
            for number in range(20)
        )
    )
    assert len(set(kept)) == 1
    assert len((await stores.accounts.export(user.id))["reports"]) == 1


async def test_conversations_that_rest_are_found_over_all_people_in_order(stores: Stores) -> None:
    idle: list[tuple[str, str]] = []
    for name in ("ann", "ben", "cleo"):
        user = await stores.sign_up(name, credits=100)
        for seconds in (-5, -1, 0, 3):
            session = make_session(user, updated_at=at(seconds))
            await stores.sessions.add(session, None)
            if seconds < 0:
                idle.append((user.id, session.id))
    found: list[tuple[str, str]] = []
    after = None
    while batch := await stores.sessions.find_idle(NOW, limit=4, after=after):
        assert len(batch) <= 4
        found += batch
        after = batch[-1]
    assert found == sorted(idle)


async def test_a_conversation_in_which_a_reply_is_written_does_not_rest(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    assert await stores.sessions.find_idle(at(1), limit=4, after=None) == [(user.id, session.id)]
    opening = await stores.open(user, session)
    assert await stores.sessions.find_idle(at(1), limit=4, after=None) == []
    await stores.close(opening)
    assert await stores.sessions.find_idle(at(5), limit=4, after=None) == []
    assert await stores.sessions.find_idle(at(6), limit=4, after=None) == [(user.id, session.id)]
