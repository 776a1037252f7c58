"""What every index of memories promises about learning: what is near, and what changes."""

import asyncio
from typing import Any

import pytest
from attrs import evolve, frozen

from domain.accounts import User
from domain.chat import Message, Session
from domain.errors import NotFound
from domain.memory.memories import Memory
from domain.memory.revisions import Addition, Confirmation, Ending, Near, Revision
from tests.contracts.builders import at, make_embedding, make_memory
from tests.contracts.stores import Stores


@frozen
class Talk:
    """A turn from which nothing has been learnt yet."""

    stores: Stores
    user: User
    session: Session
    said: Message
    reply: Message

    @property
    def turn_id(self) -> str:
        assert self.reply.turn_id
        return self.reply.turn_id

    async def learn(self, *, is_final: bool = True, **changes: Any) -> bool:
        revision = evolve(Revision(), **changes)
        return await self.stores.memories.revise(
            self.user.id, revision, turn_id=self.turn_id, is_final=is_final
        )

    async def is_open(self) -> bool:
        left = await self.stores.work.claim(now=at(1e6), until=at(1e6), limit=99)
        return self.turn_id in {one.turn_id for one in left}

    def memory(self, text: str = "Lives in Rome", **changes: Any) -> Memory:
        facts: dict[str, Any] = {
            "text": text,
            "kind": "place",
            "session_id": self.session.id,
            "source_message_ids": (self.said.id,),
            "told_at": self.said.created_at,
            "created_at": at(9),
            **changes,
        }
        return make_memory(**facts)


async def talk(
    stores: Stores, user: User, *, session: Session | None = None, position: int = 2
) -> Talk:
    session = session or await stores.begin_session(user)
    said, reply = await stores.say(user, session, position=position, work_until=at(6))
    return Talk(stores, user, session, said, reply)


# -------------------------------------------------------------------------------------------- near


async def test_what_is_near_each_fact_is_found_closest_first(stores: Stores) -> None:
    user = await stores.sign_up()
    one = await stores.remember(user, make_embedding(1, 0.1))
    other = await stores.remember(user, make_embedding(0.1, 1))
    bare = await stores.remember(user)
    await stores.remember(user, make_embedding(1), ended_at=at(1))
    await stores.remember(user, make_embedding(1), character_id="sol")
    await stores.remember(await stores.sign_up("bob"), make_embedding(1))
    await stores.remember(user, make_embedding(0))
    await stores.remember(user, make_embedding(1, model="old"))
    facts = [(None, make_embedding(1)), (None, make_embedding(0, 1)), (None, None)]
    first, second, third = await stores.memories.find_near(user.id, "luna", facts, limit=9)
    assert [near.memory for near in first] == [one, other]
    assert [near.memory for near in second] == [other, one]
    assert [near.similarity for near in first] == pytest.approx([0.995, 0.0995], abs=0.001)
    assert third == []
    assert bare not in {near.memory for near in first}


async def test_what_is_of_the_topic_comes_first_also_without_a_vector(stores: Stores) -> None:
    user = await stores.sign_up()
    home = await stores.remember(user, topic="home")
    far_home = await stores.remember(user, make_embedding(0, 1), topic="home")
    close = await stores.remember(user, make_embedding(1), topic="job")
    closer = await stores.remember(user, make_embedding(1, 0.1))
    await stores.remember(user, make_embedding(1, 2))
    await stores.remember(user, topic="home", ended_at=at(1))
    found = await stores.memories.find_near(
        user.id, "luna", [("home", make_embedding(1)), ("home", None), ("pet", None)], limit=2
    )
    assert [near.memory for near in found[0]] == [far_home, home, close, closer]
    assert found[0][0].similarity == pytest.approx(0)
    assert found[0][1] == Near(home, None)
    assert [near.memory for near in found[1]] == [home, far_home]
    assert found[2] == []


async def test_no_fact_is_near_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    assert await stores.memories.find_near(user.id, "luna", [], limit=2) == []


# ------------------------------------------------------------------------------------------ revise


async def test_what_was_learnt_is_written_once(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    memory = one.memory(
        topic="home", true_at=at(-5), source_message_ids=(one.said.id, one.reply.id)
    )
    memory = evolve(memory, source_message_ids=tuple(sorted(memory.source_message_ids)))
    bare = one.memory("Has a dog")
    additions = (Addition(memory, make_embedding(1)), Addition(bare, None))
    assert await one.learn(additions=additions)
    assert await stores.remembered(one.user) == [bare, memory]
    assert await stores.recall(one.user, make_embedding(1)) == [memory]
    assert await stores.memories.find_unembedded("words", limit=9) == [(one.user.id, bare)]
    assert not await one.is_open()
    again = (Addition(one.memory("Again"), None),)
    assert not await one.learn(additions=again, forgotten=(memory.id,))
    assert await stores.remembered(one.user) == [bare, memory]


async def test_a_first_pass_leaves_the_work_for_a_second(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    first, second = one.memory("First"), one.memory("Second")
    assert await one.learn(additions=(Addition(first, None),), is_final=False)
    assert await one.is_open()
    assert await one.learn(additions=(Addition(second, None),))
    assert not await one.is_open()
    assert not await one.learn(additions=(Addition(one.memory(), None),), is_final=False)
    assert await stores.remembered(one.user) == [second, first]


async def test_nothing_new_is_a_revision_too(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    assert await one.learn()
    assert not await one.is_open()


async def test_of_two_that_learn_the_same_one_writes(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    outcomes = await asyncio.gather(
        *(one.learn(additions=(Addition(one.memory(f"by {n}"), None),)) for n in range(4))
    )
    assert sorted(outcomes) == [False, False, False, True]
    assert len(await stores.remembered(one.user)) == 1


async def test_nothing_is_learnt_from_another_persons_turn(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    other = await talk(stores, await stores.sign_up("bob"))
    addition = Addition(one.memory(source_message_ids=(other.said.id,)), None)
    revision = Revision(additions=(addition,))
    assert not await stores.memories.revise(one.user.id, revision, turn_id=other.turn_id)
    # And their words are no source of one's own memories.
    assert await one.learn(additions=(addition,))
    assert await stores.remembered(one.user) == []
    assert await other.is_open()


async def test_what_is_told_again_gets_the_sources_and_the_time(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    memory = one.memory(importance=2)
    await one.learn(additions=(Addition(memory, None),))
    other = await talk(stores, one.user)
    again = Confirmation(memory.id, (other.said.id,), at(50), 4)
    assert await other.learn(confirmations=(again,))
    confirmed = evolve(
        memory,
        source_message_ids=tuple(sorted([one.said.id, other.said.id])),
        told_at=at(50),
        importance=4,
    )
    assert await stores.remembered(one.user) == [confirmed]
    third = await talk(stores, one.user, session=one.session, position=8)
    earlier = Confirmation(memory.id, (), at(20), 1)
    assert await third.learn(confirmations=(earlier,))
    assert await stores.remembered(one.user) == [confirmed]


async def test_what_was_told_again_elsewhere_stands_in_that_prompt(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    memory = one.memory(importance=5)
    await one.learn(additions=(Addition(memory, None),))
    assert await stores.recall(one.user, except_session=one.session.id) == []
    other = await talk(stores, one.user)
    await other.learn(confirmations=(Confirmation(memory.id, (other.said.id,), at(50), 4),))
    assert len(await stores.recall(one.user, except_session=one.session.id)) == 1
    assert await stores.recall(one.user, except_session=other.session.id) == []


async def test_what_is_over_becomes_history(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    paris, tom = one.memory("Lives in Paris"), one.memory("Loves Tom")
    await one.learn(additions=(Addition(paris, None), Addition(tom, None)))
    other = await talk(stores, one.user, session=one.session, position=4)
    rome = other.memory("Lives in Rome")
    assert await other.learn(
        additions=(Addition(rome, None),),
        endings=(Ending(paris.id, at(50), rome.id), Ending(tom.id, at(51))),
    )
    assert await stores.remembered(one.user) == [rome]
    past = [
        rome,
        evolve(tom, ended_at=at(51)),
        evolve(paris, ended_at=at(50), superseded_by=rome.id),
    ]
    assert await stores.remembered(one.user, with_history=True) == past
    # What is history already stays as it is.
    third = await talk(stores, one.user, session=one.session, position=6)
    await third.learn(
        endings=(Ending(paris.id, at(90)),), confirmations=(Confirmation(tom.id, (), at(90), 5),)
    )
    assert await stores.remembered(one.user, with_history=True) == past


async def test_what_the_person_wants_forgotten_is_deleted_with_its_history(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    note = await stores.remember(one.user)
    await stores.remember(one.user, ended_at=at(1), superseded_by=note.id)
    kept = await stores.remember(one.user)
    bob = await stores.sign_up("bob")
    theirs = await stores.remember(bob)
    assert await one.learn(forgotten=(note.id, "mem_none", theirs.id))
    assert await stores.remembered(one.user, with_history=True) == [kept]
    assert await stores.remembered(bob) == [theirs]


async def test_what_is_gone_is_neither_confirmed_nor_ended(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    gone = await stores.remember(one.user)
    await stores.memories.delete(one.user.id, gone.id)
    kept = await stores.remember(one.user)
    assert await one.learn(
        confirmations=(Confirmation(gone.id, (one.said.id,), at(50), 4),),
        endings=(Ending(gone.id, at(50)), Ending(kept.id, at(50), gone.id)),
    )
    assert await stores.remembered(one.user, with_history=True) == [kept]


async def test_what_was_learnt_only_from_deleted_words_is_not_written(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    known = await stores.remember(one.user, text="Has a dog")
    home = await stores.remember(one.user, text="Lives in Paris")
    half = one.memory(source_message_ids=("msg_gone", one.said.id))
    gone = one.memory(source_message_ids=("msg_gone",))
    assert await one.learn(
        additions=(Addition(half, None), Addition(gone, None)),
        confirmations=(Confirmation(known.id, ("msg_gone",), at(50), 5),),
        endings=(Ending(home.id, at(50), gone.id),),
    )
    half = evolve(half, source_message_ids=(one.said.id,))
    assert await stores.remembered(one.user, with_history=True) == [half, home, known]


async def test_nothing_is_learnt_from_a_deleted_session(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    await stores.sessions.delete(one.user.id, one.session.id)
    assert not await one.learn(additions=(Addition(one.memory(), None),))
    assert await stores.remembered(one.user) == []


async def test_learning_beside_forgetting_everything_leaves_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    talks = [await talk(stores, user) for _ in range(6)]
    outcomes = await asyncio.gather(
        *(one.learn(additions=(Addition(one.memory(), None),)) for one in talks[:3]),
        stores.memories.delete_all(user.id, character_id=None),
        *(one.learn(additions=(Addition(one.memory(), None),)) for one in talks[3:]),
    )
    assert len(outcomes) == 7
    assert await stores.remembered(user) == []
    assert await stores.work.claim(now=at(99), until=at(999), limit=9) == []


async def test_learning_beside_the_deletion_of_the_session_leaves_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    for _ in range(6):
        one = await talk(stores, user)
        await asyncio.gather(
            one.learn(additions=(Addition(one.memory(), None),)),
            stores.sessions.delete(user.id, one.session.id),
        )
    assert await stores.remembered(user) == []


# --------------------------------------------------------------------- what is learnt and deleted


async def test_what_was_told_in_a_deleted_session_is_forgotten(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    await one.learn(additions=(Addition(one.memory(), make_embedding(1)),))
    note = await stores.remember(one.user, session_id=one.session.id)
    await stores.sessions.delete(one.user.id, one.session.id)
    assert await stores.remembered(one.user) == [evolve(note, session_id=None)]
    with pytest.raises(NotFound):
        await stores.sessions.get(one.user.id, one.session.id)


async def test_what_was_told_in_two_sessions_outlives_one(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    other = await talk(stores, one.user)
    memory = one.memory()
    await one.learn(additions=(Addition(memory, None),))
    await other.learn(confirmations=(Confirmation(memory.id, (other.said.id,), at(50), 3),))
    await stores.sessions.delete(one.user.id, one.session.id)
    left = evolve(
        memory,
        session_id=other.session.id,
        source_message_ids=(other.said.id,),
        told_at=other.said.created_at,
    )
    assert await stores.remembered(one.user) == [left]
    await stores.sessions.delete(one.user.id, other.session.id)
    assert await stores.remembered(one.user) == []


async def test_a_note_that_was_told_again_outlives_the_telling(stores: Stores) -> None:
    one = await talk(stores, await stores.sign_up())
    note = await stores.remember(one.user)
    await one.learn(confirmations=(Confirmation(note.id, (one.said.id,), at(50), 3),))
    await stores.sessions.delete(one.user.id, one.session.id)
    assert await stores.remembered(one.user) == [evolve(note, told_at=at(50))]


async def test_history_stays_history_when_what_took_its_place_is_forgotten(stores: Stores) -> None:
    user = await stores.sign_up()
    first, second, third = [await talk(stores, user) for _ in range(3)]
    oslo, paris, rome = first.memory("Oslo"), second.memory("Paris"), third.memory("Rome")
    await first.learn(additions=(Addition(oslo, None),))
    await second.learn(
        additions=(Addition(paris, None),), endings=(Ending(oslo.id, at(20), paris.id),)
    )
    await third.learn(
        additions=(Addition(rome, None),), endings=(Ending(paris.id, at(30), rome.id),)
    )
    await stores.sessions.delete(user.id, second.session.id)
    past = evolve(oslo, ended_at=at(20), superseded_by=rome.id)
    assert await stores.remembered(user, with_history=True) == [rome, past]
    await stores.sessions.delete(user.id, third.session.id)
    past = evolve(past, superseded_by=None)
    assert await stores.remembered(user, with_history=True) == [past]
    await stores.accounts.erase(evolve(user, subject=None, erased_at=at(60)))
    assert await stores.remembered(user, with_history=True) == []
