"""What we owe the stores."""

from application.market.errand_work import ErrandWork


class PerformErrands:
    """Acknowledges, consumes, cancels and answers what is due."""

    def __init__(self, work: ErrandWork) -> None:
        self._work = work

    async def __call__(self) -> str:
        """What was done, in words."""
        done, failed = await self._work.run_due()
        return f"did {done} errands, {failed} to be tried again or parked"
