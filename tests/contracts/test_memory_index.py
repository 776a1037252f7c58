"""What every index of memories promises."""

import math
import random
from collections.abc import Sequence

import pytest
from attrs import evolve

from domain.accounts import User
from domain.errors import NotFound
from domain.memory.memories import Embedding, Memory
from tests.contracts.builders import DIMENSIONS, at, make_embedding
from tests.contracts.stores import Stores


async def search(
    stores: Stores,
    user: User,
    embedding: Embedding,
    *,
    character_id: str = "luna",
    limit: int = 10,
    least_similarity: float = -1,
    except_session: str | None = None,
) -> list[Memory]:
    found = await stores.memories.search(
        user.id,
        character_id,
        embedding,
        limit=limit,
        least_similarity=least_similarity,
        except_session=except_session,
    )
    return list(found)


async def listed(stores: Stores, user: User) -> list[Memory]:
    found = await stores.memories.list(user.id, character_id=None, limit=100, before=None)
    return list(found)


async def test_a_memory_is_stored_with_all_its_fields(stores: Stores) -> None:
    user = await stores.sign_up()
    session = await stores.begin_session(user)
    for memory in (
        await stores.remember(user, session_id=session.id, importance=3),
        await stores.remember(user, kind="note", source_message_ids=(), text="Ünd 🙂"),
    ):
        assert await stores.memories.get(user.id, memory.id) == memory


async def test_the_most_similar_come_first(stores: Stores) -> None:
    user = await stores.sign_up()
    near = await stores.remember(user, make_embedding(1, 0.1), text="near")
    far = await stores.remember(user, make_embedding(0.1, 1), text="far")
    nearest = await stores.remember(user, make_embedding(1, 0), text="nearest")
    opposite = await stores.remember(user, make_embedding(-1, 0), text="opposite")
    assert await search(stores, user, make_embedding(1)) == [nearest, near, far, opposite]
    assert await search(stores, user, make_embedding(1), limit=2) == [nearest, near]


async def test_similarity_is_of_direction_not_of_length(stores: Stores) -> None:
    user = await stores.sign_up()
    short = await stores.remember(user, make_embedding(0.01, 0.001))
    long = await stores.remember(user, make_embedding(5, 5))
    assert await search(stores, user, make_embedding(30)) == [short, long]


async def test_what_is_less_similar_than_asked_for_is_left_out(stores: Stores) -> None:
    user = await stores.sign_up()
    same = await stores.remember(user, make_embedding(1))
    half = await stores.remember(user, make_embedding(1, math.sqrt(3)))
    right_angle = await stores.remember(user, make_embedding(0, 1))
    for least, expected in (
        (0.99, [same]),
        (0.51, [same]),
        (0.49, [same, half]),
        (-0.01, [same, half, right_angle]),
    ):
        assert await search(stores, user, make_embedding(1), least_similarity=least) == expected


async def test_a_vector_of_length_0_is_similar_to_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.remember(user, make_embedding(0))
    await stores.remember(user, make_embedding(1))
    assert await search(stores, user, make_embedding(0), least_similarity=0.1) == []
    assert len(await search(stores, user, make_embedding(1), least_similarity=0.1)) == 1


async def test_vectors_of_different_models_never_compare(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.remember(user, make_embedding(1, model="old"))
    new = await stores.remember(user, make_embedding(0.5, 0.5, model="new"))
    assert await search(stores, user, make_embedding(1, model="new")) == [new]


async def test_a_memory_without_a_vector_is_not_found_by_search(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user)
    assert await search(stores, user, make_embedding(1)) == []
    assert await listed(stores, user) == [memory]


async def test_a_search_sees_one_user_and_one_character(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    mine = await stores.remember(ann, make_embedding(1))
    other_character = await stores.remember(ann, make_embedding(1), character_id="sol")
    await stores.remember(bob, make_embedding(1))
    assert await search(stores, ann, make_embedding(1)) == [mine]
    assert await search(stores, ann, make_embedding(1), character_id="sol") == [other_character]


async def test_what_was_said_in_the_session_itself_can_be_left_out(stores: Stores) -> None:
    user = await stores.sign_up()
    here, there = await stores.begin_session(user), await stores.begin_session(user)
    said_here = await stores.remember(user, make_embedding(1), session_id=here.id)
    said_there = await stores.remember(user, make_embedding(1, 0.1), session_id=there.id)
    typed_in = await stores.remember(user, make_embedding(1, 0.2))
    query = make_embedding(1)
    assert await search(stores, user, query, except_session=here.id) == [said_there, typed_in]
    assert await search(stores, user, query) == [said_here, said_there, typed_in]


async def test_the_search_is_exact(stores: Stores) -> None:
    user = await stores.sign_up()
    chance = random.Random(7)

    def anywhere() -> Embedding:
        return make_embedding(*(chance.gauss(0, 1) for _ in range(DIMENSIONS)))

    def similarity(one: Sequence[float], other: Sequence[float]) -> float:
        product = sum(a * b for a, b in zip(one, other, strict=True))
        return product / math.hypot(*one) / math.hypot(*other)

    vectors = {}
    for _ in range(150):
        embedding = anywhere()
        vectors[(await stores.remember(user, embedding)).id] = embedding.vector
    for _ in range(5):
        query = anywhere()
        best = sorted(vectors, key=lambda id_: -similarity(vectors[id_], query.vector))[:10]
        found = [memory.id for memory in await search(stores, user, query)]
        assert set(found) == set(best)


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
    await stores.memories.save_embedding(bob.id, memory.id, make_embedding(0, 1))
    assert await listed(stores, bob) == []
    assert await search(stores, ann, make_embedding(1), least_similarity=0.9) == [memory]


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
    assert await listed(stores, user) == [sol, luna]


async def test_a_corrected_memory_has_another_text_and_vector(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user, make_embedding(1))
    other = await stores.remember(user, make_embedding(1))
    corrected = await stores.memories.correct(
        user.id, memory.id, "I have a cat", make_embedding(0, 1)
    )
    assert corrected == evolve(memory, text="I have a cat")
    assert await stores.memories.get(user.id, memory.id) == corrected
    assert await search(stores, user, make_embedding(0, 1), least_similarity=0.9) == [corrected]
    assert await search(stores, user, make_embedding(1), least_similarity=0.9) == [other]


async def test_a_memory_corrected_without_a_vector_does_not_keep_the_old_one(
    stores: Stores,
) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user, make_embedding(1))
    corrected = await stores.memories.correct(user.id, memory.id, "I have a cat", None)
    assert await search(stores, user, make_embedding(1)) == []
    assert await stores.memories.find_unembedded("words", limit=10) == [(user.id, corrected)]


async def test_a_deleted_memory_is_gone(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user, make_embedding(1))
    kept = await stores.remember(user, make_embedding(1))
    await stores.memories.delete(user.id, memory.id)
    assert await listed(stores, user) == [kept]
    assert await search(stores, user, make_embedding(1)) == [kept]
    with pytest.raises(NotFound):
        await stores.memories.delete(user.id, memory.id)


async def test_all_memories_of_one_character_can_be_forgotten(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.remember(user, make_embedding(1))
    await stores.remember(user)
    sol = await stores.remember(user, make_embedding(1), character_id="sol")
    assert await stores.memories.delete_all(user.id, character_id="luna") == 2
    assert await listed(stores, user) == [sol]
    assert await stores.memories.delete_all(user.id, character_id="luna") == 0


async def test_forgetting_everything_forgets_only_ones_own(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    await stores.remember(ann)
    await stores.remember(ann, make_embedding(1), character_id="sol")
    kept = await stores.remember(bob)
    assert await stores.memories.delete_all(ann.id, character_id=None) == 2
    assert await listed(stores, ann) == []
    assert await listed(stores, bob) == [kept]


async def test_memories_without_a_vector_of_a_model_are_found_oldest_first(
    stores: Stores,
) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    first = await stores.remember(ann, created_at=at(1))
    second = await stores.remember(bob, make_embedding(1, model="old"), created_at=at(2))
    await stores.remember(ann, make_embedding(1, model="words"), created_at=at(3))
    third = await stores.remember(ann, created_at=at(4))
    found = await stores.memories.find_unembedded("words", limit=10)
    assert found == [(ann.id, first), (bob.id, second), (ann.id, third)]
    assert await stores.memories.find_unembedded("words", limit=2) == found[:2]


async def test_a_vector_made_later_makes_a_memory_findable(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user)
    await stores.memories.save_embedding(user.id, memory.id, make_embedding(1))
    assert await search(stores, user, make_embedding(1), least_similarity=0.9) == [memory]
    assert await stores.memories.find_unembedded("words", limit=10) == []


async def test_a_vector_of_a_new_model_replaces_the_old_one(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user, make_embedding(1, model="old"))
    await stores.memories.save_embedding(user.id, memory.id, make_embedding(1, model="new"))
    assert await search(stores, user, make_embedding(1, model="old")) == []
    assert await search(stores, user, make_embedding(1, model="new")) == [memory]


async def test_a_vector_for_a_memory_that_is_gone_does_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    memory = await stores.remember(user)
    await stores.memories.delete(user.id, memory.id)
    await stores.memories.save_embedding(user.id, memory.id, make_embedding(1))
    assert await listed(stores, user) == []
    assert await search(stores, user, make_embedding(1)) == []
