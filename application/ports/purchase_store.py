"""Purchases, whose they are, and the one step that changes them together with the wallet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from application.ports.wallet_store import Violation
from domain.accounts import Tier
from domain.ledger import LotHistory
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.reports import Errand
from domain.wallet import Wallet


@frozen
class Owner:
    """Which purchase of whom."""

    user_id: str
    purchase_id: str


@frozen
class Holder:
    """What the stores call a person: the UUID that we minted, and the providers' customer ids."""

    user_id: str
    store_token: str
    customers: Mapping[Provider, str]
    created_at: datetime
    """Since when there is an account."""


@frozen
class Holding:
    """All that a change of a purchase is decided by, as of one moment."""

    purchase: Purchase
    wallet: Wallet
    tier: Tier
    subscriptions: tuple[Purchase, ...]
    """The person's other purchases that are subscriptions."""
    lots: Mapping[str, LotHistory]
    """What the ledger says of each lot of the purchase, by lot id; without those it lacks."""


@frozen
class Change:
    """What is written in one step, or not at all.

    ``wallet`` and ``tier`` None: as they were. ``names`` are ids by which the store may name the
    purchase (its reference among them). ``others`` are further purchases of the same person that
    changed too. ``done`` is the inbox message that all of this came from.
    """

    purchase: Purchase
    now: datetime
    wallet: Wallet | None = None
    tier: Tier | None = None
    names: tuple[str, ...] = ()
    others: tuple[Purchase, ...] = ()
    errands: tuple[Errand, ...] = ()
    done: tuple[Provider, str] | None = None


class PurchaseStore(Protocol):
    """Purchases by our id and by the stores' names for them; they stay when an account goes."""

    async def add(self, purchase: Purchase, names: Sequence[str] = ()) -> Purchase:
        """Store a new purchase (version 0, then 1) and its names, in one step.

        When a name belongs to a purchase already, or the id is there, that purchase is returned
        and nothing is written: compare the ids; it may be another person's. Raises ``NotFound``
        when the account is gone.
        """
        ...

    async def get(self, user_id: str, purchase_id: str) -> Purchase:
        """Raises ``NotFound``, also for another person's."""
        ...

    async def list(self, user_id: str, *, limit: int, before: str | None) -> Sequence[Purchase]:
        """Newest first (by id, which sorts by time), from behind the id ``before`` on."""
        ...

    async def list_subscriptions(self, user_id: str) -> Sequence[Purchase]:
        """All subscriptions that the person ever had, newest first."""
        ...

    async def find_owner(self, provider: Provider, names: Sequence[str]) -> Owner | None:
        """The purchase that the store names by one of these; the first known name counts."""
        ...

    async def get_holder(self, user_id: str) -> Holder:
        """What the stores call this person; raises ``NotFound`` when the account is gone."""
        ...

    async def find_holder(self, store_token: str) -> str | None:
        """The living user for whom we minted this UUID, in any case of letters."""
        ...

    async def keep_customer(self, user_id: str, provider: Provider, customer: str) -> str:
        """Remember the provider's id of the person; the one that was there first stays.

        Returns the one that counts. Raises ``NotFound`` when the account is gone.
        """
        ...

    async def open(self, owner: Owner) -> Holding:
        """Read everything that a change is decided by; raises ``NotFound``."""
        ...

    async def save(self, change: Change) -> bool:
        """Write all of it in one statement.

        False when the purchase, another of ``others``, or the wallet is no longer at the version
        that was read (``purchase.version``, ``wallet.version``: both grow by one): read and decide
        again. Raises ``Conflict`` when the store's name belongs to another purchase, and
        ``AlreadyRecorded`` when the ledger has such an entry.
        """
        ...

    async def list_due(self, now: datetime, *, limit: int) -> Sequence[Owner]:
        """Subscriptions whose ``standing.changes_at`` has come, the most overdue first."""
        ...

    async def list_live(
        self, provider: Provider, *, limit: int, after: Owner | None
    ) -> Sequence[Owner]:
        """Purchases of a provider that are not at their end, by owner, from behind ``after`` on.

        Not at their end are pending and disputed ones, and subscriptions that are open, on hold or
        paused.
        """
        ...

    async def audit(self) -> Sequence[Violation]:
        """Every broken invariant of the market, over all users; empty when all is well.

        Each lot of a purchase was granted in the ledger, once, with its credits; what the ledger
        took back of a lot is at most what the purchase says; a frozen lot is frozen in the wallet
        and in no other way; no lot belongs to two purchases; each ledger entry of kind purchase or
        subscription belongs to a lot of a purchase; a tier above free that a subscription opened
        is still opened by one.
        """
        ...
