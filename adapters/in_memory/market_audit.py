"""The invariants of the market, looked up in the tables rather than trusted."""

from collections import Counter
from collections.abc import Iterator

from adapters.in_memory.database import InMemoryDatabase
from application.ports.wallet_store import Violation
from domain.accounts import Tier
from domain.ledger import EntryKind, LedgerEntry
from domain.market.purchases import GrantedLot, Purchase

_BOUGHT = frozenset({EntryKind.PURCHASE, EntryKind.SUBSCRIPTION})
_GRANTS = frozenset({EntryKind.GRANT, *_BOUGHT})
_TAKES = frozenset({EntryKind.CLAW_BACK, EntryKind.REINSTATEMENT})


def find_violations(database: InMemoryDatabase) -> list[Violation]:
    """Every broken invariant, in no certain order."""
    found: list[Violation] = []
    copies: Counter[str] = Counter()
    for purchase in database.purchases.values():
        for lot in purchase.lots:
            copies[lot.lot_id] += 1
            broken = _in_lot(lot, purchase, database)
            found += [Violation(invariant, purchase.id, detail) for invariant, detail in broken]
    for lot_id, count in copies.items():
        if count > 1:
            found.append(Violation("lot", lot_id, f"{count} purchases have it"))
    for user_id in database.wallets:
        broken = _in_account(user_id, database)
        found += [Violation(invariant, user_id, detail) for invariant, detail in broken]
    return found


def _in_lot(
    lot: GrantedLot, purchase: Purchase, database: InMemoryDatabase
) -> Iterator[tuple[str, str]]:
    entries = [
        entry
        for entry in database.ledger[purchase.user_id]
        if entry.lot_id == lot.lot_id and entry.bucket is lot.bucket
    ]
    grants = [entry.amount for entry in entries if entry.kind in _GRANTS]
    if grants != [lot.credits]:
        yield "grant", f"lot {lot.lot_id} has {lot.credits} credits; the ledger granted {grants}"
    taken = sum(entry.debt - entry.amount for entry in entries if entry.kind in _TAKES)
    if taken > lot.clawed_back:
        says = f"the purchase says {lot.clawed_back}"
        yield "claw-back", f"the ledger took {taken} of lot {lot.lot_id}, {says}"
    kept = [one for one in database.wallets[purchase.user_id].lots if one.id == lot.lot_id]
    if lot.is_frozen and any(not one.is_frozen for one in kept):
        yield "freeze", f"lot {lot.lot_id} is not frozen in the wallet"


def _in_account(user_id: str, database: InMemoryDatabase) -> Iterator[tuple[str, str]]:
    purchases = [one for one in database.purchases.values() if one.user_id == user_id]
    lots = [lot for purchase in purchases for lot in purchase.lots]
    frozen = {lot.lot_id for lot in lots if lot.is_frozen}
    for kept in database.wallets[user_id].lots:
        if kept.is_frozen and kept.id not in frozen:
            yield "freeze", f"lot {kept.id} is frozen, but by no purchase"
    known = {lot.lot_id for lot in lots}
    for entry in database.ledger[user_id]:
        if _is_unexplained(entry, known):
            yield "origin", f"entry {entry.seq} belongs to no purchase"
    user = database.users[user_id]
    if user.erased_at is None and user.tier is database.market_tiers.get(user_id):
        opened = [_opens(one, database, user.tier) for one in purchases if _is_open(one)]
        if not any(opened):
            yield "tier", f"{user.tier} is opened by no subscription"


def _is_unexplained(entry: LedgerEntry, known: set[str]) -> bool:
    return entry.kind in _BOUGHT and entry.lot_id not in known


def _is_open(purchase: Purchase) -> bool:
    return purchase.is_subscription and purchase.status.is_open and purchase.replaced_by is None


def _opens(purchase: Purchase, database: InMemoryDatabase, tier: Tier) -> bool:
    """Whether it opens the tier by any catalogue, or no catalogue says what it opens."""
    tiers = [
        product.tier
        for catalogue in database.catalogues.values()
        for product in catalogue.products
        if product.id == purchase.product_id and product.tier is not None
    ]
    return not tiers or any(one.opens(tier) for one in tiers)
