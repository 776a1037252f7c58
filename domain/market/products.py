"""What is sold: packs of credits, and subscriptions to a tier."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from attrs import frozen

from domain.accounts import Tier
from domain.errors import NotFound


class Provider(StrEnum):
    """A store through which people pay."""

    STRIPE = "stripe"
    APPLE = "apple"
    GOOGLE = "google"
    SANDBOX = "sandbox"


class ProductKind(StrEnum):
    """What is bought: something once, or something that renews."""

    CREDITS = "credits"
    SUBSCRIPTION = "subscription"


class Period(StrEnum):
    """How long one payment of a subscription lasts."""

    MONTH = "month"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Calendar months."""
        return 1 if self is Period.MONTH else 12


@frozen
class Money:
    """``amount`` in minor units of ``currency`` (ISO 4217, upper case)."""

    currency: str
    amount: int


@frozen
class Promotion:
    """Credits on top of what is bought from ``starts_at`` until before ``ends_at``.

    They go into the promo bucket and expire ``valid_days`` after the payment.
    """

    credits: int
    starts_at: datetime
    ends_at: datetime
    valid_days: int

    def is_on(self, at: datetime) -> bool:
        """Whether a payment of this time gets it."""
        return self.starts_at <= at < self.ends_at

    def expiry(self, at: datetime) -> datetime:
        """When the credits of a payment of this time expire."""
        return at + timedelta(days=self.valid_days)


@frozen
class Product:
    """One thing on sale. ``credits`` come with each unit, or with each paid period.

    A subscription has a ``tier``, which it opens while it lasts, and a ``period``; a pack has
    neither. ``store_ids`` is what the stores call it: Stripe's price, Apple's and Google's product.
    """

    id: str
    kind: ProductKind
    name: str
    credits: int
    price: Money
    store_ids: Mapping[Provider, str]
    tier: Tier | None = None
    period: Period | None = None
    promotion: Promotion | None = None

    @property
    def is_subscription(self) -> bool:
        """Whether it renews."""
        return self.kind is ProductKind.SUBSCRIPTION

    def is_upgrade_of(self, current: "Product") -> bool:
        """Whether changing over opens more, or the same for a longer time: then it is at once."""
        return self._reach > current._reach  # noqa: SLF001 - of the same class

    @property
    def _reach(self) -> tuple[int, int]:
        rank = self.tier.rank if self.tier is not None else -1
        return rank, self.period.months if self.period is not None else 0


@frozen
class Catalogue:
    """Everything on sale, in the order in which it is shown; one published version of it."""

    version: int
    products: tuple[Product, ...]

    def get(self, product_id: str) -> Product:
        """The product with this id of ours; raises ``NotFound``."""
        for product in self.products:
            if product.id == product_id:
                return product
        message = "There is no such product."
        raise NotFound(message)

    def find(self, provider: Provider, store_id: str) -> Product | None:
        """The product that this store calls so."""
        for product in self.products:
            if product.store_ids.get(provider) == store_id:
                return product
        return None
