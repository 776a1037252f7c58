"""What the wallet's jobs do, and what a wallet does that everybody wants at once."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from attrs import frozen

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.clock import InMemoryClock
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.price_book import InMemoryPriceBook
from adapters.in_memory.wallet_store import InMemoryWalletStore
from application.keyed_locks import KeyedLocks
from application.wallet.refresh_daily_credits import RefreshDailyCredits
from application.wallet.sweep_holds import SweepHolds
from application.wallet.wallet_changes import ATTEMPTS, WalletChanges
from domain.accounts import Tier, User
from domain.errors import Unavailable
from domain.holds import hold
from domain.pricing import PriceTable, TierTerms
from domain.wallet import Wallet, refresh
from tests.contracts.builders import NOW, make_user

PRICES = PriceTable(1, 1, {}, {tier: TierTerms(100, 20, 60) for tier in Tier})
SOON = NOW + timedelta(minutes=10)


class LosingWallets(InMemoryWalletStore):
    """Lets somebody else win the next races."""

    losses = 0
    saves = 0

    async def save(self, wallet: Wallet, *, lapsed_turns: Sequence[str] = ()) -> bool:
        self.saves += 1
        if self.losses:
            self.losses -= 1
            return False
        return await super().save(wallet, lapsed_turns=lapsed_turns)


@frozen
class Bank:
    database: InMemoryDatabase
    accounts: InMemoryAccountStore
    wallets: LosingWallets
    changes: WalletChanges
    clock: InMemoryClock

    async def people(self, count: int) -> list[User]:
        return [await self.accounts.add(make_user(f"user-{number}")) for number in range(count)]

    async def sweep(self) -> str:
        return await SweepHolds(self.wallets, self.changes, self.clock)()

    async def refresh(self) -> str:
        prices = InMemoryPriceBook(self.database)
        return await RefreshDailyCredits(self.wallets, self.changes, prices, self.clock)()

    async def hold(self, user: User, turn_id: str) -> None:
        await self.changes.apply(user.id, partial(refresh, daily_credits=20, now=NOW))
        decide = partial(hold, turn_id=turn_id, amount=5, now=NOW, expires_at=SOON)
        await self.changes.apply(user.id, decide)


@pytest.fixture
def bank() -> Bank:
    database = InMemoryDatabase()
    wallets = LosingWallets(database)
    changes = WalletChanges(wallets, KeyedLocks())
    return Bank(database, InMemoryAccountStore(database), wallets, changes, InMemoryClock(NOW))


async def test_everybody_gets_the_days_credits_once_however_many_there_are(bank: Bank) -> None:
    people = await bank.people(501)
    assert await bank.refresh() == "nothing to give before prices are published"
    await InMemoryPriceBook(bank.database).publish(PRICES)
    assert await bank.refresh() == "refreshed 501 wallets"
    assert await bank.refresh() == "refreshed 0 wallets"
    assert {(await bank.wallets.get(one.id)).balance for one in people} == {20}


async def test_holds_whose_time_is_over_are_released(bank: Bank) -> None:
    people = await bank.people(201)
    for user in people:
        await bank.hold(user, f"turn of {user.id}")
    assert await bank.sweep() == "released 0 holds"
    bank.clock.set(SOON)
    assert await bank.sweep() == "released 201 holds"
    assert {(await bank.wallets.get(one.id)).available for one in people} == {20}


async def test_a_sweep_that_gets_nowhere_ends(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that names a wallet in which nothing is overdue does not keep it for ever."""
    [user] = await bank.people(1)

    async def stubborn(*_: object, **__: object) -> list[str]:
        return [user.id]

    monkeypatch.setattr(bank.wallets, "find_overdue", stubborn)
    assert await bank.sweep() == "released 0 holds"


def given(credits_: int) -> Callable[[Wallet], Wallet]:
    return partial(refresh, daily_credits=credits_, now=NOW)


async def test_a_lost_race_is_run_again_and_only_so_often(bank: Bank) -> None:
    first, second = await bank.people(2)
    bank.wallets.losses = ATTEMPTS - 1
    after = await bank.changes.apply(first.id, given(20))
    assert after == await bank.wallets.get(first.id)
    assert (after.balance, bank.wallets.saves) == (20, ATTEMPTS)
    bank.wallets.losses = ATTEMPTS
    with pytest.raises(Unavailable, match="too busy"):
        await bank.changes.apply(second.id, given(20))
    assert (await bank.wallets.get(second.id)).balance == 0


async def test_what_changes_nothing_is_not_saved(bank: Bank) -> None:
    [user] = await bank.people(1)
    before = await bank.wallets.get(user.id)
    assert await bank.changes.apply(user.id, lambda wallet: wallet) == before
    assert bank.wallets.saves == 0
