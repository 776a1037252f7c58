"""Learning facts from what was said."""

from collections.abc import Sequence
from typing import Protocol

from domain.memory.facts import Exchange, Fact


class FactExtractor(Protocol):
    """Reads an exchange as an attentive friend would."""

    @property
    def is_instant(self) -> bool:
        """Whether it answers at once, without asking anybody."""
        ...

    async def extract(self, exchange: Exchange) -> Sequence[Fact]:
        """What is worth remembering for longer, most important first; trivia is left out.

        Only from what the person said in this exchange, and from what the two agreed on; never
        from ``earlier`` or ``known``. Nothing when the model behind it refuses or answers
        nonsense: asking again would not help. Raises ``Unavailable`` when it does not answer.
        """
        ...
