"""How the rounds of two sides become one line of the table."""

from collections.abc import Callable

import pytest

from bench.figures import Figure, Goal, Options, alternate, compare, missing, percentile


def test_the_sides_take_turns_and_every_other_round_goes_backwards() -> None:
    calls: list[str] = []

    def side(name: str) -> Callable[[], int]:
        def measured() -> int:
            calls.append(name)
            return len(calls)

        return measured

    assert alternate(3, side("a"), side("b")) == [[1, 4, 5], [2, 3, 6]]
    assert calls == ["a", "b", "b", "a", "a", "b"]


def test_the_ratio_is_the_median_of_the_rounds_ratios_and_not_that_of_the_medians() -> None:
    figure = compare("turns", "/s", [10, 20, 90], "bare", [10, 5, 30])
    assert (figure.ours, figure.peer) == (20, 10)
    assert (figure.ratio, figure.low, figure.high) == (3, 1, 4)


def test_sides_with_a_different_number_of_rounds_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        compare("turns", "/s", [10, 20], "bare", [10])


@pytest.mark.parametrize(
    ("goal", "ratio", "reached", "text"),
    [
        (Goal(least=2), 2.0, True, ">= 2"),
        (Goal(least=2), 1.99, False, ">= 2"),
        (Goal(most=0.3), 0.3, True, "<= 0.3"),
        (Goal(most=0.3), 0.31, False, "<= 0.3"),
        (Goal(least=0.8, most=1.2), 1.21, False, "0.8 to 1.2"),
        (Goal(least=0.8, most=1.2), 0.79, False, "0.8 to 1.2"),
        (Goal(least=0.8, most=1.2), 1.0, True, "0.8 to 1.2"),
        (Goal(), 1.0, None, ""),
    ],
)
def test_a_goal_is_judged_on_the_median(
    *, goal: Goal, ratio: float, reached: bool | None, text: str
) -> None:
    figure = compare("a", "ms", [ratio], "b", [1.0], goal=goal)
    assert figure.reached is reached
    assert str(figure.goal) == text


def test_what_is_missing_reaches_nothing_and_says_why() -> None:
    figure = missing("turns", "/s", "LiteLLM", "not installed", Goal(least=4))
    assert figure == Figure("turns", "/s", "LiteLLM", goal=Goal(least=4), note="not installed")
    assert figure.reached is None


def test_a_quick_run_has_fewer_rounds_and_a_real_one_at_least_five() -> None:
    assert Options(quick=True).rounds < Options().rounds
    assert Options().rounds >= 5


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    numbers = [*range(100, 50, -1), *range(1, 51)]
    assert percentile(numbers, share) == value
