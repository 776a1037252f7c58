"""Whose life a clause speaks of."""

from domain.memory.change.owners import owner_of


def test_she_is_the_one_who_was_spoken_of_last() -> None:
    assert owner_of("she sold it", "My sister has a car, and Mia has one.") == frozenset({"mia"})
    assert owner_of("she sold it", "Mia has a car. My sister has one.") == frozenset({"sister"})
    assert owner_of("she sold it", "Nice weather.") == frozenset({"?"})
