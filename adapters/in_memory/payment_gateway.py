"""A store that takes orders and remembers them; a test says when they are paid."""

from datetime import datetime

from attrs import define, evolve

from application.ports.clock import Clock
from application.ports.payment_gateway import OpenedPayment, Order, PaymentSheet
from domain.errors import Conflict, InvalidRequest, Unavailable
from domain.market.calendar import add_months
from domain.market.facts import Fact, FactKind
from domain.market.products import Product, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Report


@define
class _Known:
    order: Order
    opened: OpenedPayment
    payments: int = 0
    withdrawn: Report | None = None


class InMemoryPaymentGateway:
    """Gives each order a client secret to pay with. Nothing is paid until ``pay`` says so."""

    def __init__(self, clock: Clock, provider: Provider = Provider.STRIPE) -> None:
        self._clock = clock
        self._provider = provider
        self._known: dict[str, _Known] = {}
        self._answers: dict[str, Report] = {}
        self.is_away = False
        self.refusal: str | None = None
        """Why everything is refused, if it is."""
        self.orders: list[Order] = []
        """Every order, the repeated ones too."""

    async def open_payment(self, order: Order) -> OpenedPayment:
        self._check()
        self.orders.append(order)
        known = self._known.get(order.purchase_id)
        if known is None:
            known = _Known(order, self._opened(order))
            self._known[order.purchase_id] = known
        return known.opened

    async def withdraw(self, order: Purchase) -> Report:
        self._check()
        known = self._known.get(order.id)
        if known is None:
            raise InvalidRequest("There is no such order.")
        if known.payments:
            raise Conflict("This order is paid.")
        if known.withdrawn is None:
            over = Fact(FactKind.LAPSED, self._clock.now())
            known.withdrawn = self._report(known.order, (over,))
        return known.withdrawn

    async def change_plan(
        self, subscription: Purchase, product: Product, *, is_upgrade: bool, key: str
    ) -> Report:
        self._check()
        known = self._running(subscription)
        if key not in self._answers:
            now = self._clock.now()
            if product.id == subscription.product_id:
                same = Fact(FactKind.DOWNGRADED, now, product_id=product.id)
                facts: tuple[Fact, ...] = (same, Fact(FactKind.RESUMED, now))
            elif is_upgrade:
                facts = (evolve(self._paid(known, product, now), kind=FactKind.UPGRADED),)
            else:
                facts = (
                    Fact(FactKind.RESUMED, now),
                    Fact(FactKind.DOWNGRADED, now, product_id=product.id),
                )
            self._answers[key] = self._report(known.order, facts)
        return self._answers[key]

    async def cancel(self, subscription: Purchase, *, key: str) -> Report:
        self._check()
        known = self._running(subscription)
        if key not in self._answers:
            cancelled = Fact(FactKind.CANCELLED, self._clock.now())
            self._answers[key] = self._report(known.order, (cancelled,))
        return self._answers[key]

    async def open_portal(self, customer: str, *, return_url: str) -> str:
        self._check()
        if customer not in {known.opened.customer for known in self._known.values()}:
            raise InvalidRequest("There is no such customer.")
        return f"https://store.invalid/{customer}?return={return_url}"

    def pay(self, purchase_id: str) -> Report:
        """Somebody pays what was ordered; what the store then tells."""
        known = self._known[purchase_id]
        if known.withdrawn is not None:
            raise InvalidRequest("This order was withdrawn.")
        return self._report(
            known.order, (self._paid(known, known.order.product, self._clock.now()),)
        )

    def fail(self, purchase_id: str) -> Report:
        """The payment is refused; what the store then tells."""
        return self._report(
            self._known[purchase_id].order, (Fact(FactKind.FAILED, self._clock.now()),)
        )

    def _opened(self, order: Order) -> OpenedPayment:
        customer = order.customer or f"cus_{order.user_id}"
        sheet = PaymentSheet(
            client_secret=f"secret_{order.purchase_id}",
            customer=customer,
            ephemeral_key=f"key_{order.purchase_id}",
            publishable_key="publishable",
            url=f"https://store.invalid/pay/{order.purchase_id}" if order.on_web else None,
        )
        awaited = Fact(FactKind.AWAITING, self._clock.now())
        return OpenedPayment(self._report(order, (awaited,)), customer, sheet)

    def _paid(self, known: _Known, product: Product, now: datetime) -> Fact:
        known.payments += 1
        paid = Fact(
            FactKind.PAID,
            now,
            payment=f"pay_{known.order.purchase_id}_{known.payments}",
            product_id=product.id,
            quantity=known.order.quantity,
            paid=evolve(product.price, amount=product.price.amount * known.order.quantity),
        )
        if product.period is None:
            return paid
        ends_at = add_months(now, product.period.months)
        return evolve(paid, kind=FactKind.RENEWED, starts_at=now, ends_at=ends_at)

    def _report(self, order: Order, facts: tuple[Fact, ...]) -> Report:
        return Report(
            self._provider,
            f"ref_{order.purchase_id}",
            facts=facts,
            product_id=order.product.id,
            purchase_id=order.purchase_id,
            user_id=order.user_id,
        )

    def _running(self, subscription: Purchase) -> _Known:
        known = self._known.get(subscription.id)
        if known is None or not known.payments:
            raise InvalidRequest("There is no such subscription.")
        return known

    def _check(self) -> None:
        if self.is_away:
            raise Unavailable("The store does not answer.")
        if self.refusal is not None:
            raise InvalidRequest(self.refusal)
