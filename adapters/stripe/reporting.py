"""What is bought, and the reports about it: the words that all of Stripe's topics share."""

from collections.abc import Awaitable, Callable, Iterable

from adapters.stripe.shapes import Marks, known
from domain.errors import NotFound
from domain.market.facts import Fact
from domain.market.products import Catalogue, Money, Product, Provider
from domain.market.reports import Parked, Report

Catalogues = Callable[[], Awaitable[Catalogue]]
"""Gives what is on sale now."""


def report_of(
    reference: str,
    marks: Marks,
    facts: Iterable[Fact] = (),
    aliases: Iterable[str] = (),
    product_id: str | None = None,
) -> Report:
    """A report of Stripe's."""
    return Report(
        provider=Provider.STRIPE,
        reference=reference,
        facts=tuple(dict.fromkeys(facts)),
        aliases=tuple(one for one in known(*aliases) if one != reference),
        product_id=product_id or marks.product_id,
        purchase_id=marks.purchase_id,
        user_id=marks.user_id,
    )


def marked_pack(marks: Marks, catalogue: Catalogue, paid: Money | None) -> Product | None:
    """The pack that was paid; None when there is no mark of ours to tell.

    Raises ``Parked`` for a product that is not on sale, or when something else was paid than it
    costs.
    """
    if marks.product_id is None:
        return None
    try:
        product = catalogue.get(marks.product_id)
    except NotFound:
        raise Parked("A payment for a product that is not in the catalogue.") from None
    if product.is_subscription:
        raise Parked("A single payment for a subscription.")
    price = product.price
    due = marks.price or Money(price.currency, price.amount * marks.quantity)
    if paid != due:
        raise Parked("What was paid is not what was asked for.")
    return product


def priced_subscription(price_id: str, marks: Marks, catalogue: Catalogue) -> Product:
    """The subscription with this price at Stripe.

    A price that the catalogue no longer has still stands for what it was sold as. Raises
    ``Parked`` for one that was never ours.
    """
    product = catalogue.find(Provider.STRIPE, price_id) if price_id else None
    if product is None and price_id and price_id == marks.price_id and marks.product_id:
        try:
            product = catalogue.get(marks.product_id)
        except NotFound:
            product = None
    if product is None:
        raise Parked("A price that is not in the catalogue.")
    if not product.is_subscription:
        raise Parked("A subscription to something that is sold once.")
    return product


def price_of(product: Product, price_id: str, marks: Marks) -> Money:
    """What a period costs: as it was sold, else as it is sold now."""
    if price_id == marks.price_id and marks.product_id == product.id and marks.price:
        return marks.price
    return product.price
