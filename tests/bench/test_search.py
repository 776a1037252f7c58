"""How what was found is judged."""

import pytest

from bench.memories import percentile, recall


@pytest.mark.parametrize(
    ("found", "wanted", "share"),
    [
        (["a", "b"], {"a", "b"}, 1.0),
        (["b", "x", "y"], {"a", "b"}, 0.5),
        ([], {"a"}, 0.0),
        (["x"], set(), 1.0),
    ],
)
def test_recall_is_the_share_of_what_was_to_be_found(
    found: list[str], wanted: set[str], share: float
) -> None:
    assert recall(found, frozenset(wanted)) == share


@pytest.mark.parametrize(
    ("number", "share", "value"), [(100, 0.5, 50), (100, 0.99, 99), (20, 0.99, 19), (1, 0.5, 0)]
)
def test_a_percentile_is_a_time_that_was_measured(number: int, share: float, value: int) -> None:
    assert percentile([float(one) for one in reversed(range(number))], share) == value
