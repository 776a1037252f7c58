"""What a message calls to mind."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.memory.associations import associated, findable_text, is_personal
from domain.memory.memories import Memory
from domain.memory.ranking import CORE_LIMIT, Asked, Candidate, rank, scale_of

NOW = datetime(2026, 3, 10, tzinfo=UTC)
WORDS = st.frozensets(st.sampled_from(["cello", "clara", "rex", "rome", "tea", "job"]), max_size=4)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.uuids().map(str),
        words=WORDS,
        importance=st.integers(1, 5),
        told_at=st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - given by timezones
        similarity=st.none() | st.floats(-1, 1),
        scale=st.sampled_from([scale_of("wordllama-256"), scale_of("another")]),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)
ASKED = st.builds(Asked, words=WORDS, associated=WORDS, is_personal=st.booleans())


def candidate(id_: str, *words: str, **changes: Any) -> Candidate:
    facts: dict[str, Any] = {"importance": 3, "told_at": NOW, **changes}
    return Candidate(id_, frozenset(words), **facts)


def asked(*words: str, **changes: Any) -> Asked:
    return Asked(frozenset(words), **changes)


@given(CANDIDATES, ASKED, st.integers(0, 12))
def test_a_smaller_room_holds_the_first_of_a_larger_one(
    candidates: list[Candidate], question: Asked, limit: int
) -> None:
    every = rank(candidates, question, now=NOW, limit=99)
    assert rank(candidates, question, now=NOW, limit=limit) == every[:limit]
    assert len(set(every)) == len(every)


@given(CANDIDATES, ASKED)
def test_the_order_in_which_memories_come_means_nothing(
    candidates: list[Candidate], question: Asked
) -> None:
    found = rank(candidates, question, now=NOW, limit=99)
    assert rank(candidates[::-1], question, now=NOW, limit=99) == found


@given(CANDIDATES, ASKED)
def test_who_speaks_of_oneself_is_reminded_of_all(
    candidates: list[Candidate], question: Asked
) -> None:
    personal = Asked(question.words, question.associated, is_personal=True)
    found = rank(candidates, personal, now=NOW, limit=99)
    assert set(found) == {one.id for one in candidates}


def test_what_shares_nothing_is_left_out() -> None:
    cello = candidate("cello", "cello", "clara", similarity=0.1)
    assert rank([cello], asked("thermodynam"), now=NOW, limit=9) == []
    assert rank([cello], asked("clara"), now=NOW, limit=9) == ["cello"]
    assert rank([candidate("near", similarity=0.5)], asked("x"), now=NOW, limit=9) == ["near"]


def test_an_association_orders_but_makes_nothing_relevant() -> None:
    job, tea = candidate("job", "job"), candidate("tea", "tea", importance=4)
    only = Asked(frozenset(["profess"]), frozenset(["job"]))
    assert rank([job, tea], only, now=NOW, limit=9) == []
    personal = Asked(only.words, only.associated, is_personal=True)
    assert rank([job, tea], personal, now=NOW, limit=9) == ["job", "tea"]


def test_one_word_in_a_long_message_tells_less() -> None:
    rex = candidate("rex", "rex")
    many = [f"word{number}" for number in range(60)]
    assert rank([rex], asked("rex", *many), now=NOW, limit=9) == []
    assert rank([rex], asked("rex", *many[:5]), now=NOW, limit=9) == ["rex"]


def test_only_the_latest_of_the_most_important_come_unasked() -> None:
    core = [
        candidate(f"{number}", importance=5, told_at=NOW - timedelta(days=number))
        for number in range(CORE_LIMIT + 2)
    ]
    assert rank(core, asked("x"), now=NOW, limit=9) == ["0", "1", "2"]


def test_a_memory_told_in_the_future_is_as_good_as_new() -> None:
    late = candidate("late", "tea", told_at=NOW + timedelta(days=900))
    new = candidate("new", "tea")
    assert rank([new, late], asked("tea"), now=NOW, limit=9) == ["late", "new"]


def test_a_message_speaks_of_the_person_or_does_not() -> None:
    for text in (
        "How old am I?",
        "im bored",
        "What's MY dog called?",
        "Pick a restaurant for me.",
        "Which animal scares me?",
        "¿Dónde vivo yo?",
        "Wie heißt mein Hund?",
        "Où est mon chat ?",
    ):
        assert is_personal(text), text
    for text in (
        "Please explain thermodynamics quickly.",
        "Tell me a joke!",
        "Can you write me a poem?",
        "Explain it to me.",
        "Who won the World Cup?",
        "",
    ):
        assert not is_personal(text), text


def test_words_lead_to_what_belongs_to_them() -> None:
    assert {"age", "birthday"} <= set(associated("How old am I?"))
    assert "job" in associated("What is my profession?")
    assert "father" in associated("whats my dads job")
    assert "home" in associated("Wo wohne ich?")
    assert associated("Thermodynamics!") == ()
    assert "job" not in associated("My job")


def test_a_memory_is_found_by_what_it_is_about() -> None:
    memory = Memory("mem", "mira", "Has Rex", (), NOW, kind="pet", topic="pet:rex")
    assert findable_text(memory).split() == ["Has", "Rex", "pet", "rex", "pet"]
    assert findable_text(Memory("mem", "mira", "x" * 900, (), NOW)).split() == ["x" * 300]
