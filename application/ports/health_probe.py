"""Whether a part that the product needs answers."""

from typing import Protocol


class HealthProbe(Protocol):
    """One dependency, asked with a deadline of its own (2 s at most)."""

    @property
    def name(self) -> str:
        """What to call it in the answer, such as ``postgres``."""
        ...

    async def check(self) -> None:
        """Return when it answers; raises ``Unavailable`` when it does not."""
        ...
