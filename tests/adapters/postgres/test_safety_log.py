"""What only PostgreSQL can get wrong: who waits for whom, and how the queue is read."""

import asyncio
import contextlib

import psycopg
import pytest

from adapters.postgres import safety_log
from adapters.postgres.statement import statement
from domain.accounts import User
from domain.errors import Unavailable
from domain.safety.reviews import FlagRecord, ReviewStatus
from domain.safety.verdicts import Action, Category, Flag, Stage
from tests.adapters.postgres.conftest import Superuser, until
from tests.contracts.builders import NOW, new_id
from tests.contracts.stores import Stores

FLAG = Flag(Category.SELF_HARM, Action.REFER, "en/wants-to-die", "1", "i want to die", "en")


WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def make_flag(user: User) -> FlagRecord:
    return FlagRecord(new_id("flg"), user.id, Stage.INPUT, FLAG, NOW)


async def test_an_account_that_is_being_erased_delays_only_its_own_flags(
    stores: Stores, postgres_url: str, superuser: Superuser
) -> None:
    """The rows of counts are everybody's: nobody holds one while waiting for an account."""
    ann, bob = await stores.sign_up("ann"), await stores.sign_up("bob")
    await stores.safety_log.count(["report"], NOW)
    with psycopg.connect(postgres_url) as eraser:
        eraser.execute("SELECT 1 FROM identities WHERE user_id = %s FOR UPDATE", (ann.id,))
        waiting = asyncio.create_task(
            stores.safety_log.record(ann.id, [make_flag(ann)], ["report"], NOW)
        )
        await until(lambda: superuser.execute(WAITING).fetchone() != (0,))
        superuser.execute("SELECT 1 FROM safety_counts FOR UPDATE NOWAIT")
        await stores.safety_log.record(bob.id, [make_flag(bob)], ["report"], NOW)
        eraser.rollback()
    with contextlib.suppress(Unavailable):  # a machine so busy that its own deadline came first
        await waiting
    kept = await stores.safety_log.list_flags(status=None, limit=10, before=None)
    [count] = await stores.safety_log.counts(NOW.date(), NOW.date())
    assert count.count == 1 + len(kept)


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (safety_log._LIST_FLAGS[ReviewStatus.OPEN], "moderation_flags_open"),  # noqa: SLF001 - its plan
        (safety_log._LIST_FLAGS[None], "moderation_flags_latest"),  # noqa: SLF001 - the same
        (safety_log._LIST_REPORTS[ReviewStatus.OPEN], "reports_open"),  # noqa: SLF001 - the same
    ],
)
def test_the_queue_is_read_from_its_end_and_never_as_a_whole(
    superuser: Superuser, sql: str, index: str
) -> None:
    text = statement(sql).sql.decode()
    # A table this small is read as a whole, unless that is made to cost.
    superuser.execute("SET enable_seqscan = off")
    superuser.execute("SET enable_sort = off")
    rows = superuser.execute(f"EXPLAIN (GENERIC_PLAN, COSTS OFF) {text}").fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert f"Index Scan Backward using {index}" in plan
    assert "Sort" not in plan
