"""Payments that cost nothing and complete at once."""

import hashlib
from collections.abc import Awaitable, Callable

from application.ports.clock import Clock
from application.ports.payment_gateway import OpenedPayment, Order, PaymentSheet
from domain.errors import Conflict, InvalidRequest
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Product, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Report
from domain.market.sandbox import caught_up, first_payment, moment_after, reference_of, upgrade
from domain.market.standing import Status

_OVER = frozenset({Status.EXPIRED, Status.FAILED, Status.PENDING, Status.REFUNDED})


class SandboxPaymentGateway:
    """Says at once that everything is paid, unless the order wants something else.

    ``page_url`` is the page on which people see and change what they bought here.
    """

    def __init__(
        self, clock: Clock, catalogue: Callable[[], Awaitable[Catalogue]], *, page_url: str
    ) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._page_url = page_url

    async def open_payment(self, order: Order) -> OpenedPayment:
        at = order.ordered_at or self._clock.now()
        sheet = None
        match order.outcome:
            case "succeed":
                fact = first_payment(order.purchase_id, order.product, order.quantity, at)
            case "fail":
                fact = Fact(FactKind.FAILED, at)
            case "wait":
                fact = Fact(FactKind.AWAITING, at)
                sheet = self._sheet(order)
            case _:
                message = "A sandbox payment comes to succeed, fail or wait."
                raise InvalidRequest(message, param="sandbox_outcome")
        report = Report(
            Provider.SANDBOX,
            reference_of(order.purchase_id),
            facts=(fact,),
            product_id=order.product.id,
            purchase_id=order.purchase_id,
            user_id=order.user_id,
        )
        return OpenedPayment(report, _customer(order), sheet)

    async def withdraw(self, order: Purchase) -> Report:
        if order.standing.payments:
            raise Conflict("This order is paid.")
        if order.status is Status.EXPIRED:
            return _report(order, order.facts)
        at = moment_after(order.facts, self._clock.now())
        return _report(order, (*order.facts, Fact(FactKind.LAPSED, at)))

    async def change_plan(
        self, subscription: Purchase, product: Product, *, is_upgrade: bool, key: str
    ) -> Report:
        catalogue = await self._catalogue()
        current = self._up_to_date(subscription, catalogue)
        name = hashlib.sha256(key.encode()).hexdigest()[:12]
        payment = f"{reference_of(subscription.id)}_{name}"
        if any(one.id == payment for one in current.standing.payments):
            return _report(subscription, current.facts)
        at = moment_after(current.facts, self._clock.now())
        if product.id == current.product_id:
            back = Fact(FactKind.DOWNGRADED, at, product_id=product.id)
            withdrawn = (back,) if current.standing.next_product_id else ()
            facts = (*withdrawn, Fact(FactKind.RESUMED, at))
        elif is_upgrade:
            running = next(
                (one for one in catalogue.products if one.id == current.product_id), None
            )
            facts = (upgrade(current, running, product, name=name, at=at),)
        else:
            # Who chooses what comes next wants that something comes next.
            goes_on = () if current.standing.renews else (Fact(FactKind.RESUMED, at),)
            facts = (*goes_on, Fact(FactKind.DOWNGRADED, at, product_id=product.id))
        return _report(subscription, (*current.facts, *facts))

    async def cancel(self, subscription: Purchase, *, key: str) -> Report:
        del key  # a second time there is nothing left to do
        current = self._up_to_date(subscription, await self._catalogue())
        if not current.standing.renews:
            return _report(subscription, current.facts)
        at = moment_after(current.facts, self._clock.now())
        return _report(subscription, (*current.facts, Fact(FactKind.CANCELLED, at)))

    async def open_portal(self, customer: str, *, return_url: str) -> str:
        del customer, return_url  # the page belongs to whoever is signed in there
        return self._page_url

    def _up_to_date(self, subscription: Purchase, catalogue: Catalogue) -> Purchase:
        current = caught_up(subscription, catalogue, self._clock.now())
        if not current.is_subscription or current.status in _OVER:
            message = "This subscription does not run."
            raise InvalidRequest(message)
        return current

    def _sheet(self, order: Order) -> PaymentSheet:
        return PaymentSheet(
            client_secret=f"sandbox_secret_{order.purchase_id}",
            customer=_customer(order),
            ephemeral_key=f"sandbox_ephemeral_key_{order.purchase_id}",
            publishable_key="sandbox_publishable_key",
            url=self._page_url if order.on_web else None,
        )


def _customer(order: Order) -> str:
    return order.customer or f"sandbox_customer_{order.user_id}"


def _report(subscription: Purchase, facts: tuple[Fact, ...]) -> Report:
    """What is new of all these facts."""
    known = {*subscription.facts}
    new = tuple(fact for fact in facts if fact not in known)
    return Report(
        Provider.SANDBOX,
        reference_of(subscription.id),
        facts=new,
        purchase_id=subscription.id,
        user_id=subscription.user_id,
    )
