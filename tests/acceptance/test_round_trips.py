"""A turn asks the database four times at most, wired as in production."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from attrs import frozen

from adapters.postgres.connection import PostgresPool
from adapters.postgres.wallet_store import PostgresWalletStore
from application.accounts.authenticate import AuthenticateCommand
from application.accounts.issue_token import IssueTokenCommand
from application.chat.send_message import SendMessageCommand
from application.chat.turn_plan import TurnOptions
from domain.accounts import User
from entrypoints.config import load_settings
from entrypoints.container import UseCases
from entrypoints.lifecycle import running, seed
from entrypoints.metrics import Metrics
from tests.acceptance.product import MODEL, MODEL_KEY, Model

MOST = 4
LEARNING = 2
"""To look at what is known, and to write what is new; after the reply."""
TELLING = "My sister Clara lives in Lisbon and repairs old radios."
CHATTER = "Thank you so much, that is really nice!"


@frozen
class Wired:
    use_cases: UseCases
    pool: PostgresPool
    user: User


@pytest.fixture
async def wired(
    postgres_url: str, redis_url: str, scripted_model: Model, tmp_path: Path
) -> AsyncIterator[Wired]:
    scripted_model.reset()
    settings = load_settings(
        {
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": postgres_url,
            "REDIS_URL": redis_url,
            "XAI_API_KEY": MODEL_KEY,
            "XAI_BASE_URL": scripted_model.url,
            "XAI_MODEL": MODEL,
        }
    )
    async with running(settings, Metrics()) as (use_cases, adapters):
        await seed(use_cases)
        issued = await use_cases.issue_token()(IssueTokenCommand("counted"))
        caller = await use_cases.authenticate()(AuthenticateCommand(issued.id_token, "127.0.0.1"))
        assert isinstance(adapters.wallets, PostgresWalletStore)
        pool = vars(adapters.wallets)["_pool"]
        yield Wired(use_cases, pool, caller.user)
        await use_cases.runner().drain(0)


async def turn(
    wired: Wired, *, stream: bool, session_id: str | None, content: str = CHATTER
) -> str:
    """Say something and wait for the end; returns the session."""
    command = SendMessageCommand(
        user_id=wired.user.id,
        character_id="mira",
        content=content,
        session_id=session_id,
        options=TurnOptions(stream=stream, max_tokens=100),
    )
    feed = await wired.use_cases.send_message()(command)
    kinds = [event.kind async for batch in feed.events for event in batch]
    assert kinds[-1] == "done"
    return feed.turn.session_id


@pytest.mark.parametrize("stream", [False, True])
async def test_a_turn_takes_four_round_trips_to_the_database(wired: Wired, *, stream: bool) -> None:
    session_id = await turn(wired, stream=stream, session_id=None)
    before = wired.pool.round_trips
    await turn(wired, stream=stream, session_id=session_id)
    await turn(wired, stream=stream, session_id=None)
    assert 0 < wired.pool.round_trips - before <= 2 * MOST


async def test_learning_from_it_takes_two_more_that_nobody_waits_for(wired: Wired) -> None:
    await turn(wired, stream=False, session_id=None)
    before = wired.pool.round_trips
    await turn(wired, stream=False, session_id=None, content=TELLING)
    assert wired.pool.round_trips - before <= MOST + 1
    await wired.use_cases.memory_tasks().settled(wired.user.id, 30)
    assert wired.pool.round_trips - before == MOST + LEARNING
