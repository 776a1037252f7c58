"""What a store tells us about one purchase, and what we owe the store for it."""

from datetime import datetime
from enum import StrEnum

from attrs import frozen

from domain.market.facts import Fact
from domain.market.products import Provider


class Parked(Exception):
    """Nothing can be done about this without a person; ``reason`` says why, in plain words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ErrandKind(StrEnum):
    """What we may owe a provider."""

    ACKNOWLEDGE = "acknowledge"
    """Google: the purchase was granted; not said within three days, it is refunded."""
    CONSUME = "consume"
    """Google: a pack was granted and may be bought again."""
    TELL_CONSUMPTION = "tell_consumption"
    """Apple asks how much of a payment was used before it decides on a refund."""
    CANCEL = "cancel"
    """The subscription shall end: at the end of its period, or now when the account is erased."""
    FORGET_CUSTOMER = "forget_customer"
    """The account was erased: the provider's customer goes too."""


@frozen
class Errand:
    """Something to tell a provider, once or more often: it must not matter.

    ``reference`` is the provider's id of what it is about (a purchase token, a transaction, a
    subscription, a customer); ``payment`` the payment concerned, if any; ``store_product`` what
    the store calls the product.
    """

    kind: ErrandKind
    provider: Provider
    reference: str
    payment: str = ""
    store_product: str = ""


@frozen
class Report:
    """What a store says about one purchase.

    ``reference`` is the purchase's own, lasting id at the store: a payment intent, a subscription,
    an original transaction, a purchase token. ``aliases`` are other ids that later messages may
    name it by: charges, invoices, transactions, orders, the payments of its facts.

    Whose it is, one of these says, the first that is there: ``purchase_id`` (ours, carried by the
    store), ``store_token`` (the UUID that we minted for the person), ``user_id`` (carried by the
    store), or nothing: then only a purchase that we know by reference or alias is meant.

    ``product_id`` (ours) is needed for a purchase that we do not know yet. ``replaces`` is the
    reference of a purchase that this one takes the place of (a changed subscription at Google).
    ``errands`` are owed once the facts are applied.
    """

    provider: Provider
    reference: str
    facts: tuple[Fact, ...] = ()
    aliases: tuple[str, ...] = ()
    product_id: str | None = None
    purchase_id: str | None = None
    store_token: str | None = None
    user_id: str | None = None
    replaces: str | None = None
    errands: tuple[Errand, ...] = ()


@frozen
class StoreEvent:
    """A message from a store whose signature was checked, as it came.

    ``id`` is the provider's and unique there; ``at`` its time by the provider's clock; ``name``
    the provider's name for what it is about.
    """

    provider: Provider
    id: str
    name: str
    at: datetime
    body: bytes
