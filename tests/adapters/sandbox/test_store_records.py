"""Whose account is gone has nothing that renews at the sandbox."""

from datetime import timedelta

import pytest
from attrs import evolve

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.purchase_store import InMemoryPurchaseStore
from adapters.sandbox.store_records import SandboxRecords
from domain.accounts import Tier, User
from domain.market.facts import FactKind
from domain.market.products import Catalogue
from domain.market.purchases import Purchase
from domain.market.simulation import Action
from domain.market.standing import Status
from tests.domain.market.sandbox_shop import CATALOGUE, NOON, PACK, PLUS, after, bought

LATE = NOON + timedelta(days=400)


async def catalogue() -> Catalogue:
    return CATALOGUE


@pytest.fixture
async def records() -> SandboxRecords:
    """Of a person who has gone."""
    database = InMemoryDatabase()
    accounts = InMemoryAccountStore(database)
    user = await accounts.add(User("usr_1", "ann", Tier.FREE, NOON))
    await accounts.erase(evolve(user, subject=None, erased_at=NOON))
    return SandboxRecords(catalogue, InMemoryPurchaseStore(database))


async def looked_up(records: SandboxRecords, purchase: Purchase) -> Purchase:
    report = await records.look_up(purchase, LATE)
    assert report
    return purchase.learn(report.facts, LATE)


async def test_it_ends_with_its_period_however_late_one_looks(records: SandboxRecords) -> None:
    over = await looked_up(records, bought(PLUS))
    assert over.status is Status.EXPIRED
    kinds = [fact.kind for fact in over.facts]
    assert kinds == [FactKind.RENEWED, FactKind.CANCELLED, FactKind.LAPSED]
    assert over.facts[-1].at == bought(PLUS).standing.ends_at


@pytest.mark.parametrize("purchase", [bought(PACK), after(bought(PLUS), Action.LAPSE)])
async def test_nothing_is_said_of_what_does_not_renew(
    records: SandboxRecords, purchase: Purchase
) -> None:
    assert (await looked_up(records, purchase)).facts == purchase.facts


@pytest.mark.parametrize("happened", [Action.PAUSE, Action.HOLD, Action.REFUND])
async def test_what_is_cancelled_for_somebody_gone_is_cancelled_once(
    records: SandboxRecords, happened: Action
) -> None:
    told = await looked_up(records, after(bought(PLUS), happened))
    assert not told.status.is_open
    assert (await looked_up(records, told)).facts == told.facts
