"""The product's use cases on a clock that a test may move, over the fakes or the real stores."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from attrs import evolve, frozen

from adapters.in_memory.clock import InMemoryClock
from domain.accounts import Tier, User
from entrypoints.config import load_settings
from entrypoints.container import (
    Adapters,
    UseCases,
    build_adapters,
    build_use_cases,
    with_stand_in_model,
)
from entrypoints.container.in_memory import build_in_memory
from entrypoints.lifecycle import seed


@frozen
class Clocked:
    use_cases: UseCases
    adapters: Adapters
    clock: InMemoryClock

    async def sign_up(self, user_id: str = "usr_1") -> User:
        made = User(
            id=user_id,
            subject=f"subject of {user_id}",
            tier=Tier.FREE,
            created_at=self.clock.now(),
        )
        return await self.adapters.accounts.add(made)


@asynccontextmanager
async def clocked(
    request: pytest.FixtureRequest, tmp_path: Path, clock: InMemoryClock
) -> AsyncIterator[Clocked]:
    """Over the fakes or Postgres, as ``request.param`` says; a stand-in answers for the model."""
    if request.param == "memory":
        settings = load_settings({"STACK": "memory"})
        adapters = build_in_memory(clock)
    else:
        settings = load_settings(
            {
                "DATABASE_URL": request.getfixturevalue("postgres_url"),
                "REDIS_URL": request.getfixturevalue("redis_url"),
                "XAI_API_KEY": "key",
                "DATA_DIR": str(tmp_path),
            }
        )
        real = with_stand_in_model(build_adapters(settings, lambda _: None))
        adapters = evolve(real, clock=clock)
    for step in adapters.opening:
        await step()
    use_cases = build_use_cases(settings, adapters)
    await seed(use_cases)
    yield Clocked(use_cases, adapters, clock)
    await use_cases.memory_tasks().drain(5.0)
    await use_cases.background().drain(5.0)
    for close in adapters.closing:
        await close()
