"""What every store of sessions promises about summaries."""

import pytest

from domain.accounts import User
from domain.chat import Message, Session
from domain.errors import NotFound
from tests.contracts.stores import Stores


async def _talk(stores: Stores, turns: int = 3) -> tuple[User, Session, list[Message]]:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    for number in range(turns):
        await stores.say(user, session, position=2 * number + 2)
    return user, session, await stores.conversation(user, session)


async def _save(
    stores: Stores,
    user: User,
    session: Session,
    messages: list[Message],
    *,
    text: str = "They met.",
    expected_until: int = 0,
) -> bool:
    return await stores.sessions.save_summary(
        user.id,
        session.id,
        text,
        until=messages[-1].position,
        expected_until=expected_until,
        message_ids=[message.id for message in messages],
    )


async def test_at_first_nothing_is_summarised(stores: Stores) -> None:
    user, session, messages = await _talk(stores)
    found = await stores.sessions.find_unsummarized(user.id, session.id, limit=100)
    assert (found.summary, found.until, list(found.messages)) == ("", 0, messages)


async def test_an_empty_session_has_nothing_to_summarise(stores: Stores) -> None:
    user = await stores.sign_up()
    session = await stores.begin_session(user)
    found = await stores.sessions.find_unsummarized(user.id, session.id, limit=100)
    assert list(found.messages) == []


async def test_behind_a_summary_only_what_came_later_is_found(stores: Stores) -> None:
    user, session, messages = await _talk(stores)
    assert await _save(stores, user, session, messages[:4], text="Ünd 🙂\nso on")
    found = await stores.sessions.find_unsummarized(user.id, session.id, limit=100)
    assert (found.summary, found.until) == ("Ünd 🙂\nso on", messages[3].position)
    assert list(found.messages) == messages[4:]
    stored = await stores.sessions.get(user.id, session.id)
    assert (stored.summary, stored.summarized_until) == ("Ünd 🙂\nso on", messages[3].position)


async def test_the_oldest_come_first_when_there_are_too_many(stores: Stores) -> None:
    user, session, messages = await _talk(stores)
    found = await stores.sessions.find_unsummarized(user.id, session.id, limit=2)
    assert list(found.messages) == messages[:2]


async def test_only_the_active_reply_is_summarised(stores: Stores) -> None:
    user, session, [said, _] = await _talk(stores, turns=1)
    await stores.close(await stores.open(user, session, answers=said), text="better")
    found = await stores.sessions.find_unsummarized(user.id, session.id, limit=9)
    assert [message.content for message in found.messages] == [said.content, "better"]


async def test_of_two_summaries_made_at_once_the_first_is_kept(stores: Stores) -> None:
    user, session, messages = await _talk(stores)
    assert await _save(stores, user, session, messages[:2], text="first")
    assert not await _save(stores, user, session, messages[:4], text="second")
    assert (await stores.sessions.get(user.id, session.id)).summary == "first"
    later = messages[2:4]
    until = messages[1].position
    assert await _save(stores, user, session, later, text="third", expected_until=until)


async def test_a_summary_of_a_message_that_is_gone_is_not_written(stores: Stores) -> None:
    user, session, messages = await _talk(stores)
    await stores.sessions.delete_message(user.id, messages[2].id)
    assert not await _save(stores, user, session, messages[:4])
    assert (await stores.sessions.get(user.id, session.id)).summary == ""


async def test_a_deleted_message_takes_the_summary_along_that_tells_of_it(stores: Stores) -> None:
    user, session, messages = await _talk(stores)
    assert await _save(stores, user, session, messages[:4])
    await stores.sessions.delete_message(user.id, messages[5].id)
    assert (await stores.sessions.get(user.id, session.id)).summary == "They met."
    await stores.sessions.delete_message(user.id, messages[2].id)
    found = await stores.sessions.find_unsummarized(user.id, session.id, limit=9)
    assert (found.summary, found.until) == ("", 0)
    assert list(found.messages) == [messages[0], messages[1], messages[4]]


async def test_text_that_no_database_holds_does_not_harm(stores: Stores) -> None:
    user, session, messages = await _talk(stores, turns=1)
    assert await _save(stores, user, session, messages, text="so\x00 it is")
    assert "it is" in (await stores.sessions.get(user.id, session.id)).summary


async def test_somebody_elses_session_is_neither_found_nor_summed_up(stores: Stores) -> None:
    _, session, messages = await _talk(stores)
    bob = await stores.sign_up("bob")
    with pytest.raises(NotFound):
        await stores.sessions.find_unsummarized(bob.id, session.id, limit=9)
    assert not await _save(stores, bob, session, messages)
