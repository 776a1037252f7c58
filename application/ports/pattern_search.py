"""Searching texts for regular expressions that strangers wrote."""

from typing import Protocol


class PatternBudget(Protocol):
    """Searches on behalf of one turn, within a time that is bounded in total.

    Each pattern gets a few milliseconds, and all of them together a few dozen; when that time is
    gone, nothing is found any more. What was found once is known, and costs nothing again.
    """

    def __call__(self, pattern: str, flags: str, text: str) -> bool | None:
        """Whether the pattern is found anywhere in the text; None when it is no pattern.

        ``flags`` are JavaScript's: ``i``, ``m``, ``s`` as everywhere; ``g``, ``u``, ``y``, ``v``
        and ``d`` change nothing about whether something is found anywhere. With any other flag, a
        flag twice, or more characters or repeats than a pattern may have, it is no pattern. A
        search that takes too long finds nothing. Never raises.
        """
        ...


class PatternSearch(Protocol):
    """Where each turn gets its budget."""

    def budget(self) -> PatternBudget:
        """A budget of which nothing is used yet."""
        ...
