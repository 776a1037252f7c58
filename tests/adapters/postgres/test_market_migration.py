"""Accounts and wallets from before there was a market come along, and the version before lives."""

from typing import Any

import psycopg

from adapters.in_memory.clock import InMemoryClock
from adapters.postgres import migrations
from adapters.postgres.connection import PostgresPool
from application.ports.purchase_store import Change
from domain.accounts import Tier
from tests.contracts.builders import NOW
from tests.contracts.market import credited, make_subscription, paid
from tests.contracts.postgres_stores import market_over, stores_over

BEFORE = """
INSERT INTO users (id, tier, created_at, age_band)
    VALUES ('usr_{0}', 'free', now(), 'unknown');
INSERT INTO identities (subject, user_id) VALUES ('{0}', 'usr_{0}');
INSERT INTO wallets (user_id, version, balance, entry_count, lots) VALUES ('usr_{0}', 1, 5, 1,
    '[{{"id":"gift","bucket":"promo","credits":5,"expires_at":null,"held":0,"owed":0}}]');
INSERT INTO ledger VALUES ('usr_{0}', 1, 'grant', 'promo', 'gift', 5, 0, 5, 'gift', '', now());
"""


def run(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


async def test_those_who_were_there_before_can_buy(postgres_empty_url: str) -> None:
    url = postgres_empty_url
    migrations.upgrade(url, "0005")
    run(url, BEFORE.format("ann"))
    migrations.upgrade(url, "0006")
    run(url, BEFORE.format("bob"))  # as the version before still does
    tokens = {token for (token,) in run(url, "SELECT store_token FROM identities")}
    assert len(tokens) == 2
    pool = PostgresPool(url)
    await pool.open()
    try:
        stores = stores_over(pool, InMemoryClock(NOW))
        market = market_over(pool, stores)
        for name in ("ann", "bob"):
            user = await stores.accounts.get(f"usr_{name}")
            purchase = await market.purchases.add(make_subscription(user))
            holding = await market.open(purchase)
            after = paid(holding.purchase)
            wallet = credited(holding.wallet, after.lots[-1])
            assert await market.purchases.save(Change(after, NOW, wallet, tier=Tier.PLUS))
            assert (await stores.wallets.get(user.id)).balance == 105
        assert await market.broken() == set()
        assert await stores.wallets.audit() == []
    finally:
        await pool.close()


def test_the_way_back_leaves_accounts_and_money(postgres_empty_url: str) -> None:
    url = postgres_empty_url
    migrations.upgrade(url, "0006")
    run(url, BEFORE.format("ann"))
    migrations.downgrade(url, "0005")
    assert run(url, "SELECT user_id, balance FROM wallets") == [("usr_ann", 5)]
    assert run(url, "SELECT subject, user_id FROM identities") == [("ann", "usr_ann")]
    migrations.upgrade(url, "0006")
    assert len(run(url, "SELECT store_token FROM identities")) == 1
