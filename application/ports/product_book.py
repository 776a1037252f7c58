"""The published catalogues of products."""

from typing import Protocol

from domain.market.products import Catalogue


class ProductBook(Protocol):
    """Catalogues by version; the greatest version is in force."""

    async def current(self) -> Catalogue:
        """The catalogue in force; may be up to 30 s old. ``NotPublished`` when there is none."""
        ...

    async def publish(self, catalogue: Catalogue) -> bool:
        """Put a catalogue in force; False when its version exists with the same contents.

        Raises ``Conflict`` when the version exists with other contents or is not the greatest.
        """
        ...
