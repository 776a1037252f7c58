"""What is on sale in these tests."""

from datetime import datetime

from domain.accounts import Tier
from domain.market.facts import Fact
from domain.market.products import Catalogue, Money, Period, Product, ProductKind, Provider
from domain.market.purchases import Purchase

TOKEN = "7e3fb204-2a14-4c4f-8bb2-5b4aef4c1e10"


def _pack(name: str, credits: int) -> Product:  # noqa: A002 - the product's word
    return Product(
        id=name,
        kind=ProductKind.CREDITS,
        name=name,
        credits=credits,
        price=Money("USD", 499),
        store_ids={Provider.APPLE: f"apple.{name}"},
    )


def _plan(name: str, tier: Tier, period: Period) -> Product:
    return Product(
        id=name,
        kind=ProductKind.SUBSCRIPTION,
        name=name,
        credits=1000,
        price=Money("USD", 999),
        store_ids={Provider.APPLE: f"apple.{name}"},
        tier=tier,
        period=period,
    )


_TIERS = list(Tier)
CATALOGUE = Catalogue(
    version=1,
    products=(
        _pack("small", 100),
        _pack("large", 1000),
        _plan("basic", _TIERS[-2], Period.MONTH),
        _plan("plus", _TIERS[-1], Period.MONTH),
        _plan("plus_year", _TIERS[-1], Period.YEAR),
    ),
)


async def catalogue() -> Catalogue:
    return CATALOGUE


def purchase(
    product_id: str, reference: str, at: datetime, facts: tuple[Fact, ...] = ()
) -> Purchase:
    """A purchase that knows these facts."""
    product = CATALOGUE.get(product_id)
    new = Purchase(
        id="pur_1",
        user_id="usr_1",
        provider=Provider.APPLE,
        product_id=product_id,
        is_subscription=product.is_subscription,
        created_at=at,
        reference=reference,
    )
    return new.learn(facts, at)
