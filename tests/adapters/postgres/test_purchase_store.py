"""What only the real store can get wrong about purchases."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import psycopg
import pytest
from attrs import AttrsInstance, evolve, fields
from psycopg.errors import InsufficientPrivilege

from adapters.postgres import errand_queue, inbox, market_codec, purchase_sql
from adapters.postgres.connection import PostgresPool
from application.ports.errand_queue import QueuedErrand
from application.ports.inbox import InboxMessage, InboxState
from application.ports.purchase_store import Change, Holder, Owner
from domain.accounts import Tier
from domain.errors import NotFound
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.reports import Errand, StoreEvent
from tests.adapters.postgres.conftest import Superuser, until
from tests.contracts.builders import NOW, at
from tests.contracts.market import (
    Market,
    credited,
    make_catalogue,
    make_errand,
    make_event,
    make_purchase,
    paid,
)
from tests.contracts.postgres_stores import market_over
from tests.contracts.stores import Stores

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
DONE = (Provider.STRIPE, "evt_1")


@pytest.fixture
def market(pool: PostgresPool, stores: Stores) -> Market:
    return market_over(pool, stores)


@pytest.fixture
def other(postgres_url: str) -> Iterator[Superuser]:
    """Somebody else's transaction."""
    with psycopg.connect(postgres_url) as connection:
        yield connection


async def full_change(market: Market, purchase: Purchase) -> Change:
    holding = await market.open(purchase)
    after = paid(holding.purchase)
    return Change(
        purchase=after,
        now=at(7),
        wallet=credited(holding.wallet, after.lots[-1]),
        tier=Tier.PLUS,
        names=("in_1",),
        errands=(make_errand(),),
        done=DONE,
    )


async def written(market: Market, purchase: Purchase) -> set[bool]:
    """Of each part of ``full_change``, whether it was written."""
    holding = await market.open(purchase)
    entries = await market.stores.wallets.list_entries(purchase.user_id, limit=9, before=None)
    owner = await market.purchases.find_owner(Provider.STRIPE, ("in_1",))
    return {
        bool(holding.purchase.facts),
        any(lot.credits == 100 for lot in holding.wallet.lots),
        any(entry.amount == 100 for entry in entries),
        holding.tier is Tier.PLUS,
        owner is not None,
        bool(await market.owed()),
        (await market.inbox.get(*DONE)).state is InboxState.DONE,
    }


async def save_beside(
    market: Market, other: Superuser, superuser: Superuser, sql: str, *, commits: bool = True
) -> tuple[bool, set[bool]]:
    """What a change comes to that has to wait for another transaction, which does ``sql``."""
    purchase = await market.subscribe(await market.stores.sign_up())
    await market.inbox.add(make_event(), NOW)
    change = await full_change(market, purchase)
    other.execute(sql)
    saving = asyncio.create_task(market.purchases.save(change))
    await until(lambda: superuser.execute(WAITING).fetchone() == (1,))
    if commits:
        other.commit()
    else:
        other.rollback()
    return await saving, await written(market, purchase)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE wallets SET version = version + 1",
        "UPDATE purchases SET version = version + 1",
    ],
)
async def test_whoever_waited_for_a_change_has_lost(
    market: Market, other: Superuser, superuser: Superuser, sql: str
) -> None:
    assert await save_beside(market, other, superuser, sql) == (False, {False})


@pytest.mark.parametrize(
    ("sql", "commits"),
    [
        ("UPDATE wallets SET version = version + 1", False),
        ("UPDATE purchases SET version = version + 1", False),
        ("UPDATE wallets SET sweep_at = now()", True),
        ("UPDATE purchases SET status = status", True),
        ("SELECT FROM purchases, wallets FOR UPDATE", True),
        ("UPDATE users SET country = 'DE'", True),
    ],
)
async def test_whoever_waited_for_something_else_writes_everything(
    market: Market, other: Superuser, superuser: Superuser, sql: str, *, commits: bool
) -> None:
    assert await save_beside(market, other, superuser, sql, commits=commits) == (True, {True})


async def test_nothing_is_bought_by_an_account_that_is_being_erased(
    market: Market, other: Superuser, superuser: Superuser
) -> None:
    user = await market.stores.sign_up()
    other.execute("DELETE FROM identities")
    late: list[Awaitable[object]] = [
        market.purchases.add(make_purchase(user), ("pi_1",)),
        market.purchases.keep_customer(user.id, Provider.STRIPE, "cus_1"),
    ]
    tasks = [asyncio.ensure_future(one) for one in late]
    await until(lambda: superuser.execute(WAITING).fetchone() == (2,))
    other.commit()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [NotFound, NotFound]
    assert await market.purchases.list(user.id, limit=9, before=None) == []


async def test_what_somebody_is_at_keeps_nobody_waiting(market: Market, other: Superuser) -> None:
    user = await market.stores.sign_up()
    await market.errands.add(user.id, [make_errand("a"), make_errand("b")], NOW)
    await market.inbox.add(make_event(), NOW)
    await market.inbox.add(make_event("evt_2"), NOW)
    other.execute("SELECT FROM errands WHERE reference = 'a' FOR UPDATE")
    other.execute("SELECT FROM store_messages WHERE id = 'evt_1' FOR UPDATE")
    errands = await market.errands.claim(now=NOW, until=NOW, limit=9)
    assert [one.errand.reference for one in errands] == ["b"]
    assert await market.inbox.take(*DONE, until=NOW) is None
    messages = await market.inbox.claim(now=NOW, until=NOW, limit=9)
    assert [one.event.id for one in messages] == ["evt_2"]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM purchases",
        "DELETE FROM store_names",
        "UPDATE store_names SET user_id = 'x'",
        "UPDATE product_catalogues SET contents = '{}'",
        "DELETE FROM product_catalogues",
    ],
)
async def test_what_was_bought_cannot_be_deleted(pool: PostgresPool, sql: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        await pool.write(sql, {})


@pytest.mark.parametrize(
    ("tampering", "invariant"),
    [
        ("UPDATE purchases SET lots = replace(lots::text, ':100', ':99')::json", "grant"),
        ("UPDATE purchases SET lots = replace(lots::text, 'purchased', 'promo')::json", "grant"),
        (
            """INSERT INTO ledger SELECT user_id, 9, 'grant', bucket, lot_id, 100, 0, 200, 'x', '',
                now() FROM ledger""",
            "grant",
        ),
        (
            """INSERT INTO ledger SELECT user_id, 9, 'claw_back', bucket, lot_id, 0, 1, 100, 'x',
                '', now() FROM ledger""",
            "claw-back",
        ),
        (
            """UPDATE purchases
                SET lots = replace(lots::text, '"is_frozen":false', '"is_frozen":true')::json""",
            "freeze",
        ),
        (
            """UPDATE wallets
                SET lots = replace(lots::text, '"is_frozen":false', '"is_frozen":true')::json""",
            "freeze",
        ),
        (
            """INSERT INTO purchases SELECT user_id, 'copy', provider, product_id, is_subscription,
                quantity, reference, replaced_by, version, created_at, status, changes_at, facts,
                lots, standing FROM purchases""",
            "lot",
        ),
        ("UPDATE purchases SET lots = '[]'", "origin"),
        ("UPDATE users SET tier = 'plus', market_tier = 'plus'", "tier"),
    ],
)
async def test_the_audit_finds_what_was_done_behind_the_stores_back(
    market: Market, superuser: Superuser, tampering: str, invariant: str
) -> None:
    await market.settle(await market.place(await market.stores.sign_up()))
    assert await market.broken() == set()
    superuser.execute(tampering)
    assert {name for name, _ in await market.broken()} == {invariant}


async def test_a_lot_of_the_version_before_is_not_frozen(
    market: Market, superuser: Superuser
) -> None:
    purchase = await market.settle(await market.place(await market.stores.sign_up()))
    superuser.execute(
        """UPDATE wallets SET lots = replace(lots::text, ',"is_frozen":false', '')::json"""
    )
    [lot] = (await market.open(purchase)).wallet.lots
    assert (lot.credits, lot.is_frozen) == (100, False)
    assert await market.broken() == set()
    assert await market.stores.wallets.audit() == []


async def test_what_cannot_be_stored_is_replaced(market: Market) -> None:
    event = make_event(name="a\0b\ud800c")
    assert await market.inbox.add(event, NOW)
    kept = (await market.inbox.get(*DONE)).event.name
    assert kept.replace("\N{REPLACEMENT CHARACTER}", "?") == "a?b?c"
    user = await market.stores.sign_up()
    purchase = await market.place(user, "pi\0")
    named = Change(evolve(purchase, reference="x\0"), NOW, names=("y\0",))
    assert await market.purchases.save(named)
    for name in ("pi\0", "y\0"):
        owner = await market.purchases.find_owner(Provider.STRIPE, (name,))
        assert owner == Owner(user.id, purchase.id)


# --------------------------------------------------------------------------- what it costs


PLANS: dict[str, tuple[str, dict[str, Any]]] = {
    "purchases_due": (purchase_sql.LIST_DUE, {"now": NOW, "limit": 9}),
    "purchases_live": (
        purchase_sql.LIST_LIVE,
        {"provider": "stripe", "after_user": "", "after_id": "", "limit": 9},
    ),
    "ledger_lots": (purchase_sql.OPEN, {"user_id": "usr_1", "id": "pur_1"}),
    "store_names_pkey": (purchase_sql.FIND_OWNER, {"provider": "stripe", "names": '["a"]'}),
    "store_messages_due": (inbox._CLAIM, {"now": NOW, "until": NOW, "limit": 9}),  # noqa: SLF001
    "errands_due": (errand_queue._CLAIM, {"now": NOW, "until": NOW, "limit": 9}),  # noqa: SLF001
}


@pytest.mark.parametrize("index", PLANS)
async def test_it_is_found_by_its_index(superuser: Superuser, index: str) -> None:
    sql, values = PLANS[index]
    superuser.execute("SET enable_seqscan = off")
    plan = superuser.execute(f"EXPLAIN {sql}", values).fetchall()
    assert any(index in line for (line,) in plan), plan


METHODS: dict[str, Callable[[Market, Purchase], Awaitable[object]]] = {
    "add": lambda m, p: m.purchases.add(evolve(p, id="pur_new", version=0), ("pi_2",)),
    "get": lambda m, p: m.purchases.get(p.user_id, p.id),
    "list": lambda m, p: m.purchases.list(p.user_id, limit=9, before=None),
    "list subscriptions": lambda m, p: m.purchases.list_subscriptions(p.user_id),
    "find an owner": lambda m, _: m.purchases.find_owner(Provider.STRIPE, ("a", "b", "pi_1")),
    "get a holder": lambda m, p: m.purchases.get_holder(p.user_id),
    "keep a customer": lambda m, p: m.purchases.keep_customer(p.user_id, p.provider, "cus"),
    "open": lambda m, p: m.open(p),
    "save": lambda m, p: m.purchases.save(Change(p, NOW)),
    "list due": lambda m, _: m.purchases.list_due(NOW, limit=9),
    "list live": lambda m, _: m.purchases.list_live(Provider.STRIPE, limit=9, after=None),
    "add a message": lambda m, _: m.inbox.add(make_event(), NOW),
    "claim messages": lambda m, _: m.inbox.claim(now=NOW, until=NOW, limit=9),
    "take a message": lambda m, _: m.inbox.take(*DONE, until=NOW),
    "list messages": lambda m, _: m.inbox.list(state=None, limit=9, before="stripe:x"),
    "the lag": lambda m, _: m.inbox.lag(NOW),
    "owe errands": lambda m, p: m.errands.add(p.user_id, [make_errand(), make_errand("b")], NOW),
    "claim errands": lambda m, _: m.errands.claim(now=NOW, until=NOW, limit=9),
}


@pytest.mark.parametrize("method", METHODS)
async def test_it_is_one_statement(market: Market, pool: PostgresPool, method: str) -> None:
    purchase = await market.place(await market.stores.sign_up(), "pi_1")
    before = pool.round_trips
    await METHODS[method](market, purchase)
    assert pool.round_trips - before == 1


async def test_a_change_with_money_is_one_statement(market: Market, pool: PostgresPool) -> None:
    purchase = await market.place(await market.stores.sign_up())
    change = await full_change(market, purchase)
    before = pool.round_trips
    assert await market.purchases.save(change)
    assert pool.round_trips - before == 1


async def test_products_are_read_once_in_a_while(market: Market, pool: PostgresPool) -> None:
    await market.products.publish(make_catalogue())
    first = await market.products.current()
    before = pool.round_trips
    assert await market.products.current() == first
    assert pool.round_trips == before


@pytest.mark.parametrize(
    ("document", "kinds"),
    [
        (market_codec.PURCHASE, [Purchase]),
        (market_codec.MESSAGE, [InboxMessage, StoreEvent]),
        (market_codec.ERRAND, [QueuedErrand, Errand]),
        (purchase_sql.GET_HOLDER, [Holder]),
    ],
)
def test_each_field_is_read(document: str, kinds: list[type[AttrsInstance]]) -> None:
    """One that a value has gained would otherwise be lost without a word."""
    named = set(re.findall(r"'(\w+)',", document))
    assert {field.name for kind in kinds for field in fields(kind)} <= named


BY_USER = ["GET", "LIST", "LIST_SUBSCRIPTIONS", "ADD", "GET_HOLDER", "KEEP_CUSTOMER", "OPEN"]


@pytest.mark.parametrize("name", [*BY_USER, "SAVE", "SAVE_WITHOUT_MONEY"])
def test_every_statement_about_somebody_names_the_user(name: str) -> None:
    assert "user_id = %(user_id)s" in getattr(purchase_sql, name)
