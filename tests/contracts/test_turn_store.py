"""What every store of turns promises of reading; see also the openings and the closings."""

import pytest
from attrs import evolve

from application.ports.turn_store import TurnQuery, TurnSnapshot
from domain.accounts import Tier, User
from domain.chat import Session
from domain.errors import NotFound
from tests.contracts.builders import (
    at,
    make_character,
    make_message,
    make_session,
)
from tests.contracts.stores import Stores


async def in_session(stores: Stores, user: User, session: Session) -> TurnSnapshot:
    return await stores.turns.load(TurnQuery(user.id, history=20, session_id=session.id))


async def test_nobody_has_no_turns(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.turns.load(TurnQuery("usr_nobody", history=20, character_id="luna"))


async def test_the_account_and_the_wallet_are_read_as_they_are_now(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    changed = evolve(user, tier=Tier.PLUS, suspended_at=at(1), suspended_reason="because")
    await stores.accounts.save(changed, tier=Tier.PLUS)
    snapshot = await in_session(stores, user, session)
    assert snapshot.user == changed
    assert snapshot.wallet == await stores.wallets.get(user.id)
    assert snapshot.wallet.entries == ()


async def test_a_session_is_read_with_its_character_and_its_history(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
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
    user, session = await stores.sign_up_to_talk()
    for position in (2, 4, 6):
        await stores.say(user, session, position=position)
    messages = await stores.conversation(user, session)
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
    user, _ = await stores.sign_up_to_talk()
    newer = await stores.characters.publish(make_character(persona="{{char}} is new."))
    snapshot = await stores.turns.load(TurnQuery(user.id, history=20, character_id="luna"))
    assert snapshot.character == newer
    assert snapshot.session is None
    assert (list(snapshot.history), snapshot.last_position) == ([], 0)


async def test_what_does_not_exist_is_none(stores: Stores) -> None:
    user, _ = await stores.sign_up_to_talk()
    for query in (
        TurnQuery(user.id, history=20, session_id="ses_none"),
        TurnQuery(user.id, history=20, character_id="nobody"),
        TurnQuery(user.id, history=20, message_id="msg_none"),
    ):
        snapshot = await stores.turns.load(query)
        assert (snapshot.session, snapshot.character, snapshot.user_message) == (None, None, None)
        assert (list(snapshot.history), snapshot.last_position) == ([], 0)


async def test_what_is_somebody_elses_is_none(stores: Stores) -> None:
    ann, session = await stores.sign_up_to_talk("ann")
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
    user, session = await stores.sign_up_to_talk()
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
    user, session = await stores.sign_up_to_talk()
    for position in (2, 4, 6):
        await stores.say(user, session, position=position)
    messages = await stores.conversation(user, session)
    query = TurnQuery(user.id, history=2, message_id=messages[-1].id)
    assert list((await stores.turns.load(query)).history) == messages[2:4]


async def test_an_earlier_reply_leads_to_the_message_too(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
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
    user, session = await stores.sign_up_to_talk()
    said, first = await stores.say(user, session)
    closing = await stores.close(await stores.open(user, session, answers=said), text="better")
    history = list((await in_session(stores, user, session)).history)
    assert history == [said, closing.reply]
    assert first not in history


async def test_an_unknown_turn_is_not_found(stores: Stores) -> None:
    user = await stores.sign_up()
    with pytest.raises(NotFound):
        await stores.turns.get(user.id, "turn_none")
    assert await stores.turns.find_reply(user.id, "turn_none") is None


async def test_somebody_elses_turn_is_not_found(stores: Stores) -> None:
    ann, session = await stores.sign_up_to_talk("ann")
    opening = await stores.open(ann, session)
    await stores.close(opening)
    bob = await stores.sign_up("bob")
    with pytest.raises(NotFound):
        await stores.turns.get(bob.id, opening.turn.id)
    assert await stores.turns.find_reply(bob.id, opening.turn.id) is None


async def test_each_turn_finds_its_own_reply_also_when_it_was_replaced(stores: Stores) -> None:
    user, session = await stores.sign_up_to_talk()
    first = await stores.open(user, session)
    first_closing = await stores.close(first, text="first")
    again = await stores.open(user, session, answers=first.messages[0])
    again_closing = await stores.close(again, text="again")
    assert await stores.turns.find_reply(user.id, first.turn.id) == first_closing.reply
    assert await stores.turns.find_reply(user.id, again.turn.id) == again_closing.reply
