"""What we owe the stores."""

from typing import Protocol

from attrs import frozen

from domain.market.facts import Share
from domain.market.reports import Errand


@frozen
class Usage:
    """How much of what a payment bought has been spent, for stores that ask."""

    spent: Share
    account_days: int
    """For how many whole days the person has had an account."""
    lifetime_paid: int = 0
    """Minor units of the payment's currency that the person has paid in all."""
    lifetime_refunded: int = 0


class StoreErrands(Protocol):
    """Tells a store something; doing it again does no harm."""

    async def perform(self, errand: Errand, usage: Usage | None) -> None:
        """Do it. ``usage`` comes with ``TELL_CONSUMPTION``.

        Returns also when there is nothing left to do (it was done, or the store no longer knows
        the thing). Raises ``Unavailable`` when it must be tried again, ``Parked`` when the store
        refuses it for good.
        """
        ...
