"""Luck that can be repeated."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from domain.chance import chance, chance_below


@given(st.lists(st.text(), max_size=3))
def test_a_chance_is_a_fraction_and_always_the_same(seed: list[str]) -> None:
    assert 0 <= chance(*seed) < 1
    assert chance(*seed) == chance(*seed)


@given(st.integers(1, 10**6), st.text())
def test_a_number_stays_below_its_limit(limit: int, seed: str) -> None:
    assert 0 <= chance_below(limit, seed) < limit


def test_luck_is_spread_evenly() -> None:
    found = Counter(chance_below(4, "seed", str(number)) for number in range(4_000))
    assert all(900 < times < 1_100 for times in found.values())
    assert len(found) == 4


def test_the_parts_of_a_seed_are_told_apart() -> None:
    assert chance("ab", "c") != chance("a", "bc") != chance("abc")
