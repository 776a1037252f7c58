"""What is sold in these tests, and purchases as the product keeps them."""

from datetime import UTC, datetime

from domain.accounts import Tier
from domain.market.products import (
    Catalogue,
    Money,
    Period,
    Product,
    ProductKind,
    Provider,
)
from domain.market.purchases import Purchase
from domain.market.reports import Report

ADA = "5a2f5d0e-6f1c-4a2b-9f0e-1d2c3b4a5f60"
BOB = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def _pack(id_: str, credits_: int) -> Product:
    return Product(
        id=id_,
        kind=ProductKind.CREDITS,
        name=id_.title(),
        credits=credits_,
        price=Money("EUR", credits_),
        store_ids={Provider.GOOGLE: f"play.{id_}"},
    )


def _subscription(id_: str, tier: Tier, credits_: int, period: Period) -> Product:
    return Product(
        id=id_,
        kind=ProductKind.SUBSCRIPTION,
        name=id_.title(),
        credits=credits_,
        price=Money("EUR", 999),
        store_ids={Provider.GOOGLE: f"play.{id_}"},
        tier=tier,
        period=period,
    )


TIERS = [tier for tier in Tier if tier is not Tier.FREE]
CATALOGUE = Catalogue(
    1,
    (
        _pack("small", 500),
        _pack("large", 3000),
        _subscription("plus", TIERS[0], 1000, Period.MONTH),
        _subscription("pro", TIERS[-1], 4000, Period.MONTH),
        _subscription("plus_year", TIERS[0], 12_000, Period.YEAR),
    ),
)


async def catalogue() -> Catalogue:
    return CATALOGUE


def purchase(product_id: str, reference: str | None = None) -> Purchase:
    """Nothing is known of it yet."""
    return Purchase(
        id="pur_1",
        user_id="usr_ada",
        provider=Provider.GOOGLE,
        product_id=product_id,
        is_subscription=CATALOGUE.get(product_id).is_subscription,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        reference=reference,
    )


def learn(purchase: Purchase, report: Report | None, now: datetime) -> Purchase:
    """The purchase once it knows what a report about it says."""
    assert report is not None
    assert report.reference == purchase.reference
    return purchase.learn(report.facts, now)
