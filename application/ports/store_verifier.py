"""Stores that sell in the app: what the app sends us is checked with them."""

from typing import Protocol

from domain.market.reports import Report


class StoreVerifier(Protocol):
    """Checks what an app says that it has bought."""

    async def verify(self, proof: str, *, product_id: str) -> Report:
        """What the store says about a signed transaction or a purchase token.

        ``product_id`` (ours) is what the app says it is for. Raises ``InvalidRequest`` for what is
        not genuine, is for another app or another product; ``Unavailable`` when the store cannot
        be asked. Whose purchase it is, is for the caller to compare.
        """
        ...
