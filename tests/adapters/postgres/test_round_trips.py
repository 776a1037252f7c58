"""What each method costs, counted in statements; and that each names the user."""

from collections.abc import Awaitable, Callable

import pytest
from attrs import frozen

from adapters.postgres import turn_sql
from adapters.postgres.connection import PostgresPool
from application.ports.job_runs import Patience
from application.ports.turn_store import IdempotencyKey, TurnOpening, TurnQuery
from domain.accounts import User
from domain.chat import Session
from tests.contracts.builders import (
    NOW,
    at,
    granted,
    make_closing,
    make_embedding,
    make_opening,
    make_prices,
    make_run,
    make_session,
    make_user,
)
from tests.contracts.stores import Stores


@frozen
class World:
    """Somebody with a session and a turn that is running."""

    stores: Stores
    user: User
    session: Session
    opening: TurnOpening


@pytest.fixture
async def world(stores: Stores) -> World:
    user = await stores.sign_up(credits=1_000)
    session = await stores.begin_session(user)
    await stores.say(user, session, position=2)
    await stores.say(user, session, position=4)
    await stores.remember(user, make_embedding(1))
    await stores.prices.publish(make_prices())
    opening = await stores.open(user, session, position=6)
    return World(stores, user, session, opening)


async def load(w: World) -> None:
    key = "key"
    await w.stores.turns.load(
        TurnQuery(w.user.id, history=20, session_id=w.session.id, idempotency_key=key)
    )


async def load_new(w: World) -> None:
    await w.stores.turns.load(TurnQuery(w.user.id, history=20, character_id="luna"))


async def load_again(w: World) -> None:
    said = w.opening.messages[-1].id
    await w.stores.turns.load(TurnQuery(w.user.id, history=20, message_id=said))


async def open_turn(w: World) -> None:
    wallet = w.opening.wallet.saved()
    key = IdempotencyKey("key", "fingerprint")
    session = make_session(w.user)
    assert await w.stores.turns.open(make_opening(wallet, session, is_new=True, key=key))


async def close_turn(w: World) -> None:
    closing = make_closing(w.opening, w.opening.wallet.saved(), position=7, work_until=at(60))
    assert await w.stores.turns.close(closing)


async def close_without_money(w: World) -> None:
    assert await w.stores.turns.close(make_closing(w.opening, None, position=7))


async def save_wallet(w: World) -> None:
    wallet = granted(w.opening.wallet.saved(), 5)
    assert await w.stores.wallets.save(wallet, lapsed_turns=[w.opening.turn.id])


async def search(w: World) -> None:
    assert len(await w.stores.recall(w.user, make_embedding(1), text="A dog?")) == 1


METHODS: dict[str, Callable[[World], Awaitable[object]]] = {
    "load": load,
    "load a new session": load_new,
    "load for another reply": load_again,
    "open": open_turn,
    "close": close_turn,
    "close without money": close_without_money,
    "save a wallet": save_wallet,
    "search": search,
    "get a wallet": lambda w: w.stores.wallets.get(w.user.id),
    "list entries": lambda w: w.stores.wallets.list_entries(w.user.id, limit=9, before=None),
    "get a turn": lambda w: w.stores.turns.get(w.user.id, w.opening.turn.id),
    "find a reply": lambda w: w.stores.turns.find_reply(w.user.id, w.opening.turn.id),
    "find an account": lambda w: w.stores.accounts.find_by_subject("subject-of-ann"),
    "add an account": lambda w: w.stores.accounts.add(make_user("bob")),
    "list messages": lambda w: w.stores.sessions.list_messages(
        w.user.id, w.session.id, limit=9, before=None
    ),
    "list sessions": lambda w: w.stores.sessions.list(w.user.id, limit=9, before=None),
    "list characters": lambda w: w.stores.characters.list(limit=9, after=None),
    "claim a key": lambda w: w.stores.idempotency.claim(w.user.id, "other", "f", NOW),
    "claim a run": lambda w: w.stores.jobs.claim(make_run(), Patience()),
    "current prices": lambda w: w.stores.prices.current(),
}


@pytest.mark.parametrize("method", METHODS)
async def test_it_is_one_statement(world: World, pool: PostgresPool, method: str) -> None:
    before = pool.round_trips
    await METHODS[method](world)
    assert pool.round_trips - before == 1


async def test_prices_are_read_once_in_a_while(world: World, pool: PostgresPool) -> None:
    first = await world.stores.prices.current()
    before = pool.round_trips
    assert await world.stores.prices.current() == first
    assert pool.round_trips == before


STATEMENTS = [name for name in dir(turn_sql) if name.isupper() and not name.startswith("_")]


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_of_a_turn_names_the_user(name: str) -> None:
    assert "user_id = %(user_id)s" in getattr(turn_sql, name)
