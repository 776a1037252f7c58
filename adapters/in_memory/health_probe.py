"""A part that answers as it is told to."""

import asyncio

from domain.errors import Unavailable


class InMemoryHealthProbe:
    """Stands for a part that is there until ``is_answering`` says otherwise."""

    def __init__(self, name: str = "memory", *, is_answering: bool = True) -> None:
        self._name = name
        self.is_answering = is_answering

    @property
    def name(self) -> str:
        return self._name

    async def check(self) -> None:
        await asyncio.sleep(0)
        if not self.is_answering:
            raise Unavailable(f"{self._name} does not answer.")
