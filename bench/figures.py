"""What every measurement gives: figures, each a ratio of two sides that ran in the same rounds.

A side is measured once a round and the sides take turns, so what else the machine does slows down
both. The figure is the median of the rounds' ratios; its range says how noisy the machine was.
"""

import statistics
from collections.abc import Callable, Sequence
from typing import TypeVar

from attrs import field, frozen

ROUNDS = 5
QUICK_ROUNDS = 2

Taken = TypeVar("Taken")


@frozen
class Options:
    """How to measure. ``quick`` is for trying: fewer rounds, less data, vague figures."""

    quick: bool = False

    @property
    def rounds(self) -> int:
        """How often each side has its turn."""
        return QUICK_ROUNDS if self.quick else ROUNDS


@frozen
class Goal:
    """What a ratio should be; a bound that is None is none."""

    least: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        """As the table shows it."""
        if self.least is None:
            return "" if self.most is None else f"<= {self.most:g}"
        if self.most is None:
            return f">= {self.least:g}"
        return f"{self.least:g} to {self.most:g}"

    def is_reached(self, ratio: float) -> bool:
        """Whether the ratio lies within the bounds."""
        too_low = self.least is not None and ratio < self.least
        too_high = self.most is not None and ratio > self.most
        return not (too_low or too_high)


@frozen
class Figure:
    """One line of the table.

    ``ours`` and ``peer`` are medians in ``unit``; ``ratio`` is the median of ours / peer round by
    round, ``low`` and ``high`` the least and the greatest of them. All are None when there was
    nothing to measure, which ``note`` then explains. ``headline`` puts it into the README's table.
    """

    name: str
    unit: str
    peer_name: str
    ours: float | None = None
    peer: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    goal: Goal = field(factory=Goal)
    note: str = ""
    headline: bool = False

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is no goal or no ratio."""
        if self.ratio is None or self.goal == Goal():
            return None
        return self.goal.is_reached(self.ratio)


def compare(
    name: str,
    unit: str,
    ours: Sequence[float],
    peer_name: str,
    peer: Sequence[float],
    *,
    goal: Goal | None = None,
    note: str = "",
    headline: bool = False,
) -> Figure:
    """The figure of two sides that were measured in the same rounds, in the rounds' order.

    Raises ``ValueError`` when one side had more rounds than the other.
    """
    ratios = [one / other for one, other in zip(ours, peer, strict=True)]
    return Figure(
        name,
        unit,
        peer_name,
        statistics.median(ours),
        statistics.median(peer),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        goal or Goal(),
        note,
        headline=headline,
    )


def alternate(rounds: int, *sides: Callable[[], Taken]) -> list[list[Taken]]:
    """What each side gave in each round: one list a side.

    Every other round goes through the sides backwards, so that none is always the first.
    """
    given: list[list[Taken]] = [[] for _ in sides]
    for number in range(rounds):
        order = range(len(sides)) if number % 2 == 0 else range(len(sides) - 1, -1, -1)
        for place in order:
            given[place].append(sides[place]())
    return given


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed, one of them."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def missing(name: str, unit: str, peer_name: str, why: str, goal: Goal | None = None) -> Figure:
    """The line of what could not be measured."""
    return Figure(name, unit, peer_name, goal=goal or Goal(), note=why)
