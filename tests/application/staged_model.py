"""A model whose every call is staged: what it says, where it waits, whether it fails."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from attrs import frozen

from application.ports.chat_model import ModelFinished, ModelRequest, ModelUsage, TextDelta
from domain.errors import ContentBlocked, ModelUnavailable

MODEL = "in-memory"


@frozen
class Fate:
    """How a call goes; the two ``…_after`` count words that were said before."""

    words: int = 5
    stall_after: int | None = None
    fail_after: int | None = None
    is_refusal: bool = False
    """Whether a failure is the provider's refusal to answer this."""
    usage: tuple[int, int] | None = (10, 5)
    """Tokens of the prompt and of the reply; None: it does not say."""

    @property
    def text(self) -> str:
        return " ".join(f"word{n}" for n in range(self.words))

    @property
    def stalls(self) -> bool:
        if self.stall_after is None or self.stall_after > self.words:
            return False
        return self.fail_after is None or self.stall_after <= self.fail_after

    @property
    def fails(self) -> bool:
        return self.fail_after is not None and self.fail_after <= self.words


class StagedModel:
    """Goes through its fates in the order in which it is called."""

    def __init__(self) -> None:
        self.fates: deque[Fate] = deque()
        self.calls = 0
        self._gates: list[asyncio.Event] = []

    @property
    def waiting(self) -> int:
        """How many calls are stalled."""
        return len(self._gates)

    def release(self) -> None:
        """Let the call go on that has stalled for longest."""
        self._gates[0].set()

    async def generate(
        self, request: ModelRequest
    ) -> AsyncGenerator[TextDelta | ModelFinished, None]:
        self.calls += 1
        fate = self.fates.popleft()
        words = fate.text.split(" ")
        for number in range(len(words) + 1):
            if fate.stalls and fate.stall_after == number:
                await self._stall()
            if fate.fail_after == number:
                message = "It does not answer this."
                raise ContentBlocked(message) if fate.is_refusal else ModelUnavailable(message)
            if number < len(words) and request.stream:
                yield TextDelta((words[number] if number == 0 else f" {words[number]}",))
        if not request.stream:
            yield TextDelta((fate.text,))
        usage = None if fate.usage is None else ModelUsage(fate.usage[0], 0, fate.usage[1])
        yield ModelFinished(model=MODEL, finish_reason="stop", usage=usage)

    async def _stall(self) -> None:
        gate = asyncio.Event()
        self._gates.append(gate)
        try:
            await gate.wait()
        finally:
            self._gates.remove(gate)
