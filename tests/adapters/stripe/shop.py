"""What is sold in these tests, and how a purchase learns of it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from application.ports.payment_gateway import Order
from domain.accounts import Tier
from domain.market.products import Catalogue, Money, Period, Product, ProductKind, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Report
from tests.loopback.stripe_objects import Price

LIVE_KEY = "sk_live_x"
TEST_KEY = "sk_test_x"
SECRET = "whsec_test"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
STRIPE = Provider.STRIPE


def pack(name: str, amount: int, currency: str = "USD") -> Product:
    return Product(
        id=name,
        kind=ProductKind.CREDITS,
        name=name,
        credits=amount,
        price=Money(currency, amount),
        store_ids={STRIPE: f"price_{name}"},
    )


def plan(name: str, amount: int, tier: Tier, period: Period = Period.MONTH) -> Product:
    return Product(
        id=name,
        kind=ProductKind.SUBSCRIPTION,
        name=name,
        credits=amount,
        price=Money("USD", amount),
        store_ids={STRIPE: f"price_{name}"},
        tier=tier,
        period=period,
    )


SMALL = pack("small", 500)
LARGE = pack("large", 1000)
PLUS = plan("plus", 999, list(Tier)[1])
PRO = plan("pro", 1999, list(Tier)[-1])
YEARLY = plan("yearly", 19900, list(Tier)[-1], Period.YEAR)
CATALOGUE = Catalogue(1, (SMALL, LARGE, PLUS, PRO, YEARLY))
PRICES = [
    Price("price_plus", 999),
    Price("price_pro", 1999),
    Price("price_yearly", 19900, months=12),
]


async def catalogue() -> Catalogue:
    return CATALOGUE


def order(product: Product, **changes: Any) -> Order:
    given = {"purchase_id": "pur_1", "user_id": "usr_1", "customer": None} | changes
    return Order(product=product, **given)


def bought(product: Product, reference: str | None = None) -> Purchase:
    return Purchase(
        id="pur_1",
        user_id="usr_1",
        provider=STRIPE,
        product_id=product.id,
        is_subscription=product.is_subscription,
        created_at=NOW,
        reference=reference,
    )


def learn(purchase: Purchase, reports: Iterable[Report], now: datetime | None = None) -> Purchase:
    """The purchase with all that these reports say of it."""
    for report in reports:
        purchase = purchase.learn(report.facts, now or datetime.now(UTC))
    return purchase


def only(reports: Sequence[Report]) -> Report:
    (report,) = reports
    return report


def days(count: int) -> timedelta:
    return timedelta(days=count)
