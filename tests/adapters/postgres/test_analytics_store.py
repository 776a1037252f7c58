"""That counting costs what is new, not what there is."""

import json
import re
from typing import Any

import pytest

from adapters.postgres import analytics_sql
from adapters.postgres.connection import PostgresPool
from tests.adapters.postgres.conftest import Superuser
from tests.contracts.stores import Stores

# Five hundred people with a hundred entries each, all of them counted; so are their turns.
FILL = """
INSERT INTO users (id, tier, created_at, age_band)
SELECT 'old_' || u, 'free', now(), 'unknown' FROM generate_series(1, 500) u;
INSERT INTO wallets (user_id, entry_count, counted_entries, is_due)
SELECT id, 100, 100, false FROM users;
INSERT INTO ledger (user_id, seq, kind, bucket, lot_id, amount, debt, balance_after, reference,
    description, created_at)
SELECT u.id, n, 'grant', 'promo', 'lot', 1, 0, n, 'ref_' || n, '', now()
FROM users u, generate_series(1, 100) n;
INSERT INTO turn_facts (turn_id, outcome, turns, day, character_id, model, prompt, cached,
    completion, round)
SELECT 'turn_' || n, 'completed', 1, current_date, 'luna', 'grok', 1, 0, 1, 1
FROM generate_series(1, 20000) n;
INSERT INTO purchases (user_id, id, provider, product_id, is_subscription, quantity, created_at,
    status, standing, is_due)
SELECT id, 'pur_' || id, 'stripe', 'pack', false, 1, now(), 'pending', '{}', false FROM users;
ANALYZE;
"""


@pytest.fixture
async def filled(superuser: Superuser, stores: Stores) -> None:
    superuser.execute(FILL)
    user, session = await stores.sign_up_to_talk()
    await stores.say(user, session)


def scanned(superuser: Superuser, sql: str, **values: int) -> dict[str, int]:
    """How many rows of each table the statement looked at."""
    text = re.sub(r"%\((\w+)\)s", lambda found: str(values[found[1]]), sql)
    row = superuser.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}").fetchone()
    assert row is not None
    plans = row[0] if isinstance(row[0], list) else json.loads(row[0])
    found: dict[str, int] = {}

    def walk(node: dict[str, Any]) -> None:
        if "Relation Name" in node:
            rows = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node[
                "Actual Loops"
            ]
            name = node["Relation Name"]
            found[name] = found.get(name, 0) + round(rows)
        for below in node.get("Plans", ()):
            walk(below)

    walk(plans[0]["Plan"])
    return found


@pytest.mark.usefixtures("filled")
def test_of_fifty_thousand_entries_only_the_new_ones_are_read(superuser: Superuser) -> None:
    found = scanned(superuser, analytics_sql.FIND_PEOPLE, limit=200, entries=2_000)
    assert found["ledger"] == 2, "one was bought, one was charged"
    assert found["wallets"] == 1
    assert found["turn_facts"] == 1


@pytest.mark.usefixtures("filled")
def test_of_twenty_thousand_turns_only_the_new_one_is_read(superuser: Superuser) -> None:
    assert scanned(superuser, analytics_sql.FIND_TURNS, limit=2_000)["turn_facts"] == 1


@pytest.mark.usefixtures("filled")
def test_purchases_that_have_not_changed_are_not_read(superuser: Superuser) -> None:
    assert scanned(superuser, analytics_sql.FIND_PURCHASERS, limit=200).get("purchases", 0) == 0


async def test_the_sums_name_nobody(pool: PostgresPool) -> None:
    columns = await pool.read(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_name IN ('day_counts', 'turn_facts', 'analytics_state')",
        {},
    )
    assert len(columns) > 10
    assert not any(b"user" in (column or b"") for _, column in columns)
