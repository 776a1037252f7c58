"""Reading Stripe's objects, whichever API version they were written in.

With "basil" (2025-03-31) an invoice's subscription, its payments and the price of a line moved, and
a subscription's period went to its items. A webhook has the shape of the endpoint's version, so
both are read; where they differ, the newer is looked for first.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from application.ports.payment_gateway import Order
from domain.market.products import Money, Product
from domain.market.reports import Parked

Json = Mapping[str, Any]
_NOTHING: Json = {}
ODD = (AttributeError, KeyError, TypeError, ValueError)
"""What reading something raises that is not what Stripe's objects are."""


@frozen
class Marks:
    """What we wrote on a thing at Stripe when we made it; empty for what others made.

    ``price`` is what we asked for then, of which ``price_id`` is Stripe's name: a catalogue may
    have changed since.
    """

    purchase_id: str | None = None
    user_id: str | None = None
    product_id: str | None = None
    quantity: int = 1
    price: Money | None = None
    price_id: str | None = None

    @property
    def are_ours(self) -> bool:
        """Whether it says which purchase it is for."""
        return self.purchase_id is not None


UNMARKED = Marks()


def marks_for(order: Order, price_id: str = "") -> dict[str, str]:
    """The metadata of what is made for an order."""
    owner = {"purchase_id": order.purchase_id, "user_id": order.user_id}
    return owner | price_marks(order.product, price_id, order.quantity)


def price_marks(product: Product, price_id: str, quantity: int = 1) -> dict[str, str]:
    """What is bought, and what was asked for it."""
    marks = {
        "product_id": product.id,
        "quantity": str(quantity),
        "amount": str(product.price.amount * quantity),
        "currency": product.price.currency,
    }
    return marks | ({"price_id": price_id} if price_id else {})


def read_marks(metadata: object) -> Marks:
    """Raises ``Parked`` when they were tampered with."""
    data = metadata if isinstance(metadata, Mapping) else _NOTHING
    try:
        quantity = int(data.get("quantity") or 1)
        amount = int(data["amount"]) if data.get("amount") else None
    except (TypeError, ValueError):
        raise Parked("The metadata of a payment make no sense.") from None
    if quantity < 1:
        raise Parked("The metadata of a payment make no sense.")
    currency = str(data.get("currency") or "").upper()
    return Marks(
        purchase_id=_text(data.get("purchase_id")),
        user_id=_text(data.get("user_id")),
        product_id=_text(data.get("product_id")),
        quantity=quantity,
        price=Money(currency, amount) if amount is not None and currency else None,
        price_id=_text(data.get("price_id")),
    )


def moment(seconds: object) -> datetime | None:
    """A time of Stripe's; None without one. Raises ``ValueError`` for one beyond all years."""
    if not isinstance(seconds, int) or not seconds:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OSError, OverflowError):
        raise ValueError(seconds) from None


def money(thing: Json, *names: str) -> Money | None:
    """The first of these amounts that the thing has, in its currency."""
    for name in names:
        amount = thing.get(name)
        if isinstance(amount, int) and not isinstance(amount, bool):
            return Money(str(thing.get("currency") or "").upper(), amount)
    return None


def id_of(value: object) -> str:
    """The id of something that is there as an id or as a whole; empty when it is not there."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def known(*ids: str) -> tuple[str, ...]:
    """Those that are not empty, each once."""
    return tuple(dict.fromkeys(one for one in ids if one))


def items(value: object) -> Sequence[Json]:
    """What a list object holds."""
    data = value.get("data") if isinstance(value, Mapping) else value
    return [one for one in data if isinstance(one, Mapping)] if isinstance(data, list) else []


def is_whole(value: object) -> bool:
    """Whether a list object is there, and holds all that it lists."""
    return isinstance(value, Mapping) and "data" in value and not value.get("has_more")


def inner(thing: object, *path: str) -> Json:
    """What lies within, or nothing."""
    for name in path:
        thing = thing.get(name) if isinstance(thing, Mapping) else None
    return thing if isinstance(thing, Mapping) else _NOTHING


def invoice_subscription(invoice: Json) -> str:
    """Empty when it belongs to none."""
    details = inner(invoice, "parent", "subscription_details")
    return id_of(details.get("subscription")) or id_of(invoice.get("subscription"))


def invoice_marks(invoice: Json) -> Marks:
    """Those of its subscription, as of the invoice."""
    places = [
        inner(invoice, "parent", "subscription_details"),
        inner(invoice, "subscription_details"),
        inner(invoice, "subscription"),
        *items(invoice.get("lines")),
    ]
    for place in places:
        marks = read_marks(place.get("metadata"))
        if marks.are_ours:
            return marks
    return UNMARKED


def invoice_payments(invoice: Json) -> Iterator[str]:
    """Payment intents and charges with which it was paid, as far as it says."""
    for one in items(invoice.get("payments")):
        payment = inner(one, "payment")
        yield id_of(payment.get("payment_intent"))
        yield id_of(payment.get("charge"))
    yield id_of(invoice.get("payment_intent"))
    yield id_of(invoice.get("charge"))


def line_price(line: Json) -> str:
    """Stripe's price of an invoice's line."""
    return (
        id_of(inner(line, "pricing", "price_details").get("price"))
        or id_of(line.get("price"))
        or id_of(line.get("plan"))
    )


def is_prorated(line: Json) -> bool:
    """Whether it is for a part of a period."""
    parent = inner(line, "parent")
    details = inner(parent, "subscription_item_details") or inner(parent, "invoice_item_details")
    return bool(details.get("proration") or line.get("proration"))


def subscription_price(subscription: Json) -> str:
    """Stripe's price of a subscription's only item."""
    for item in items(subscription.get("items")):
        return id_of(item.get("price")) or id_of(item.get("plan"))
    return id_of(subscription.get("plan"))


def period_start(subscription: Json) -> datetime | None:
    """When the running period began."""
    for item in items(subscription.get("items")):
        if start := moment(item.get("current_period_start")):
            return start
    return moment(subscription.get("current_period_start"))


def is_cancelled(subscription: Json) -> bool:
    """Whether it was cancelled for later."""
    return bool(subscription.get("cancel_at_period_end") or subscription.get("cancel_at"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
