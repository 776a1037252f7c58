"""What days are counted from and to, in memory."""

from datetime import datetime

from attrs import Factory, define

from domain.analytics_counts import Count, CountKey, PersonCounted, TurnFact, day_of
from domain.chat import Turn
from domain.pricing import Usage


@define
class DayTables:
    """How turns ended, the sums, and how far what they are made of is counted."""

    facts: dict[tuple[str, str, int], TurnFact] = Factory(dict)
    """They stay when the turn goes."""
    sums: dict[CountKey, int] = Factory(dict)
    people: dict[str, PersonCounted] = Factory(dict)
    purchases: dict[tuple[str, str], tuple[int, tuple[Count, ...]]] = Factory(dict)
    """The version that was counted, and as what."""
    turns: set[tuple[str, str, int]] = Factory(set)
    """The facts that were counted."""
    revision: int = 0
    unmarked: list[str] = Factory(list)
    """People that are to be counted anew, and are not marked so yet."""
    is_again: bool = False

    def note_turn(
        self,
        turn: Turn,
        at: datetime,
        *,
        outcome: str | None = None,
        model: str = "",
        turns: int = 1,
    ) -> None:
        """Keep how a turn ended; ``turns`` is -1 to take that back."""
        usage = turn.receipt.usage if turn.receipt else Usage(0, 0, 0, reported=False)
        fact = TurnFact(
            turn_id=turn.id,
            outcome=outcome or turn.status,
            turns=turns,
            day=day_of(at),
            character_id=turn.character_id,
            model=model,
            prompt=usage.prompt,
            cached=usage.cached,
            completion=usage.completion,
        )
        self.facts[fact.turn_id, fact.outcome, fact.turns] = fact
