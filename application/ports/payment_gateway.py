"""Stores that we ask for money ourselves: the app pays with what we hand it."""

from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.market.products import Product
from domain.market.purchases import Purchase
from domain.market.reports import Report


@frozen
class Order:
    """What somebody wants to buy. ``purchase_id`` also makes every request happen only once.

    ``on_web`` asks for a page of the provider's to pay on, which returns to ``return_url``.
    """

    purchase_id: str
    user_id: str
    customer: str | None
    """The provider's id of the person, if there is one yet."""
    product: Product
    quantity: int = 1
    on_web: bool = False
    return_url: str = ""
    outcome: str = "succeed"
    """What a sandbox payment shall come to: ``succeed``, ``fail`` or ``wait``; others ignore it."""
    ordered_at: datetime | None = None
    """When, the same each time that it is asked for; None: now. For the sandbox only as well."""


@frozen
class PaymentSheet:
    """What the app needs to let the person pay; what does not apply is None."""

    client_secret: str | None = None
    customer: str | None = None
    ephemeral_key: str | None = None
    publishable_key: str | None = None
    url: str | None = None
    """The page to pay on."""


@frozen
class OpenedPayment:
    """An order that the provider knows now. ``sheet`` None: nothing is left to pay."""

    report: Report
    """With the reference by which its messages will name the purchase, and what is so already."""
    customer: str | None
    sheet: PaymentSheet | None


class PaymentGateway(Protocol):
    """Takes orders; asked again with the same ``purchase_id``, it gives the same answer.

    Everything raises ``Unavailable`` when the provider does not answer, ``InvalidRequest`` when it
    refuses what was asked.
    """

    async def open_payment(self, order: Order) -> OpenedPayment:
        """Begin a payment for a pack, or a subscription."""
        ...

    async def withdraw(self, order: Purchase) -> Report:
        """Let an unpaid subscription never be paid: it is over before it began.

        Again it gives the same. Raises ``Conflict`` when it is paid, or a payment is under way.
        """
        ...

    async def change_plan(
        self, subscription: Purchase, product: Product, *, is_upgrade: bool, key: str
    ) -> Report:
        """Move a subscription to another product; to its own, it goes on after all.

        An upgrade is in force and paid at once, and what is left of the running period is given
        back; anything else begins with the next period. ``key`` makes it happen once.
        """
        ...

    async def cancel(self, subscription: Purchase, *, key: str) -> Report:
        """Let a subscription end with its period."""
        ...

    async def open_portal(self, customer: str, *, return_url: str) -> str:
        """The address of the provider's page on which the person manages payments."""
        ...
