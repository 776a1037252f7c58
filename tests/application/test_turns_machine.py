"""Whatever is said, stopped, lost, tried again and deleted: it equals its plain twin."""

import asyncio
import random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from adapters.in_memory.clock import InMemoryClock
from adapters.postgres.connection import PostgresPool
from domain.accounts import Tier, User
from entrypoints.config import Settings
from entrypoints.container import build_use_cases
from entrypoints.container.in_memory import build_in_memory
from entrypoints.lifecycle import seed
from tests.application.staged_model import Fate, StagedModel
from tests.application.turns_pair import TurnsPair
from tests.contracts.postgres_stores import market_over, stores_over
from tests.depth import IS_DEEP

SEEDS, STEPS = (40, 400) if IS_DEEP else (2, 150)
REAL_SEEDS, REAL_STEPS = (6, 150) if IS_DEEP else (1, 60)

pytestmark = pytest.mark.timeout(900 if IS_DEEP else 120)

WHICH = st.integers(0, 9)
WORDS = st.integers(0, 6)
FATES = st.builds(
    Fate,
    words=st.integers(1, 6),
    stall_after=st.none() | WORDS,
    fail_after=st.none() | st.none() | WORDS,
    is_refusal=st.booleans(),
    usage=st.none() | st.tuples(st.integers(0, 5_000), st.integers(0, 2_000)),
)


async def open_pair(pool: PostgresPool | None = None) -> TurnsPair:
    """Somebody new, on the fakes or, with a pool, on PostgreSQL."""
    clock, model = InMemoryClock(), StagedModel()
    adapters = evolve(build_in_memory(clock), model=model)
    if pool is not None:
        stores = stores_over(pool, clock)
        market = market_over(pool, stores)
        adapters = evolve(
            adapters,
            accounts=stores.accounts, wallets=stores.wallets, turns=stores.turns,
            sessions=stores.sessions, memories=stores.memories, memory_work=stores.work,
            characters=stores.characters, idempotency=stores.idempotency, prices=stores.prices,
            job_runs=stores.jobs, audit_log=stores.audit_log, safety_log=stores.safety_log,
            products=market.products, purchases=market.purchases,
        )  # fmt: skip
    use_cases = build_use_cases(Settings(stack="memory", hold_seconds=600), adapters)
    await seed(use_cases)
    number = random.Random().getrandbits(64)
    user = await adapters.accounts.add(
        User(f"usr_{number}", f"sam-{number}", Tier.FREE, clock.now())
    )
    return TurnsPair(use_cases, adapters, model, clock, user)


class TurnsMachine(RuleBasedStateMachine):
    """Finds the shortest history that breaks something."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.pair = self.runner.run(open_pair())

    def teardown(self) -> None:
        self.runner.run(self.pair.close())
        self.runner.close()

    @rule(
        which=st.none() | WHICH, fate=FATES, streams=st.booleans(), has_key=st.booleans(),
        earlier=st.integers(0, 3), leaves=st.booleans(),
    )  # fmt: skip
    def send(self, which: int | None, **how: Any) -> None:
        self.runner.run(self.pair.send(which, **how))

    @precondition(lambda self: any(self.pair.plain.sessions.values()))
    @rule(which=WHICH, fate=FATES, streams=st.booleans(), leaves=st.booleans())
    def regenerate(self, which: int, **how: Any) -> None:
        self.runner.run(self.pair.regenerate(which, **how))

    @precondition(lambda self: self.pair.plain.keys)
    @rule(which=WHICH, is_other=st.booleans())
    def retry(self, which: int, *, is_other: bool) -> None:
        self.runner.run(self.pair.retry(which, is_other=is_other))

    @precondition(lambda self: self.pair.plain.running())
    @rule()
    def release(self) -> None:
        self.runner.run(self.pair.release())

    @precondition(lambda self: self.pair.plain.running())
    @rule(which=WHICH)
    def stop(self, which: int) -> None:
        self.runner.run(self.pair.stop(which))

    @precondition(lambda self: self.pair.heard)
    @rule(which=WHICH, at=WHICH)
    def resume(self, which: int, at: int) -> None:
        self.runner.run(self.pair.resume(which, at))

    @precondition(lambda self: any(self.pair.plain.sessions.values()))
    @rule(which=WHICH)
    def delete_message(self, which: int) -> None:
        self.runner.run(self.pair.delete_message(which))

    @precondition(lambda self: self.pair.plain.sessions)
    @rule(which=WHICH)
    def delete_session(self, which: int) -> None:
        self.runner.run(self.pair.delete_session(which))

    @rule(amount=st.integers(1, 40))
    def grant(self, amount: int) -> None:
        self.runner.run(self.pair.grant(amount))

    @precondition(lambda self: self.pair.grants)
    @rule(which=WHICH, amount=st.integers(1, 40))
    def take_back(self, which: int, amount: int) -> None:
        self.runner.run(self.pair.take_back(which, amount))

    @rule(seconds=st.sampled_from([1, 60, 599, 600, 601, 3_600, 86_400]))
    def pass_time(self, seconds: int) -> None:
        self.runner.run(self.pair.pass_time(seconds))

    @rule()
    def sweep(self) -> None:
        self.runner.run(self.pair.sweep())

    @rule()
    def look_at_balance(self) -> None:
        self.runner.run(self.pair.look_at_balance())

    @invariant()
    def equals_its_plain_twin(self) -> None:
        self.runner.run(self.pair.check())


TestTurnsMachine = TurnsMachine.TestCase
TestTurnsMachine.settings = settings(
    max_examples=150 if IS_DEEP else 15,
    stateful_step_count=40 if IS_DEEP else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_long_conversation_equals_its_plain_twin(seed: int) -> None:
    """Hypothesis looks for short histories; this one goes far."""
    await _live(await open_pair(), random.Random(seed), STEPS)


@pytest.mark.parametrize("seed", range(REAL_SEEDS))
async def test_and_so_it_does_on_postgres(postgres_url: str, seed: int) -> None:
    pool = PostgresPool(postgres_url)
    await pool.open()
    try:
        await _live(await open_pair(pool), random.Random(1_000 + seed), REAL_STEPS)
    finally:
        await pool.close()


async def _live(pair: TurnsPair, chance: random.Random, steps: int) -> None:
    for _ in range(steps):
        await _take_a_step(pair, chance)
        await pair.check()
    await pair.close()


async def _take_a_step(pair: TurnsPair, chance: random.Random) -> None:
    which, plain = chance.randrange(1_000_000), pair.plain
    has_messages = any(plain.sessions.values())
    how: dict[str, Any] = {
        "fate": _some_fate(chance),
        "streams": chance.random() < 0.5,
        "leaves": chance.random() < 0.2,
    }
    steps: list[tuple[int, bool, Any]] = [
        (8, True, lambda: pair.send(
            chance.choice([None, which, which]), has_key=chance.random() < 0.5,
            earlier=chance.choice([0, 0, 3]), **how)),
        (5, has_messages, lambda: pair.regenerate(which, **how)),
        (4, bool(plain.keys), lambda: pair.retry(which, is_other=chance.random() < 0.3)),
        (3, bool(plain.running()), pair.release),
        (3, bool(plain.running()), lambda: pair.stop(which)),
        (4, bool(pair.heard), lambda: pair.resume(which, chance.randrange(10))),
        (2, has_messages, lambda: pair.delete_message(which)),
        (1, bool(plain.sessions), lambda: pair.delete_session(which)),
        (2, True, lambda: pair.grant(chance.randint(1, 40))),
        (1, bool(pair.grants), lambda: pair.take_back(which, chance.randint(1, 40))),
        (3, True, lambda: pair.pass_time(chance.choice([1, 60, 601, 3_600, 86_400]))),
        (2, True, pair.sweep),
        (2, True, pair.look_at_balance),
    ]  # fmt: skip
    possible = [(weight, step) for weight, can_be, step in steps if can_be]
    [step] = chance.choices([step for _, step in possible], [weight for weight, _ in possible])
    await step()


def _some_fate(chance: random.Random) -> Fate:
    return Fate(
        words=chance.randint(1, 6),
        stall_after=chance.choice([None, None, 0, 1, 3, 6]),
        fail_after=chance.choice([None, None, None, 0, 2, 6]),
        is_refusal=chance.random() < 0.3,
        usage=chance.choice([None, (10, 5), (3_000, 500), (5_000, 5_000), (0, 0)]),
    )
