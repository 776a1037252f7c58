"""Somebody buys something."""

from hashlib import sha256

from attrs import evolve, frozen

from application.market.errand_work import ErrandWork
from application.market.purchase_changes import PurchaseChanges
from application.market.purchase_owners import Claim
from application.market.rival_orders import UNPAID, RivalOrders
from application.market.running_subscription import running_subscription
from application.market.stores import Stores
from application.ports.clock import Clock, IdGenerator
from application.ports.payment_gateway import Order, PaymentGateway, PaymentSheet
from application.ports.product_book import ProductBook
from application.ports.purchase_store import PurchaseStore
from application.ports.store_verifier import StoreVerifier
from domain.accounts import User
from domain.errors import (
    Conflict,
    IdempotencyKeyReused,
    InvalidRequest,
    NotFound,
    NotGenuine,
)
from domain.market.facts import Fact, FactKind
from domain.market.products import Product, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Parked, Report


@frozen
class PlaceOrderCommand:
    """Buy a product at a store.

    ``proof`` is what the app got from a store that sells in the app: Apple's signed transaction or
    Google's purchase token; None for a store that we ask for money. ``key`` makes the order happen
    once. ``on_web`` asks for a page to pay on, which returns to ``return_url``. ``outcome`` is what
    a sandbox payment shall come to.
    """

    user: User
    product_id: str
    provider: Provider
    key: str
    proof: str | None = None
    on_web: bool = False
    return_url: str = ""
    outcome: str = "succeed"


@frozen
class PlacedOrder:
    """The purchase, and what the app needs to let the person pay, if anything is left to pay."""

    purchase: Purchase
    sheet: PaymentSheet | None = None


class PlaceOrder:
    """Begins a payment, changes a subscription's plan, or takes what an app store sold."""

    def __init__(
        self,
        stores: Stores,
        purchases: PurchaseStore,
        products: ProductBook,
        changes: PurchaseChanges,
        errands: ErrandWork,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._stores = stores
        self._purchases = purchases
        self._products = products
        self._changes = changes
        self._errands = errands
        self._clock = clock
        self._ids = ids
        self._rivals = RivalOrders(stores, purchases, changes)

    async def __call__(self, command: PlaceOrderCommand) -> PlacedOrder:
        """The purchase as it stands now; asked again with the same key, the same one.

        Raises ``NotFound`` for an unknown product, ``InvalidRequest`` for a store that is not
        configured, ``IdempotencyKeyReused`` for another product under the same key,
        ``NotGenuine`` for a proof that is not, ``Forbidden`` for another's purchase, ``Conflict``
        when a subscription at another store, or to the same product, runs already, or another
        order of one is being paid, ``Unavailable`` when the store does not answer. An unpaid
        order of a subscription is withdrawn by the next one.
        """
        product = (await self._products.current()).get(command.product_id)
        verifier = self._stores.verifier(command.provider)
        if verifier is not None:
            return PlacedOrder(await self._take(verifier, command, product))
        gateway = self._stores.gateway(command.provider)
        if command.proof is not None:
            message = "This store takes payments by itself: no proof is sent."
            raise InvalidRequest(message, param="provider")
        running = await self._running_subscription(command) if product.is_subscription else None
        # Asked in this order: what runs because of this very order has its name by now.
        known = await self._purchases.find_owner(command.provider, (_name(command),))
        if known is not None:
            ordered = await self._purchases.get(known.user_id, known.purchase_id)
            if ordered.status not in UNPAID:
                return PlacedOrder(ordered)
        elif running is not None:
            _check_store(running, command.provider)
            return PlacedOrder(await self._change_plan(gateway, running, product, command))
        return await self._open_payment(gateway, product, command)

    async def _take(
        self, verifier: StoreVerifier, command: PlaceOrderCommand, product: Product
    ) -> Purchase:
        if command.proof is None:
            param = "signed_transaction" if command.provider is Provider.APPLE else "purchase_token"
            message = f"{param} is what the store gave the app; it is missing."
            raise InvalidRequest(message, param=param)
        try:
            report = await verifier.verify(command.proof, product_id=product.id)
            purchase = await self._changes.apply(report, claim=Claim(command.user.id))
        except InvalidRequest as error:
            raise NotGenuine(error.message, param=error.param) from error
        except Parked as parked:
            raise InvalidRequest(parked.reason) from parked
        self._errands.hurry(report.errands)
        return purchase

    async def _open_payment(
        self, gateway: PaymentGateway, product: Product, command: PlaceOrderCommand
    ) -> PlacedOrder:
        user_id = command.user.id
        ordered = Purchase(
            id=self._ids.new("pur"),
            user_id=user_id,
            provider=command.provider,
            product_id=product.id,
            is_subscription=product.is_subscription,
            created_at=self._clock.now(),
        )
        purchase = await self._purchases.add(ordered, (_name(command),))
        if purchase.product_id != product.id:
            message = "This key came before with an order of another product."
            raise IdempotencyKeyReused(message, param="Idempotency-Key")
        holder = await self._purchases.get_holder(user_id)
        opened = await gateway.open_payment(
            Order(
                purchase_id=purchase.id,
                user_id=user_id,
                customer=holder.customers.get(command.provider),
                product=product,
                on_web=command.on_web,
                return_url=command.return_url,
                outcome=command.outcome,
                ordered_at=purchase.created_at,
            )
        )
        if opened.customer is not None:
            await self._purchases.keep_customer(user_id, command.provider, opened.customer)
        report = evolve(opened.report, purchase_id=purchase.id, user_id=user_id)
        opened_purchase = await self._opened(report, user_id)
        if product.is_subscription:
            await self._rivals.withdraw(opened_purchase)
        return PlacedOrder(opened_purchase, opened.sheet)

    async def _opened(self, report: Report, user_id: str) -> Purchase:
        try:
            return await self._apply(report, user_id)
        except Conflict:
            if report.provider is not Provider.SANDBOX:
                raise
            # Another order was faster: nobody shall wait for the payment of this one.
            failed = Fact(FactKind.FAILED, self._clock.now())
            await self._apply(evolve(report, facts=(failed,)), user_id)
            raise

    async def _apply(self, report: Report, user_id: str) -> Purchase:
        try:
            return await self._changes.apply(report, claim=Claim(user_id, is_proven=False))
        except Parked as parked:
            raise Conflict(parked.reason) from parked

    async def _running_subscription(self, command: PlaceOrderCommand) -> Purchase | None:
        return running_subscription(await self._purchases.list_subscriptions(command.user.id))

    async def _change_plan(
        self,
        gateway: PaymentGateway,
        running: Purchase,
        product: Product,
        command: PlaceOrderCommand,
    ) -> Purchase:
        stands = running.standing
        wanted = stands.next_product_id or running.product_id
        if product.id == wanted and stands.renews:
            message = "This subscription runs already."
            raise Conflict(message)
        report = await gateway.change_plan(
            running,
            product,
            is_upgrade=product.is_upgrade_of(await self._sold(running, product)),
            key=f"{running.id}:{_digest(command.key)}",
        )
        report = evolve(report, aliases=(*report.aliases, _name(command)))
        return await self._apply(report, command.user.id)

    async def _sold(self, running: Purchase, product: Product) -> Product:
        """What runs; of what is no longer on sale one cannot go up, only over."""
        try:
            return (await self._products.current()).get(running.product_id)
        except NotFound:
            return product


def _name(command: PlaceOrderCommand) -> str:
    """By which an order is found again; a plan that it changed has it, too.

    It outlives the account, so it must not say what somebody may have written into a key.
    """
    return f"order:{command.user.id}:{_digest(command.key)}"


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def _check_store(running: Purchase, provider: Provider) -> None:
    if running.provider is not provider:
        message = f"A subscription runs already, bought at {running.provider}."
        raise Conflict(message)
