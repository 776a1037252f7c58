"""What is sold in tests of the sandbox, and purchases of it."""

from datetime import UTC, datetime

from domain.accounts import Tier
from domain.market.products import Catalogue, Money, Period, Product, ProductKind, Provider
from domain.market.purchases import Purchase
from domain.market.sandbox import first_payment, reference_of
from domain.market.simulation import Action, simulate


def _plan(product_id: str, tier: Tier, period: Period, credits: int, price: int) -> Product:  # noqa: A002 - the field's word
    money = Money("EUR", price)
    kind = ProductKind.SUBSCRIPTION
    return Product(product_id, kind, product_id, credits, money, {}, tier=tier, period=period)


PACK = Product("pack", ProductKind.CREDITS, "A pack", 500, Money("EUR", 499), {})
BIG_PACK = Product("big", ProductKind.CREDITS, "A big pack", 3_000, Money("EUR", 1_999), {})
PLUS = _plan("plus", Tier.PLUS, Period.MONTH, 1_000, 999)
PREMIUM = _plan("premium", Tier.PREMIUM, Period.MONTH, 3_000, 1_999)
PREMIUM_YEAR = _plan("premium_year", Tier.PREMIUM, Period.YEAR, 36_000, 19_999)
CATALOGUE = Catalogue(1, (PACK, BIG_PACK, PLUS, PREMIUM, PREMIUM_YEAR))
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def ordered(product: Product, at: datetime = NOON, quantity: int = 1) -> Purchase:
    """Known here, and not yet to the store."""
    return Purchase(
        id="pur_1",
        user_id="usr_1",
        provider=Provider.SANDBOX,
        product_id=product.id,
        is_subscription=product.is_subscription,
        created_at=at,
        quantity=quantity,
        reference=reference_of("pur_1"),
    )


def bought(product: Product, at: datetime = NOON) -> Purchase:
    purchase = ordered(product, at)
    return purchase.learn((first_payment(purchase.id, product, 1, at),), at)


def after(
    purchase: Purchase,
    *actions: Action,
    at: datetime = NOON,
    catalogue: Catalogue = CATALOGUE,
    percent: int | None = None,
) -> Purchase:
    """The purchase once these things have happened to it, one after the other."""
    for action in actions:
        purchase = purchase.learn(simulate(purchase, action, catalogue, at, percent), at)
    return purchase
