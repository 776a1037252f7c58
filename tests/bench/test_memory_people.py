"""The data of the memory bench are sound: otherwise its figures would say nothing."""

import pytest

from bench.memory.people import Keywords, Person, load_people

PEOPLE = load_people()
people = pytest.mark.parametrize("person", PEOPLE, ids=lambda one: one.name)


def _said(person: Person, *, without: set[str]) -> list[str]:
    """What the person says in all conversations but these."""
    return [said for one in person.sessions if one.id not in without for said, _reply in one.turns]


def test_there_is_as_much_of_everything_as_promised() -> None:
    first = PEOPLE[0]
    assert len(first.ends) >= 12
    assert len(first.forgotten) >= 8
    assert len(first.questions) >= 100
    assert len(_asked_for(first)) >= 60
    assert all(len(_asked_for(one)) >= 25 for one in PEOPLE)
    assert sum(len(one.sessions) >= 30 for one in PEOPLE) >= 3
    assert all(len(one.sessions) >= 12 for one in PEOPLE)


def _asked_for(person: Person) -> list[str]:
    return [name for name in person.facts if not name.startswith("fine")]


@people
def test_each_fact_is_told_in_its_conversation(person: Person) -> None:
    untold = [
        name
        for session in person.sessions
        for name, words in session.facts.items()
        if not words.are_in(" ".join(said for said, _ in session.turns))
    ]
    assert untold == []


@people
def test_no_name_is_used_for_two_facts(person: Person) -> None:
    assert sum(len(one.facts) for one in person.sessions) == len(person.facts)


@people
def test_time_goes_on(person: Person) -> None:
    days = [one.day for one in person.sessions]
    assert days == sorted(set(days))


@people
def test_what_is_over_or_forgotten_is_a_fact_of_before(person: Person) -> None:
    known: set[str] = set()
    for session in person.sessions:
        gone = {*session.asks_to_forget, *session.deletes_memories}
        assert gone <= known | session.facts.keys()
        assert session.ends.keys() <= known
        assert set(session.ends.values()) <= session.facts.keys()
        known |= session.facts.keys()


@people
def test_questions_ask_for_what_still_holds(person: Person) -> None:
    gone = person.forgotten | person.ends.keys()
    for question in person.questions:
        assert question.needs or question.never, question.ask
        assert set(question.needs) <= person.facts.keys() - gone, question.ask
        assert set(question.never) <= gone, question.ask
    assert len({one.ask for one in person.questions}) == len(person.questions)


@people
def test_what_is_forgotten_is_told_nowhere_else(person: Person) -> None:
    """Or a line about something else would count as a leak."""
    for name in person.forgotten:
        told = {
            one.id for one in person.sessions if name in one.facts or name in one.asks_to_forget
        }
        asked = [said for said in _said(person, without=told) if person.facts[name].are_in(said)]
        assert asked == [], name


@people
def test_what_is_over_is_not_told_again_later(person: Person) -> None:
    for number, session in enumerate(person.sessions):
        for name in session.ends:
            later = [said for one in person.sessions[number:] for said, _ in one.turns]
            assert [said for said in later if person.is_stale(name, said)] == [], name


def test_keywords_are_words_from_their_beginning() -> None:
    words = Keywords.of("mum|mother, 9")
    assert words.are_in("My mother is 9.")
    assert words.are_in("Mums of 9")
    assert not words.are_in("My mother is 95.")
    assert not words.are_in("My smother is 9.")
    assert not words.are_in("My mother.")
