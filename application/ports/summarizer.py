"""Telling a long conversation in short."""

from collections.abc import Sequence
from typing import Protocol


class Summarizer(Protocol):
    """Keeps the beginning of a long conversation in a few sentences."""

    async def summarize(
        self, previous: str, messages: Sequence[tuple[str, str]], *, max_tokens: int
    ) -> str:
        """A new summary of ``previous`` and the messages after it, as ``(speaker, text)``.

        At most ``max_tokens`` long, as the domain estimates tokens. Raises ``Unavailable`` when
        the model behind it does not answer, or answers nonsense.
        """
        ...
