"""Whose life a clause speaks of."""

from domain.memory.change.owners import clauses_of, owner_of


def test_she_is_the_one_who_was_spoken_of_last() -> None:
    assert owner_of("she sold it", "My sister has a car, and Mia has one.") == frozenset({"mia"})
    assert owner_of("she sold it", "Mia has a car. My sister has one.") == frozenset({"sister"})
    assert owner_of("she sold it", "Nice weather.") == frozenset({"?"})


def test_nothing_between_two_signs_is_no_clause() -> None:
    assert [one.text for one in clauses_of("We sold it, — and I cried.")] == [
        "We sold it",
        "and I cried",
    ]
