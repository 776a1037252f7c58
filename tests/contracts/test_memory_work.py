"""What every store of the work of remembering promises."""

import asyncio
from collections.abc import Sequence

from attrs import evolve

from domain.accounts import User
from domain.chat import Message, TurnStatus
from domain.memory.facts import Exchange
from domain.memory.revisions import Addition, Revision
from tests.contracts.builders import (
    NOW,
    at,
    make_character,
    make_closing,
    make_memory,
    make_message,
    make_session,
)
from tests.contracts.stores import Stores


async def claim(stores: Stores, *, now: float = 6, until: float = 60) -> list[Exchange]:
    return list(await stores.work.claim(now=at(now), until=at(until), limit=9))


async def tell(stores: Stores, user: User, *, position: int = 2) -> tuple[Message, Message]:
    """Something said in a session of its own, from which there may be something to learn."""
    session = await stores.begin_session(user)
    return await stores.say(user, session, position=position, work_until=at(6))


def turns(exchanges: Sequence[Exchange]) -> list[str]:
    return [one.turn_id for one in exchanges]


async def test_an_exchange_has_all_that_is_needed_to_understand_it(stores: Stores) -> None:
    user = await stores.sign_up(credits=100, display_name="Änn")
    await stores.characters.publish(make_character(name="Old Luna"))
    first = make_session(user)
    await stores.sessions.add(first, make_message(first, 1, content="Hi Änn!"))
    await stores.characters.publish(make_character())
    for position in (2, 4, 6):
        await stores.say(user, first, position=position, text=f"reply {position}")
    said, reply = await stores.say(user, first, position=8, text="a last reply", work_until=at(6))
    await stores.say(user, first, position=10)
    assert await claim(stores) == [
        Exchange(
            user_id=user.id,
            turn_id=reply.turn_id or "",
            session_id=first.id,
            character_id="luna",
            character_name="Old Luna",
            user_name="Änn",
            user_message_id=said.id,
            user_text="hello 8",
            reply_message_id=reply.id,
            reply_text="a last reply",
            said_at=said.created_at,
            earlier=(
                ("user", "hello 2"),
                ("assistant", "reply 2"),
                ("user", "hello 4"),
                ("assistant", "reply 4"),
                ("user", "hello 6"),
                ("assistant", "reply 6"),
            ),
        )
    ]


async def test_somebody_without_a_name_is_called_the_user(stores: Stores) -> None:
    await tell(stores, await stores.sign_up())
    [exchange] = await claim(stores)
    assert exchange.user_name == "the user"
    assert exchange.earlier == ()


async def test_the_oldest_work_comes_first_and_only_so_much(stores: Stores) -> None:
    ids = []
    for name, second in (("ann", 30), ("bob", 10), ("cid", 20)):
        user = await stores.sign_up(name, credits=100)
        opening = await stores.open(user, await stores.begin_session(user))
        closing = make_closing(opening, await stores.wallets.get(user.id), work_until=at(6))
        assert await stores.turns.close(evolve(closing, now=at(second)))
        ids.append(opening.turn.id)
    found = [await stores.work.claim(now=at(60), until=at(90), limit=2) for _ in range(3)]
    assert [turns(one) for one in found] == [[ids[1], ids[2]], [ids[0]], []]


async def test_claimed_work_comes_again_when_the_claim_is_over(stores: Stores) -> None:
    await tell(stores, await stores.sign_up())
    first = await claim(stores, until=60)
    assert await claim(stores, now=59) == []
    assert await claim(stores, now=60, until=120) == first


async def test_work_that_is_claimed_by_many_is_given_to_one(stores: Stores) -> None:
    user = await stores.sign_up()
    for _ in range(8):
        await tell(stores, user)
    claims = (stores.work.claim(now=at(6), until=at(60), limit=3) for _ in range(6))
    found = [one for claimed in await asyncio.gather(*claims) for one in claimed]
    found += await claim(stores)
    assert len(found) == len(set(turns(found))) == 8


async def test_work_that_is_done_is_struck_off(stores: Stores) -> None:
    user, other = await stores.sign_up(), await stores.sign_up("bob")
    await tell(stores, user)
    [exchange] = await claim(stores)
    await stores.work.finish(other.id, exchange.turn_id)
    assert await claim(stores, now=60) == [exchange]
    await stores.work.finish(user.id, exchange.turn_id)
    await stores.work.finish(user.id, exchange.turn_id)
    assert await claim(stores, now=120) == []


async def test_what_fails_rests_and_is_given_up_the_fifth_time(stores: Stores) -> None:
    user, other = await stores.sign_up(), await stores.sign_up("bob")
    await tell(stores, user)
    await tell(stores, other)
    [exchange] = [one for one in await claim(stores, until=7) if one.user_id == user.id]
    await stores.work.postpone(other.id, exchange.turn_id, until=at(9_999))
    for attempt in range(1, 5):
        await stores.work.postpone(user.id, exchange.turn_id, until=at(100 * attempt))
        early = await claim(stores, now=100 * attempt - 1, until=100 * attempt)
        assert exchange.turn_id not in turns(early)
        found = await claim(stores, now=100 * attempt, until=100 * attempt)
        assert evolve(exchange, attempts=attempt) in found
    await stores.work.postpone(user.id, exchange.turn_id, until=at(900))
    await stores.work.postpone(user.id, exchange.turn_id, until=at(900))
    left = await claim(stores, now=9_999)
    assert [one.user_id for one in left] == [other.id]
    assert left[0].attempts == 0


async def test_the_reply_that_counts_is_the_last_one(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    said, first = await stores.say(user, session, work_until=at(6))
    again = await stores.open(user, session, answers=said)
    closing = await stores.close(again, text="another reply")
    assert closing.reply
    [exchange] = await claim(stores)
    assert exchange.turn_id == first.turn_id
    assert (exchange.reply_message_id, exchange.reply_text) == (closing.reply.id, "another reply")


async def test_a_message_that_got_no_reply_is_there_alone(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    opening = await stores.open(user, session)
    await stores.close(opening, text=None, status=TurnStatus.STOPPED, work_until=NOW)
    [exchange] = await claim(stores)
    assert exchange.user_text == "hello 2"
    assert (exchange.reply_message_id, exchange.reply_text) == ("", "")


async def test_work_goes_with_its_session_and_its_account(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    said, _ = await tell(stores, ann)
    kept, _ = await tell(stores, ann)
    await tell(stores, bob)
    await stores.sessions.delete(ann.id, said.session_id)
    await stores.accounts.erase(evolve(bob, subject=None, erased_at=at(60)))
    assert [one.session_id for one in await claim(stores)] == [kept.session_id]


async def learnt(stores: Stores, user: User, exchange: Exchange, text: str) -> str:
    """A memory from this exchange, which leaves its work for a second look; its id."""
    memory = make_memory(text=text, source_message_ids=(exchange.user_message_id,))
    revision = Revision(additions=(Addition(memory, None),))
    assert await stores.memories.revise(user.id, revision, turn_id=exchange.turn_id, is_final=False)
    return memory.id


async def test_what_is_deleted_is_not_learnt_again(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    await tell(stores, user)
    await tell(stores, user)
    first, second = await claim(stores)
    memory_id = await learnt(stores, user, first, "I like tea")
    await stores.memories.delete(user.id, memory_id)
    assert turns(await claim(stores, now=100, until=200)) == [second.turn_id]


async def test_what_is_put_right_is_not_learnt_again(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    await tell(stores, user)
    await tell(stores, user)
    first, second = await claim(stores)
    memory_id = await learnt(stores, user, first, "I like tea")
    await stores.memories.correct(user.id, memory_id, "I like coffee", None)
    assert turns(await claim(stores, now=100, until=200)) == [second.turn_id]


async def test_what_somebody_asked_to_forget_is_not_learnt_from_what_was_said_before(
    stores: Stores,
) -> None:
    user = await stores.sign_up(credits=100)
    for _ in range(3):
        await tell(stores, user)
    first, second, third = await claim(stores)
    memory_id = await learnt(stores, user, first, "I like tea")
    forgetting = Revision(forgotten=(memory_id,))
    assert await stores.memories.revise(user.id, forgetting, turn_id=third.turn_id, is_final=False)
    assert second.turn_id != third.turn_id
    assert turns(await claim(stores, now=100, until=200)) == [third.turn_id]
