"""What is sold in these tests, and what stores say, in few words."""

from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import evolve

from domain.accounts import Tier
from domain.market.facts import Fact, FactKind, Share
from domain.market.products import (
    Catalogue,
    Money,
    Period,
    Product,
    ProductKind,
    Promotion,
    Provider,
)
from domain.market.purchases import Purchase

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)

PACK = Product("pack", ProductKind.CREDITS, "Pack", 1_000, Money("EUR", 999), {})
PLUS = Product(
    "plus", ProductKind.SUBSCRIPTION, "Plus", 300, Money("EUR", 799), {},
    tier=Tier.PLUS, period=Period.MONTH,
)  # fmt: skip
PREMIUM = evolve(PLUS, id="premium", name="Premium", credits=900, tier=Tier.PREMIUM)
YEAR = evolve(PLUS, id="year", name="Year", credits=4_000, period=Period.YEAR)
GIFT = Promotion(credits=50, starts_at=START, ends_at=START + 10 * DAY, valid_days=30)
OFFER = evolve(PACK, id="offer", name="Offer", promotion=GIFT)
CATALOGUE = Catalogue(1, (PACK, PLUS, PREMIUM, YEAR, OFFER))


def day(number: float) -> datetime:
    """So many days after the start."""
    return START + number * DAY


def pack(product: Product = PACK, **changes: Any) -> Purchase:
    purchase = Purchase(
        id=f"pur_{product.id}",
        user_id="usr_1",
        provider=Provider.STRIPE,
        product_id=product.id,
        is_subscription=product.is_subscription,
        created_at=START,
        reference=f"ref_{product.id}",
    )
    return evolve(purchase, **changes)


def subscription(product: Product = PLUS, **changes: Any) -> Purchase:
    return pack(product, **changes)


def said(kind: FactKind, at: float, payment: str = "", **facts: Any) -> Fact:
    return Fact(kind, day(at), payment, **facts)


def paid(at: float = 0, payment: str = "pay", product: Product = PACK, **facts: Any) -> Fact:
    return said(FactKind.PAID, at, payment, product_id=product.id, **facts)


def refunded(at: float, part: int, payment: str = "pay", whole: int = 1_000) -> Fact:
    return said(FactKind.REFUNDED, at, payment, share=Share(part, whole))


def disputed(
    at: float, end: str = "opened", payment: str = "pay", dispute: str = "dp", **facts: Any
) -> Fact:
    return said(FactKind(f"dispute_{end}"), at, payment, dispute=dispute, **facts)


def renewed(starts: float, ends: float, payment: str = "p0", **facts: Any) -> Fact:
    """A period of so many days, paid as it begins."""
    at = facts.pop("at", starts)
    kind = facts.pop("kind", FactKind.RENEWED)
    period = {"starts_at": day(starts), "ends_at": day(ends), "product_id": "plus"}
    return said(kind, at, payment, **{**period, **facts})


def upgraded(starts: float, ends: float, payment: str = "u0", **facts: Any) -> Fact:
    given = {"kind": FactKind.UPGRADED, "product_id": "premium", **facts}
    return renewed(starts, ends, payment, **given)
