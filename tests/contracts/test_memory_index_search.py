"""What every index of memories promises about its search."""

import math
import random

from domain.memory.memories import Embedding
from tests.contracts.builders import DIMENSIONS, at, make_embedding
from tests.contracts.stores import Stores

WEEK = 7 * 24 * 3600


async def test_the_most_similar_come_first(stores: Stores) -> None:
    user = await stores.sign_up()
    near = await stores.remember(user, make_embedding(1, 0.3), text="near")
    far = await stores.remember(user, make_embedding(1, 1.5), text="far")
    nearest = await stores.remember(user, make_embedding(1), text="nearest")
    await stores.remember(user, make_embedding(0.1, 1), text="unlike")
    await stores.remember(user, make_embedding(-1), text="opposite")
    assert await stores.recall(user, make_embedding(1)) == [nearest, near, far]
    assert await stores.recall(user, make_embedding(1), limit=2) == [nearest, near]


async def test_similarity_is_of_direction_not_of_length(stores: Stores) -> None:
    user = await stores.sign_up()
    short = await stores.remember(user, make_embedding(0.01, 0.001))
    long = await stores.remember(user, make_embedding(5, 5))
    assert await stores.recall(user, make_embedding(30)) == [short, long]


async def test_a_vector_of_length_0_is_similar_to_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    nothing = await stores.remember(user, make_embedding(0))
    something = await stores.remember(user, make_embedding(1), text="I like tea")
    assert await stores.recall(user, make_embedding(0)) == []
    assert await stores.recall(user, make_embedding(1)) == [something]
    assert await stores.recall(user, make_embedding(0), text="What a dog!") == [nothing]


async def test_a_shared_name_counts_more_than_a_likeness(stores: Stores) -> None:
    user = await stores.sign_up()
    tom = await stores.remember(user, make_embedding(1, 0.9), text="Brother Tom plays the piano")
    clara = await stores.remember(user, make_embedding(1, 1.1), text="Clara plays the cello")
    asked = make_embedding(1)
    assert await stores.recall(user, asked, text="What about music?") == [tom, clara]
    assert await stores.recall(user, asked, text="What about Clara?") == [clara, tom]


async def test_words_find_a_memory_in_other_forms_and_cases(stores: Stores) -> None:
    user = await stores.sign_up()
    dogs = await stores.remember(user, text="Walked two dogs on Sundays")
    await stores.remember(user, text="Has been to Lisbon")
    for text in ("DOG", "walking", "that sunday", "dog's", "o'dog' \\ & | ! dogs:*"):
        assert await stores.recall(user, text=text) == [dogs], text


async def test_a_word_that_few_memories_have_tells_more(stores: Stores) -> None:
    user = await stores.sign_up()
    likes = [await stores.remember(user, text=f"Likes {thing}") for thing in ("tea", "jam", "fog")]
    jazz = await stores.remember(user, text="Plays jazz")
    found = await stores.recall(user, text="Would you like jazz?")
    assert found[0] == jazz
    assert set(found[1:]) == set(likes)


async def test_words_that_say_nothing_find_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.remember(user, text="It is what it is and they are what they are")
    await stores.remember(user, text="She has been to the moon")
    for text in ("What is it that she has?", "", "   ", "?!", "the"):
        assert await stores.recall(user, text=text) == [], text


async def test_what_a_memory_is_about_is_a_word_of_it(stores: Stores) -> None:
    user = await stores.sign_up()
    age = await stores.remember(user, text="Has turned 34", topic="age", kind="identity")
    back = await stores.remember(user, text="Lifts nothing", topic="health:back", kind="health")
    await stores.remember(user, text="Likes tea", topic="like:tea", kind="preference")
    assert await stores.recall(user, text="age?") == [age]
    assert await stores.recall(user, text="How is the back?") == [back]


async def test_words_that_belong_together_find_each_other(stores: Stores) -> None:
    user = await stores.sign_up()
    tea = await stores.remember(user, text="Likes tea", importance=4)
    job = await stores.remember(user, text="Bakes bread in Lyon", topic="job", kind="work")
    moths = await stores.remember(user, text="Moths are terrible", topic="fear:moths")
    for text, expected in (
        ("What is my profession?", [job, tea, moths]),
        ("¿Cuál es mi trabajo?", [job, tea, moths]),
        ("Am I scared of anything?", [moths, tea, job]),
        ("How long has there been such a profession, and who invented it?", []),
    ):
        assert await stores.recall(user, text=text) == expected, text


async def test_a_message_that_speaks_of_the_person_recalls_all_that_fits(stores: Stores) -> None:
    user = await stores.sign_up()
    tea = await stores.remember(user, text="Likes tea", importance=2)
    rex = await stores.remember(user, text="Has a dog called Rex", importance=3)
    job = await stores.remember(user, text="Bakes bread", importance=4)
    asked = make_embedding(1)
    assert await stores.recall(user, asked, text="I'm bored.") == [job, rex, tea]
    assert await stores.recall(user, asked, text="Give my dog a name!") == [rex, job, tea]
    assert await stores.recall(user, asked, text="I'm bored.", limit=2) == [job, rex]
    assert await stores.recall(user, asked, text="Tell me a riddle.") == []


async def test_a_message_that_shares_nothing_gets_nothing(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.remember(user, make_embedding(1, 9), importance=4, text="Plays the cello")
    await stores.remember(user, importance=4, text="Lives in Lisbon")
    asked = "Please explain thermodynamics quickly."
    assert await stores.recall(user, make_embedding(1), text=asked) == []


async def test_the_more_important_comes_first_where_all_else_is_the_same(stores: Stores) -> None:
    user = await stores.sign_up()
    for importance in (1, 4, 2, 3):
        await stores.remember(user, make_embedding(1), importance=importance)
    found = await stores.recall(user, make_embedding(1))
    assert [memory.importance for memory in found] == [4, 3, 2, 1]


async def test_the_later_told_comes_first_where_all_else_is_the_same(stores: Stores) -> None:
    user = await stores.sign_up()
    old = await stores.remember(user, make_embedding(1), created_at=at(-20 * WEEK))
    new = await stores.remember(user, make_embedding(1), created_at=at(-2 * WEEK))
    again = await stores.remember(
        user, make_embedding(1), created_at=at(-30 * WEEK), told_at=at(-WEEK)
    )
    to_come = await stores.remember(user, make_embedding(1), created_at=at(50 * WEEK))
    assert await stores.recall(user, make_embedding(1)) == [to_come, again, new, old]


async def test_age_does_not_outweigh_what_it_is_about(stores: Stores) -> None:
    user = await stores.sign_up()
    old = await stores.remember(user, make_embedding(1), created_at=at(-500 * WEEK))
    new = await stores.remember(user, make_embedding(1, 1), importance=4)
    assert await stores.recall(user, make_embedding(1)) == [old, new]


async def test_what_is_most_important_comes_in_where_there_is_room(stores: Stores) -> None:
    user = await stores.sign_up()
    core = [
        await stores.remember(user, text=f"Name {number}", importance=5, created_at=at(-number))
        for number in range(5)
    ]
    close = [
        await stores.remember(user, make_embedding(1, 0.1 * n), importance=1) for n in range(3)
    ]
    assert await stores.recall(user, make_embedding(1)) == [*close, *core[:3]]
    assert await stores.recall(user, make_embedding(1), limit=4) == [*close, core[0]]
    assert await stores.recall(user, text="Which number 4?", limit=2) == [core[4], core[0]]


async def test_vectors_of_different_models_never_compare(stores: Stores) -> None:
    user = await stores.sign_up()
    await stores.remember(user, make_embedding(1, model="old"))
    new = await stores.remember(user, make_embedding(1, 1, model="new"))
    assert await stores.recall(user, make_embedding(1, model="new")) == [new]


async def test_two_models_can_be_read_at_once(stores: Stores) -> None:
    user = await stores.sign_up()
    old = await stores.remember(user, make_embedding(0, 1, model="old"))
    new = await stores.remember(user, make_embedding(1, 0.5, model="new"))
    await stores.remember(user, make_embedding(1, model="older"))
    found = await stores.recall(
        user, make_embedding(1, model="new"), make_embedding(0, 1, model="old")
    )
    assert found == [old, new]


async def test_a_memory_without_a_readable_vector_is_found_by_its_words(stores: Stores) -> None:
    user = await stores.sign_up()
    bare = await stores.remember(user, text="Has a dog called Rex", importance=3)
    foreign = await stores.remember(
        user, make_embedding(1, model="old"), text="Rex is two", importance=2
    )
    await stores.remember(user, text="Likes tea")
    assert await stores.recall(user, make_embedding(1)) == []
    assert await stores.recall(user, make_embedding(1), text="Rex?") == [bare, foreign]
    assert await stores.recall(user, text="Rex?") == [bare, foreign]


async def test_a_search_sees_one_user_and_one_character(stores: Stores) -> None:
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    mine = await stores.remember(ann, make_embedding(1))
    with_sol = await stores.remember(ann, make_embedding(1), character_id="sol", importance=5)
    await stores.remember(bob, make_embedding(1), importance=5)
    assert await stores.recall(ann, make_embedding(1)) == [mine]
    assert await stores.recall(ann, make_embedding(1), character_id="sol") == [with_sol]


async def test_history_is_not_found(stores: Stores) -> None:
    user = await stores.sign_up()
    now = await stores.remember(user, make_embedding(1), text="Lives in Rome")
    await stores.remember(
        user, make_embedding(1), text="Lives in Paris", importance=5, ended_at=at(1)
    )
    assert await stores.recall(user, make_embedding(1), text="Paris or Rome?") == [now]


async def test_what_stands_in_the_prompt_itself_is_left_out(stores: Stores) -> None:
    user = await stores.sign_up()
    here, there = await stores.begin_session(user), await stores.begin_session(user)
    long_ago = await stores.remember(
        user, make_embedding(1), session_id=here.id, created_at=at(1), importance=5
    )
    just_now = await stores.remember(
        user, make_embedding(1, 0.3), session_id=here.id, created_at=at(60), importance=5
    )
    elsewhere = await stores.remember(
        user, make_embedding(1, 0.6), session_id=there.id, created_at=at(90)
    )
    typed_in = await stores.remember(user, make_embedding(1, 0.9), created_at=at(90))
    asked = make_embedding(1)
    every = [long_ago, just_now, elsewhere, typed_in]
    assert await stores.recall(user, asked) == every
    assert await stores.recall(user, asked, except_session=here.id) == [elsewhere, typed_in]
    found = await stores.recall(user, asked, except_session=here.id, except_since=at(60))
    assert found == [long_ago, elsewhere, typed_in]
    assert await stores.recall(user, asked, except_since=at(0)) == every


async def test_the_search_is_exact(stores: Stores) -> None:
    user = await stores.sign_up()
    chance = random.Random(7)

    def anywhere(around: Embedding | None = None) -> Embedding:
        middle = around.vector if around else (0.0,) * DIMENSIONS
        return make_embedding(*(value + chance.gauss(0, 1) for value in middle))

    def similarity(one: Embedding, other: Embedding) -> float:
        product = sum(a * b for a, b in zip(one.vector, other.vector, strict=True))
        return product / math.hypot(*one.vector) / math.hypot(*other.vector)

    queries = [anywhere() for _ in range(5)]
    vectors = {}
    for number in range(150):
        embedding = anywhere(queries[number % 5])
        vectors[(await stores.remember(user, embedding)).id] = embedding
    for query in queries:
        best = sorted(vectors, key=lambda id_: -similarity(vectors[id_], query))[:10]
        found = [memory.id for memory in await stores.recall(user, query)]
        assert found == best
