"""The published price tables."""

from typing import Protocol

from domain.pricing import PriceTable


class PriceBook(Protocol):
    """Price tables by version; the greatest version is in force."""

    async def current(self) -> PriceTable:
        """The table in force; may be up to 30 s old. ``NotPublished`` when there is none."""
        ...

    async def get(self, version: int) -> PriceTable:
        """The table of one version; raises ``NotFound``."""
        ...

    async def publish(self, table: PriceTable) -> bool:
        """Put a table in force; False when its version exists with the same contents.

        Raises ``Conflict`` when the version exists with other contents or is not the greatest.
        """
        ...
