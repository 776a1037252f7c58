"""The market's use cases over the fakes, for two people and as many processes as a test wants."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from attrs import Factory, define, evolve

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.clock import InMemoryClock, InMemoryIdGenerator
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.errand_queue import InMemoryErrandQueue
from adapters.in_memory.inbox import InMemoryInbox
from adapters.in_memory.payment_gateway import InMemoryPaymentGateway
from adapters.in_memory.product_book import InMemoryProductBook
from adapters.in_memory.purchase_store import InMemoryPurchaseStore
from adapters.in_memory.store_errands import InMemoryStoreErrands
from adapters.in_memory.store_events import InMemoryStoreEvents
from adapters.in_memory.store_records import InMemoryStoreRecords
from adapters.in_memory.store_verifier import InMemoryStoreVerifier
from adapters.in_memory.wallet_store import InMemoryWalletStore
from application.accounts.callers import RecentCallers
from application.background import Background
from application.keyed_locks import KeyedLocks
from application.market.errand_work import ErrandWork
from application.market.event_work import EventWork
from application.market.place_order import PlaceOrder
from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import PurchaseOwners
from application.market.receive_store_event import ReceiveStoreEvent
from application.market.reconcile_purchases import ReconcilePurchases
from application.market.renew_subscriptions import RenewSubscriptions
from application.market.replay_store_event import ReplayStoreEvent
from application.market.stores import Stores
from application.ports.purchase_store import Change, Owner, PurchaseStore
from application.ports.wallet_store import Violation
from domain.accounts import Tier, User
from domain.ledger import LedgerEntry
from domain.market.facts import Fact
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.reports import Errand, Report
from domain.wallet import Wallet
from tests.domain.market.stories import CATALOGUE, START, paid

STRIPE, GOOGLE = Provider.STRIPE, Provider.GOOGLE


class RacingPurchases:
    """Lets somebody else win the next races."""

    def __init__(self, purchases: InMemoryPurchaseStore) -> None:
        self._purchases = purchases
        self.lost = 0
        self.saves = 0

    async def save(self, change: Change) -> bool:
        self.saves += 1
        if self.lost:
            self.lost -= 1
            return False
        return await self._purchases.save(change)

    def __getattr__(self, name: str) -> object:
        return getattr(self._purchases, name)


@define(slots=False)
class Shop:
    """Sam and Kim buy at Stripe, which takes orders, and at Google, which sells in the app."""

    sam: User
    kim: User
    database: InMemoryDatabase
    clock: InMemoryClock
    racing: RacingPurchases
    ids: InMemoryIdGenerator = Factory(InMemoryIdGenerator)
    recent: RecentCallers = Factory(RecentCallers)
    background: Background = Factory(Background)
    events: InMemoryStoreEvents = Factory(InMemoryStoreEvents)
    records: InMemoryStoreRecords = Factory(InMemoryStoreRecords)
    verifier: InMemoryStoreVerifier = Factory(InMemoryStoreVerifier)
    performer: InMemoryStoreErrands = Factory(InMemoryStoreErrands)

    def __attrs_post_init__(self) -> None:
        self.accounts = InMemoryAccountStore(self.database)
        self.wallets = InMemoryWalletStore(self.database)
        self.products = InMemoryProductBook(self.database)
        self.purchases = cast("PurchaseStore", self.racing)
        self.inbox = InMemoryInbox(self.database)
        self.queue = InMemoryErrandQueue(self.database)
        self.gateway = InMemoryPaymentGateway(self.clock)
        self.stores = Stores(
            gateways={STRIPE: self.gateway},
            verifiers={GOOGLE: self.verifier},
            events={STRIPE: self.events},
            records={STRIPE: self.records},
            errands={GOOGLE: self.performer},
        )
        self.changes = self.process()
        self.errands = ErrandWork(
            self.stores, self.queue, self.purchases, self.background, self.clock
        )
        self.work = EventWork(self.stores, self.inbox, self.changes, self.errands, self.clock)
        self.receive = ReceiveStoreEvent(
            self.stores, self.inbox, self.work, self.background, self.clock
        )
        self.replay = ReplayStoreEvent(self.inbox, self.work, self.accounts, self.clock)
        self.renew = RenewSubscriptions(self.stores, self.purchases, self.changes, self.clock)
        self.reconcile = ReconcilePurchases(self.stores, self.purchases, self.changes, self.clock)
        self.place_order = PlaceOrder(
            self.stores, self.purchases, self.products, self.changes, self.errands, self.clock,
            self.ids,
        )  # fmt: skip

    def process(self) -> PurchaseChanges:
        """The use case as one more process has it: it shares no locks with the others."""
        owners = PurchaseOwners(self.purchases, self.clock, self.ids)
        return PurchaseChanges(
            self.purchases, owners, self.products, self.recent, KeyedLocks(), self.clock
        )

    async def token(self, user: User) -> str:
        return (await self.purchases.get_holder(user.id)).store_token

    async def wallet(self, user: User | None = None) -> Wallet:
        return await self.wallets.get((user or self.sam).id)

    async def ledger(self) -> Sequence[LedgerEntry]:
        return await self.wallets.list_entries(self.sam.id, limit=100, before=None)

    async def tier(self) -> Tier:
        return (await self.accounts.get(self.sam.id)).tier

    async def give_tier(self, tier: Tier) -> None:
        await self.accounts.save(await self.accounts.get(self.sam.id), tier=tier)

    async def erase(self, user: User) -> None:
        gone = await self.accounts.get(user.id)
        await self.accounts.erase(evolve(gone, erased_at=self.clock.now()))

    async def get(self, purchase: Purchase) -> Purchase:
        return await self.purchases.get(purchase.user_id, purchase.id)

    async def owed(self) -> list[Errand]:
        return [row.errand for row in self.database.errands.values()]

    async def violations(self) -> list[Violation]:
        return [*await self.wallets.audit(), *await self.purchases.audit()]

    async def calm(self) -> None:
        """Until what runs in the background has ended; nothing in it waits for time."""
        for _ in range(500):
            await asyncio.sleep(0)

    def wait(self, **time: float) -> datetime:
        self.clock.advance(timedelta(**time))
        return self.clock.now()


async def open_shop() -> Shop:
    database, clock = InMemoryDatabase(), InMemoryClock(START)
    accounts = InMemoryAccountStore(database)
    sam = await accounts.add(User("usr_1", "sam", Tier.FREE, START))
    kim = await accounts.add(User("usr_2", "kim", Tier.FREE, START))
    await InMemoryProductBook(database).publish(CATALOGUE)
    return Shop(sam, kim, database, clock, RacingPurchases(InMemoryPurchaseStore(database)))


def owner_of(purchase: Purchase) -> Owner:
    return Owner(purchase.user_id, purchase.id)


def report(*facts: Fact, **changes: Any) -> Report:
    """What Stripe says of a pack that Sam bought, unless told otherwise."""
    told = Report(STRIPE, "ref_1", facts or (paid(),), user_id="usr_1", product_id="pack")
    return evolve(told, **changes)
