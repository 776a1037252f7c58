"""Turning text into vectors for similarity search."""

from collections.abc import Sequence
from typing import Protocol


class Embedder(Protocol):
    """Embeds text; vectors are of unit length and ``dimensions`` long."""

    @property
    def model(self) -> str:
        """The name stored beside each vector; vectors of different models never compare."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text, in order.

        Raises ``Unavailable`` when the model behind it does not answer in time.
        """
        ...
