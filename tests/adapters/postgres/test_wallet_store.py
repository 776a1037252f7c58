"""What only the real store can get wrong about wallets."""

import asyncio

import pytest
from attrs import evolve

from adapters.postgres import wallet_store
from domain.holds import hold, release
from tests.adapters.postgres.conftest import Superuser
from tests.contracts.builders import NOW, at, granted
from tests.contracts.stores import Stores

APPEND = """
INSERT INTO ledger
SELECT user_id, {seq}, 'grant', 'promo', 'x', 0, 0, {balance_after}, 'x', '', now() FROM wallets"""


async def test_of_parallel_saves_each_version_has_one_winner(stores: Stores) -> None:
    user = await stores.sign_up()
    lost = 0

    async def add_one() -> None:
        nonlocal lost
        while not await stores.wallets.save(granted(await stores.wallets.get(user.id), 1)):
            lost += 1

    await asyncio.gather(*(add_one() for _ in range(20)))
    wallet = await stores.wallets.get(user.id)
    assert (wallet.balance, wallet.version, wallet.entry_count) == (20, 20, 20)
    assert lost
    assert await stores.wallets.audit() == []


async def test_the_sweep_goes_on_behind_what_is_no_longer_due(
    stores: Stores, superuser: Superuser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Times to sweep are put right as they come up; real ones lie behind many that are not."""
    monkeypatch.setattr(wallet_store, "_SWEEP_BATCH", 3)
    for number in range(8):
        user = await stores.sign_up(f"user-{number}", credits=10)
        wallet = await stores.wallets.get(user.id)
        held = hold(wallet, turn_id="turn", amount=1, now=NOW, expires_at=at(number))
        assert await stores.wallets.save(held)
        free = release(held.saved(), turn_id="turn", now=NOW)
        assert await stores.wallets.save(free)
    user = await stores.sign_up("overdue", credits=10)
    wallet = await stores.wallets.get(user.id)
    overdue = hold(wallet, turn_id="turn", amount=1, now=NOW, expires_at=at(50))
    assert await stores.wallets.save(overdue)
    assert await stores.wallets.find_overdue(at(49), limit=5) == []
    assert await stores.wallets.find_overdue(at(50), limit=5) == [user.id]
    left = superuser.execute("SELECT user_id FROM wallets WHERE sweep_at IS NOT NULL").fetchall()
    assert left == [(user.id,)]


async def test_a_longer_hold_does_not_hide_a_shorter_one(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    wallet = await stores.wallets.get(user.id)
    wallet = hold(wallet, turn_id="long", amount=1, now=NOW, expires_at=at(600))
    assert await stores.wallets.save(wallet)
    wallet = hold(wallet.saved(), turn_id="short", amount=1, now=NOW, expires_at=at(5))
    assert await stores.wallets.save(wallet)
    assert await stores.wallets.find_overdue(at(5), limit=5) == [user.id]
    freed = release(wallet.saved(), turn_id="short", now=at(6))
    assert await stores.wallets.save(freed)
    assert await stores.wallets.find_overdue(at(599), limit=5) == []
    assert await stores.wallets.find_overdue(at(600), limit=5) == [user.id]


@pytest.mark.parametrize(
    ("tampering", "invariant"),
    [
        ("UPDATE wallets SET balance = balance + 1", "projection"),
        ("UPDATE wallets SET held = 1", "projection"),
        ("UPDATE wallets SET entry_count = 7", "sequence"),
        ("UPDATE wallets SET debt = 1", "debt"),
        ("UPDATE wallets SET lots = '[]'", "balance"),
        (
            """UPDATE wallets SET lots = replace(lots::text, '"held":0', '"held":3')::json""",
            "holds",
        ),
        (APPEND.format(seq=9, balance_after=10), "sequence"),
        (APPEND.format(seq=2, balance_after=11), "running balance"),
    ],
)
async def test_the_audit_finds_what_was_done_behind_the_stores_back(
    stores: Stores, superuser: Superuser, tampering: str, invariant: str
) -> None:
    user = await stores.sign_up(credits=10)
    assert await stores.wallets.audit() == []
    superuser.execute(tampering)
    found = await stores.wallets.audit()
    assert (invariant, user.id) in {(one.invariant, one.subject) for one in found}


async def test_numbers_beyond_the_databases_are_no_error(stores: Stores) -> None:
    user = await stores.sign_up(credits=10)
    session = await stores.begin_session(user)
    await stores.say(user, session)
    entries = await stores.wallets.list_entries(user.id, limit=5, before=2**80)
    messages = await stores.sessions.list_messages(user.id, session.id, limit=5, before=2**80)
    assert (len(entries), len(messages)) == (2, 2)


async def test_no_name_of_the_erased_stays_with_the_money(
    stores: Stores, superuser: Superuser
) -> None:
    user = await stores.sign_up("secret-person", credits=10, display_name="Secret Name")
    await stores.say(user, await stores.begin_session(user), text="secret words")
    await stores.accounts.erase(evolve(user, subject=None, display_name=None, erased_at=NOW))
    tables = superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables.fetchall():
        rows = superuser.execute(f"SELECT row_to_json(t)::text FROM {table} t").fetchall()
        assert not any("secret" in row.lower() for (row,) in rows), table
