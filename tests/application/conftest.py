"""The product's use cases over the fakes, with parts that a test can break."""

from collections.abc import AsyncIterator
from typing import cast

import pytest
from attrs import evolve, frozen

from adapters.in_memory.chat_model import InMemoryChatModel
from adapters.in_memory.clock import InMemoryClock
from application.chat.send_message import SendMessageCommand
from application.chat.turn_follower import TurnFeed
from application.chat.turn_plan import TurnOptions
from application.ports.turn_store import TurnStore
from application.ports.turn_stream import StreamEvent
from application.ports.wallet_store import Violation
from domain.accounts import Tier, User
from domain.errors import Unavailable
from entrypoints.config import Settings
from entrypoints.container import Adapters, UseCases, build_use_cases
from entrypoints.container.in_memory import build_in_memory
from entrypoints.lifecycle import seed

STREAM = TurnOptions(stream=True)


class Failing:
    """An adapter whose named methods raise ``Unavailable`` a number of times, before or after."""

    def __init__(self, adapter: object) -> None:
        self._adapter = adapter
        self._faults: dict[str, int] = {}
        self._after = False

    def fail(self, method: str, times: int, *, after: bool = False) -> None:
        self._faults[method] = times
        self._after = after

    def __getattr__(self, name: str) -> object:
        method = getattr(self._adapter, name)
        if not self._faults.get(name):
            return method

        async def broken(*args: object, **kwargs: object) -> object:
            self._faults[name] -= 1
            if self._after:
                await method(*args, **kwargs)
            message = "the database is away"
            raise Unavailable(message)

        return broken


@frozen
class Product:
    use_cases: UseCases
    adapters: Adapters
    model: InMemoryChatModel
    clock: InMemoryClock
    turns: Failing
    user: User

    async def say(self, text: str, options: TurnOptions = STREAM) -> TurnFeed:
        command = SendMessageCommand(self.user.id, "mira", text, options=options)
        return await self.use_cases.send_message()(command)

    async def balance(self) -> int:
        return (await self.use_cases.get_balance()(self.user)).wallet.balance

    async def violations(self) -> list[Violation]:
        return list(await self.use_cases.check_invariants()())


async def events_of(feed: TurnFeed) -> list[StreamEvent]:
    return [event async for batch in feed.events for event in batch]


@pytest.fixture
async def product() -> AsyncIterator[Product]:
    clock = InMemoryClock()
    adapters = build_in_memory(clock)
    model, turns = InMemoryChatModel(), Failing(adapters.turns)
    adapters = evolve(adapters, model=model, turns=cast("TurnStore", turns))
    use_cases = build_use_cases(Settings(stack="memory", hold_seconds=600), adapters)
    await seed(use_cases)
    user = await adapters.accounts.add(User("usr_1", "sam", Tier.FREE, clock.now()))
    yield Product(use_cases, adapters, model, clock, turns, user)
    await use_cases.runner().drain(0)
    await use_cases.memory_tasks().drain(1)
