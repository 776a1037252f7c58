"""What every index of memories promises: storing, listing, correcting, deleting, embedding."""

import pytest
from attrs import evolve

from domain.errors import NotFound
from tests.contracts.builders import at, make_embedding, make_memory
from tests.contracts.stores import Stores


async def test_a_memory_is_stored_with_all_its_fields(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    said, reply = await stores.say(user, session)
    now = await stores.remember(user, kind="note", text="Ünd 🙂")
    for memory in (
        now,
        await stores.remember(
            user,
            session_id=session.id,
            source_message_ids=tuple(sorted([said.id, reply.id])),
            kind="place",
            importance=4,
            topic="home",
            true_at=at(-3600),
            told_at=at(7),
            ended_at=at(9),
            superseded_by=now.id,
        ),
    ):
        assert await stores.memories.get(user.id, memory.id) == memory


async def test_sources_that_do_not_exist_are_left_out(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann", credits=100), await stores.sign_up("bob", credits=100)
    mine, _ = await stores.say(ann, await stores.begin_session(ann))
    theirs, _ = await stores.say(bob, await stores.begin_session(bob))
    memory = await stores.remember(ann, source_message_ids=("msg_none", theirs.id, mine.id))
    assert (await stores.memories.get(ann.id, memory.id)).source_message_ids == (mine.id,)


async def test_a_memory_that_is_there_is_not_stored_again(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    said, _ = await stores.say(user, await stores.begin_session(user))
    memory = make_memory(text="Has a dog.")
    assert await stores.memories.add(user.id, memory, None) == memory
    again = evolve(memory, text="Has a cat.", source_message_ids=(said.id,))
    assert await stores.memories.add(user.id, again, None) == memory
    assert await stores.memories.get(user.id, memory.id) == memory


async def test_a_memory_of_an_unknown_session_is_refused(stores: Stores) -> None:
    user = await stores.sign_up()
    with pytest.raises(NotFound):
        await stores.memories.add(user.id, make_memory(session_id="ses_none"), None)


async def test_unknown_memories_are_not_found(stores: Stores) -> None:
    user = await stores.sign_up()
    for attempt in (
        stores.memories.get(user.id, "mem_none"),
        stores.memories.correct(user.id, "mem_none", "text", None),
        stores.memories.delete(user.id, "mem_none"),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_somebody_elses_memories_are_not_found(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    memory = await stores.remember(ann, make_embedding(1))
    for attempt in (
        stores.memories.get(bob.id, memory.id),
        stores.memories.correct(bob.id, memory.id, "text", make_embedding(0, 1)),
        stores.memories.delete(bob.id, memory.id),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await stores.memories.delete_all(bob.id, character_id=None) == 0
    await stores.memories.save_embedding(bob.id, memory.id, memory.text, make_embedding(0, 1))
    assert await stores.remembered(bob) == []
    assert await stores.recall(ann, make_embedding(1)) == [memory]


async def test_the_list_is_newest_first_and_has_pages_without_gap(stores: Stores) -> None:
    user = await stores.sign_up()
    memories = [await stores.remember(user) for _ in range(5)]
    first = await stores.memories.list(user.id, character_id=None, limit=2, before=None)
    assert first == [memories[4], memories[3]]
    rest = await stores.memories.list(user.id, character_id=None, limit=10, before=first[-1].id)
    assert rest == [memories[2], memories[1], memories[0]]


async def test_the_list_can_be_of_one_character(stores: Stores) -> None:
    user = await stores.sign_up()
    luna = await stores.remember(user)
    sol = await stores.remember(user, character_id="sol")
    for character_id, expected in (("luna", [luna]), ("sol", [sol]), ("nobody", [])):
        found = await stores.memories.list(
            user.id, character_id=character_id, limit=10, before=None
        )
        assert found == expected
    assert await stores.remembered(user) == [sol, luna]


async def test_history_is_listed_only_on_request(stores: Stores) -> None:
    user = await stores.sign_up()
    past = await stores.remember(user, ended_at=at(5))
    now = await stores.remember(user)
    assert await stores.remembered(user) == [now]
    assert await stores.remembered(user, with_history=True) == [now, past]


async def test_a_corrected_memory_has_another_text_and_vector(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user, make_embedding(1))
    other = await stores.remember(user, make_embedding(1))
    corrected = await stores.memories.correct(
        user.id, memory.id, "I have a cat", make_embedding(0, 1)
    )
    assert corrected == evolve(memory, text="I have a cat")
    assert await stores.memories.get(user.id, memory.id) == corrected
    assert await stores.recall(user, make_embedding(0, 1)) == [corrected]
    assert await stores.recall(user, make_embedding(1)) == [other]
    assert await stores.recall(user, text="Is it a cat?") == [corrected]


async def test_a_corrected_memory_keeps_its_sources(stores: Stores) -> None:
    user = await stores.sign_up(credits=100)
    said, _ = await stores.say(user, await stores.begin_session(user))
    memory = await stores.remember(user, source_message_ids=(said.id,))
    corrected = await stores.memories.correct(user.id, memory.id, "I have a cat", None)
    assert corrected.source_message_ids == (said.id,)


async def test_a_corrected_memory_is_found_where_the_other_text_stands_in_the_prompt(
    stores: Stores,
) -> None:
    user = await stores.sign_up(credits=100)
    session = await stores.begin_session(user)
    said, _ = await stores.say(user, session)
    memory = await stores.remember(
        user, make_embedding(1), source_message_ids=(said.id,), session_id=session.id
    )
    asked = make_embedding(1)
    assert await stores.recall(user, asked, except_session=session.id) == []
    corrected = await stores.memories.correct(user.id, memory.id, "I have a cat", asked)
    assert await stores.recall(user, asked, except_session=session.id) == [corrected]


async def test_a_memory_corrected_without_a_vector_does_not_keep_the_old_one(
    stores: Stores,
) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user, make_embedding(1))
    corrected = await stores.memories.correct(user.id, memory.id, "I have a cat", None)
    assert await stores.recall(user, make_embedding(1)) == []
    assert await stores.memories.find_unembedded("words", limit=10) == [(user.id, corrected)]


async def test_a_deleted_memory_is_gone(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user, make_embedding(1))
    kept = await stores.remember(user, make_embedding(1))
    await stores.memories.delete(user.id, memory.id)
    assert await stores.remembered(user) == [kept]
    assert await stores.recall(user, make_embedding(1)) == [kept]
    with pytest.raises(NotFound):
        await stores.memories.delete(user.id, memory.id)


async def test_history_is_deleted_with_what_took_its_place(stores: Stores) -> None:
    user = await stores.sign_up()
    rome = await stores.remember(user, text="Lives in Rome")
    paris = await stores.remember(user, ended_at=at(9), superseded_by=rome.id)
    oslo = await stores.remember(user, ended_at=at(5), superseded_by=paris.id)
    over = await stores.remember(user, ended_at=at(5))
    await stores.memories.delete(user.id, rome.id)
    assert await stores.remembered(user, with_history=True) == [over]
    for gone in (paris, oslo):
        with pytest.raises(NotFound):
            await stores.memories.get(user.id, gone.id)


async def test_deleting_history_leaves_what_took_its_place(stores: Stores) -> None:
    user = await stores.sign_up()
    rome = await stores.remember(user, text="Lives in Rome")
    paris = await stores.remember(user, ended_at=at(9), superseded_by=rome.id)
    await stores.remember(user, ended_at=at(5), superseded_by=paris.id)
    await stores.memories.delete(user.id, paris.id)
    assert await stores.remembered(user, with_history=True) == [rome]


async def test_all_memories_of_one_character_can_be_forgotten(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.remember(user, make_embedding(1))
    await stores.remember(user, ended_at=at(1))
    sol = await stores.remember(user, make_embedding(1), character_id="sol")
    assert await stores.memories.delete_all(user.id, character_id="luna") == 2
    assert await stores.remembered(user, with_history=True) == [sol]
    assert await stores.memories.delete_all(user.id, character_id="luna") == 0


async def test_forgetting_everything_forgets_only_ones_own(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    await stores.remember(ann)
    await stores.remember(ann, make_embedding(1), character_id="sol")
    kept = await stores.remember(bob)
    assert await stores.memories.delete_all(ann.id, character_id=None) == 2
    assert await stores.remembered(ann) == []
    assert await stores.remembered(bob) == [kept]


@pytest.mark.parametrize("character_id", [None, "luna"])
async def test_what_was_said_before_everything_was_forgotten_is_not_learnt_later(
    stores: Stores, character_id: str | None
) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    sol = await stores.begin_session(ann, character_id="sol")
    for user, session in (
        (ann, await stores.begin_session(ann)),
        (ann, sol),
        (bob, await stores.begin_session(bob)),
    ):
        await stores.say(user, session, work_until=at(6))
    await stores.memories.delete_all(ann.id, character_id=character_id)
    left = await stores.work.claim(now=at(9), until=at(99), limit=9)
    expected = {("bob", "luna")} if character_id is None else {("bob", "luna"), ("ann", "sol")}
    names = {ann.id: "ann", bob.id: "bob"}
    assert {(names[one.user_id], one.character_id) for one in left} == expected


async def test_memories_without_a_vector_of_a_model_are_found_oldest_first(
    stores: Stores,
) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    first = await stores.remember(ann)
    second = await stores.remember(bob, make_embedding(1, model="old"))
    await stores.remember(ann, make_embedding(1, model="words"))
    await stores.remember(ann, ended_at=at(5))
    third = await stores.remember(ann, make_embedding(1, model="zebra"))
    fourth = await stores.remember(ann)
    found = await stores.memories.find_unembedded("words", limit=10)
    assert found == [(ann.id, first), (bob.id, second), (ann.id, third), (ann.id, fourth)]
    assert await stores.memories.find_unembedded("words", limit=2) == found[:2]


async def test_a_vector_made_later_makes_a_memory_findable(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user)
    assert await stores.recall(user, make_embedding(1)) == []
    await stores.memories.save_embedding(user.id, memory.id, memory.text, make_embedding(1))
    assert await stores.recall(user, make_embedding(1)) == [memory]
    assert await stores.memories.find_unembedded("words", limit=10) == []


async def test_a_vector_of_a_new_model_replaces_the_old_one(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user, make_embedding(1, model="old"))
    new = make_embedding(1, model="new")
    await stores.memories.save_embedding(user.id, memory.id, memory.text, new)
    assert await stores.recall(user, make_embedding(1, model="old")) == []
    assert await stores.recall(user, new) == [memory]


async def test_a_vector_of_what_a_memory_said_before_does_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user)
    corrected = await stores.memories.correct(user.id, memory.id, "I have a cat", None)
    await stores.memories.save_embedding(user.id, memory.id, memory.text, make_embedding(1))
    assert await stores.memories.find_unembedded("words", limit=10) == [(user.id, corrected)]


async def test_a_vector_for_a_memory_that_is_gone_does_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user)
    await stores.memories.delete(user.id, memory.id)
    await stores.memories.save_embedding(user.id, memory.id, memory.text, make_embedding(1))
    assert await stores.remembered(user) == []
    assert await stores.recall(user, make_embedding(1)) == []
