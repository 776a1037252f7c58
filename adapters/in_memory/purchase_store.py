"""The purchases in memory, and all that changes with one of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from attrs import evolve

from adapters.in_memory.database import InMemoryDatabase
from adapters.in_memory.market_audit import find_violations
from application.ports.inbox import InboxState
from application.ports.purchase_store import Change, Holder, Holding, Owner
from application.ports.wallet_store import Violation
from domain.accounts import Tier
from domain.errors import Conflict, NotFound
from domain.ledger import EntryKind, LedgerEntry, LotHistory
from domain.market.products import Provider
from domain.market.purchases import Purchase
from domain.market.standing import Status

_GRANTS = frozenset({EntryKind.GRANT, EntryKind.PURCHASE, EntryKind.SUBSCRIPTION})
_SPENDS = frozenset({EntryKind.CHARGE, EntryKind.DEBT_REPAYMENT})


class InMemoryPurchaseStore:
    """Purchases by person and id, written only by whoever read the latest version."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    async def add(self, purchase: Purchase, names: Sequence[str] = ()) -> Purchase:
        await self._database.round_trip()
        owner = self._find(purchase.provider, names) or Owner(purchase.user_id, purchase.id)
        known = self._database.purchases.get((owner.user_id, owner.purchase_id))
        if known is not None:
            return known
        self._check_living(purchase.user_id)
        self._put(purchase)
        self._name(purchase, names)
        return evolve(purchase, version=1)

    async def get(self, user_id: str, purchase_id: str) -> Purchase:
        await self._database.round_trip()
        return self._get(Owner(user_id, purchase_id))

    async def list(self, user_id: str, *, limit: int, before: str | None) -> Sequence[Purchase]:
        await self._database.round_trip()
        found = [one for one in self._newest_first(user_id) if before is None or one.id < before]
        return found[:limit]

    async def list_subscriptions(self, user_id: str) -> Sequence[Purchase]:
        await self._database.round_trip()
        return [one for one in self._newest_first(user_id) if one.is_subscription]

    async def find_owner(self, provider: Provider, names: Sequence[str]) -> Owner | None:
        await self._database.round_trip()
        return self._find(provider, names)

    async def get_holder(self, user_id: str) -> Holder:
        await self._database.round_trip()
        self._check_living(user_id)
        return Holder(
            user_id=user_id,
            store_token=self._database.store_tokens.setdefault(user_id, str(uuid4())),
            customers={
                provider: customer
                for (owner, provider), customer in self._database.store_customers.items()
                if owner == user_id
            },
            created_at=self._database.users[user_id].created_at,
        )

    async def find_holder(self, store_token: str) -> str | None:
        await self._database.round_trip()
        try:
            token = str(UUID(store_token))
        except ValueError:
            return None
        tokens = self._database.store_tokens.items()
        return next((user_id for user_id, minted in tokens if minted == token), None)

    async def keep_customer(self, user_id: str, provider: Provider, customer: str) -> str:
        await self._database.round_trip()
        self._check_living(user_id)
        return self._database.store_customers.setdefault((user_id, provider), customer)

    async def open(self, owner: Owner) -> Holding:
        await self._database.round_trip()
        purchase = self._get(owner)
        others = [one for one in self._newest_first(owner.user_id) if one.id != purchase.id]
        return Holding(
            purchase=purchase,
            wallet=self._database.wallets[owner.user_id],
            tier=self._database.users[owner.user_id].tier,
            subscriptions=tuple(one for one in others if one.is_subscription),
            lots=_histories(purchase, self._database.ledger[owner.user_id]),
        )

    async def save(self, change: Change) -> bool:
        await self._database.round_trip()
        changed = (change.purchase, *change.others)
        if not all(self._is_current(one) for one in changed):
            return False
        if change.wallet is not None and not self._database.check_wallet(change.wallet):
            return False
        owner = Owner(change.purchase.user_id, change.purchase.id)
        named = {self._find(change.purchase.provider, (name,)) for name in change.names}
        if named - {owner, None}:
            raise Conflict("The store's name belongs to another purchase.")
        for one in changed:
            self._put(one)
        if change.wallet is not None:
            self._database.put_wallet(change.wallet)
        if change.tier is not None:
            self._open_tier(owner.user_id, change.tier)
        self._name(change.purchase, change.names)
        for errand in change.errands:
            self._database.owe(owner.user_id, errand, change.now)
        self._finish(change)
        return True

    async def list_due(self, now: datetime, *, limit: int) -> Sequence[Owner]:
        await self._database.round_trip()
        due = sorted(
            (one.standing.changes_at, one.user_id, one.id)
            for one in self._database.purchases.values()
            if one.is_subscription
            and one.standing.changes_at is not None
            and one.standing.changes_at <= now
        )
        return [Owner(user_id, id_) for _, user_id, id_ in due[:limit]]

    async def list_live(
        self, provider: Provider, *, limit: int, after: Owner | None
    ) -> Sequence[Owner]:
        await self._database.round_trip()
        behind = ("", "") if after is None else (after.user_id, after.purchase_id)
        keys = sorted(
            key
            for key, one in self._database.purchases.items()
            if one.provider is provider and is_live(one) and key > behind
        )
        return [Owner(*key) for key in keys[:limit]]

    async def audit(self) -> Sequence[Violation]:
        await self._database.round_trip()
        return find_violations(self._database)

    def _check_living(self, user_id: str) -> None:
        if not self._database.is_living(user_id):
            raise NotFound("There is no such account.")

    def _get(self, owner: Owner) -> Purchase:
        try:
            return self._database.purchases[owner.user_id, owner.purchase_id]
        except KeyError:
            raise NotFound("There is no such purchase.") from None

    def _newest_first(self, user_id: str) -> Sequence[Purchase]:
        mine = [one for one in self._database.purchases.values() if one.user_id == user_id]
        return sorted(mine, key=lambda one: one.id, reverse=True)

    def _find(self, provider: Provider, names: Sequence[str]) -> Owner | None:
        found = (self._database.store_names.get((provider, name)) for name in names)
        return next((owner for owner in found if owner is not None), None)

    def _is_current(self, purchase: Purchase) -> bool:
        stored = self._database.purchases.get((purchase.user_id, purchase.id))
        return stored is not None and stored.version == purchase.version

    def _put(self, purchase: Purchase) -> None:
        written = evolve(purchase, version=purchase.version + 1)
        self._database.purchases[purchase.user_id, purchase.id] = written

    def _name(self, purchase: Purchase, names: Sequence[str]) -> None:
        for name in names:
            owner = Owner(purchase.user_id, purchase.id)
            self._database.store_names[purchase.provider, name] = owner

    def _open_tier(self, user_id: str, tier: Tier) -> None:
        self._database.users[user_id] = evolve(self._database.users[user_id], tier=tier)
        self._database.market_tiers.pop(user_id, None)
        if tier is not Tier.FREE:
            self._database.market_tiers[user_id] = tier

    def _finish(self, change: Change) -> None:
        message = None if change.done is None else self._database.store_messages.get(change.done)
        if change.done is not None and message is not None:
            self._database.store_messages[change.done] = evolve(
                message,
                state=InboxState.DONE,
                user_id=change.purchase.user_id,
                reason=None,
                finished_at=change.now,
            )


def is_live(purchase: Purchase) -> bool:
    """Whether a purchase is not at its end."""
    if purchase.status in {Status.PENDING, Status.DISPUTED}:
        return True
    waits = purchase.status in {Status.ON_HOLD, Status.PAUSED}
    return purchase.is_subscription and (purchase.status.is_open or waits)


def _histories(purchase: Purchase, ledger: Sequence[LedgerEntry]) -> Mapping[str, LotHistory]:
    """What the ledger says of the purchase's lots."""
    histories: dict[str, LotHistory] = {}
    for lot_id in {lot.lot_id for lot in purchase.lots}:
        entries = [entry for entry in ledger if entry.lot_id == lot_id]
        if entries:
            histories[lot_id] = _history(entries)
    return histories


def _history(entries: Sequence[LedgerEntry]) -> LotHistory:
    back = sum(entry.amount for entry in entries if entry.kind is EntryKind.REINSTATEMENT)
    taken = [entry for entry in entries if entry.kind is EntryKind.CLAW_BACK]
    owed = sum(entry.debt for entry in taken)
    return LotHistory(
        granted=sum(entry.amount for entry in entries if entry.kind in _GRANTS),
        spent=-sum(entry.amount for entry in entries if entry.kind in _SPENDS),
        expired=-sum(entry.amount for entry in entries if entry.kind is EntryKind.EXPIRY),
        taken=-sum(entry.amount for entry in taken) - max(back - owed, 0),
        owed=max(owed - back, 0),
    )
