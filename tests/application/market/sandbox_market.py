"""A market over the fakes with the sandbox as its store, and a clock that a test moves."""

from datetime import UTC, datetime

from attrs import frozen

from adapters.in_memory.account_store import InMemoryAccountStore
from adapters.in_memory.clock import InMemoryClock, InMemoryIdGenerator
from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.errand_queue import InMemoryErrandQueue
from adapters.in_memory.product_book import InMemoryProductBook
from adapters.in_memory.purchase_store import InMemoryPurchaseStore
from adapters.in_memory.wallet_store import InMemoryWalletStore
from adapters.sandbox.payment_gateway import SandboxPaymentGateway
from adapters.sandbox.store_errands import SandboxErrands
from adapters.sandbox.store_records import SandboxRecords
from application.accounts.callers import RecentCallers
from application.background import Background
from application.keyed_locks import KeyedLocks
from application.market.cancel_subscription import CancelSubscription
from application.market.errand_work import ErrandWork
from application.market.list_simulations import ListSimulations
from application.market.place_order import PlaceOrder, PlaceOrderCommand
from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import PurchaseOwners
from application.market.reconcile_purchases import ReconcilePurchases
from application.market.renew_subscriptions import RenewSubscriptions
from application.market.simulate_store import SimulateStore, SimulateStoreCommand
from application.market.stores import Stores
from application.ports.wallet_store import Violation
from domain.accounts import Tier, User
from domain.market.products import Product, Provider
from domain.market.purchases import Purchase
from domain.market.simulation import Action
from domain.wallet import Wallet
from tests.domain.market.sandbox_shop import CATALOGUE

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


@frozen
class SandboxMarket:
    """The use cases that the sandbox concerns, for one person."""

    clock: InMemoryClock
    accounts: InMemoryAccountStore
    wallets: InMemoryWalletStore
    purchases: InMemoryPurchaseStore
    place_order: PlaceOrder
    cancel: CancelSubscription
    simulate_store: SimulateStore
    list_simulations: ListSimulations
    renew: RenewSubscriptions
    reconcile: ReconcilePurchases
    user: User

    async def buy(self, product: Product, outcome: str = "succeed", key: str = "key") -> Purchase:
        provider = Provider.SANDBOX
        command = PlaceOrderCommand(self.user, product.id, provider, key, outcome=outcome)
        return (await self.place_order(command)).purchase

    async def simulate(
        self, purchase: Purchase, action: Action, percent: int | None = None
    ) -> Purchase:
        command = SimulateStoreCommand(purchase.user_id, purchase.id, action, percent)
        return await self.simulate_store(command)

    async def now(self, purchase: Purchase) -> Purchase:
        """The purchase as it is kept now."""
        return await self.purchases.get(purchase.user_id, purchase.id)

    async def wallet(self) -> Wallet:
        return await self.wallets.get(self.user.id)

    async def tier(self) -> Tier:
        return (await self.accounts.get(self.user.id)).tier

    async def violations(self) -> list[Violation]:
        return [*await self.wallets.audit(), *await self.purchases.audit()]


async def open_market(*, has_sandbox: bool = True) -> SandboxMarket:
    database, clock, ids = InMemoryDatabase(), InMemoryClock(START), InMemoryIdGenerator()
    accounts = InMemoryAccountStore(database)
    purchases, products = InMemoryPurchaseStore(database), InMemoryProductBook(database)
    await products.publish(CATALOGUE)
    user = await accounts.add(User("usr_1", "sam", Tier.FREE, START))
    stores = Stores()
    if has_sandbox:
        gateway = SandboxPaymentGateway(clock, products.current, page_url="http://here/sandbox")
        stores = Stores(
            gateways={Provider.SANDBOX: gateway},
            records={Provider.SANDBOX: SandboxRecords(products.current, purchases)},
            errands={Provider.SANDBOX: SandboxErrands()},
        )
    owners = PurchaseOwners(purchases, clock, ids)
    changes = PurchaseChanges(purchases, owners, products, RecentCallers(), KeyedLocks(), clock)
    queue = InMemoryErrandQueue(database)
    errands = ErrandWork(stores, queue, purchases, Background(), clock)
    return SandboxMarket(
        clock=clock,
        accounts=accounts,
        wallets=InMemoryWalletStore(database),
        purchases=purchases,
        place_order=PlaceOrder(stores, purchases, products, changes, errands, clock, ids),
        cancel=CancelSubscription(stores, purchases, changes),
        simulate_store=SimulateStore(stores, purchases, products, changes, clock),
        list_simulations=ListSimulations(stores, purchases, products, clock),
        renew=RenewSubscriptions(stores, purchases, changes, clock),
        reconcile=ReconcilePurchases(stores, purchases, changes, clock),
        user=user,
    )
