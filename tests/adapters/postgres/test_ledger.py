"""What was written to the ledger stays, whoever wants to change it."""

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege

from adapters.postgres.connection import PostgresPool
from tests.adapters.postgres.conftest import Superuser
from tests.contracts.stores import Stores

CHANGES = [
    "UPDATE ledger SET amount = amount + 1",
    "DELETE FROM ledger",
    "TRUNCATE ledger",
    "INSERT INTO ledger SELECT * FROM ledger ON CONFLICT (user_id, seq) DO UPDATE SET amount = 9",
]


@pytest.fixture
async def written(stores: Stores) -> None:
    await stores.sign_up(credits=10)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("change", CHANGES)
async def test_the_applications_role_cannot_change_it(pool: PostgresPool, change: str) -> None:
    with pytest.raises(InsufficientPrivilege, match="permission denied"):
        await pool.write(change, {})
    assert await pool.read("SELECT amount FROM ledger", {}) == [(b"10",)]


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_else_can_either(superuser: Superuser, change: str) -> None:
    with pytest.raises(psycopg.Error, match="append-only"):
        superuser.execute(change)
    assert superuser.execute("SELECT amount FROM ledger").fetchall() == [(10,)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM users",
        "DELETE FROM wallets",
        "UPDATE price_tables SET version = 2",
        "UPDATE character_versions SET version = 2",
        "DELETE FROM analytics_state",
        "ALTER TABLE ledger DISABLE TRIGGER ALL",
        "DROP TABLE ledger",
        "CREATE TABLE mine (id int)",
    ],
)
async def test_the_role_has_no_more_rights_than_it_uses(pool: PostgresPool, statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        await pool.write(statement, {})


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("change", ["held = balance + 1", "held = -1", "balance = -1", "debt = -1"])
async def test_no_wallet_can_be_overdrawn(pool: PostgresPool, change: str) -> None:
    with pytest.raises(CheckViolation):
        await pool.write(f"UPDATE wallets SET {change}", {})
