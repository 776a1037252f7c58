"""What we owe the sandbox."""

from application.ports.store_errands import Usage
from domain.market.reports import Errand


class SandboxErrands:
    """Nothing is to be done: the sandbox keeps no customers, and sees by itself who has gone."""

    async def perform(self, errand: Errand, usage: Usage | None) -> None:
        del errand, usage
