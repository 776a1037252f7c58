"""A store that does as it is told, and remembers what that was."""

from application.ports.store_errands import Usage
from domain.errors import Unavailable
from domain.market.reports import Errand, Parked


class InMemoryStoreErrands:
    """Does everything, except what ``refuse`` was told of."""

    def __init__(self) -> None:
        self._refusals: dict[str, str] = {}
        self.is_away = False
        self.done: list[tuple[Errand, Usage | None]] = []
        """Everything that was done, the repeated ones too."""

    def refuse(self, reference: str, reason: str) -> None:
        """From now on nothing is done about this reference."""
        self._refusals[reference] = reason

    async def perform(self, errand: Errand, usage: Usage | None) -> None:
        if self.is_away:
            raise Unavailable("The store does not answer.")
        reason = self._refusals.get(errand.reference)
        if reason is not None:
            raise Parked(reason)
        self.done.append((errand, usage))
