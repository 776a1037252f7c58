"""Credits set aside for a turn: held, then settled or released, exactly once."""

from datetime import datetime

from attrs import evolve

from domain.claw_backs import CLAW_BACK_DESCRIPTION
from domain.errors import Conflict, InsufficientCredits
from domain.ledger import EntryKind
from domain.lots import Allocation, Lot, spend_order
from domain.wallet import Hold, Wallet


def hold(
    wallet: Wallet, *, turn_id: str, amount: int, now: datetime, expires_at: datetime
) -> Wallet:
    """Set ``amount`` aside for a turn, from the lots in spend order.

    Raises ``InsufficientCredits`` when less is available, and ``Conflict`` when the turn has a
    hold already.
    """
    if amount < 1:
        message = "a hold is at least 1 credit"
        raise ValueError(message)
    if wallet.find_hold(turn_id):
        message = "This turn has a hold already."
        raise Conflict(message)
    lots: list[Lot] = []
    parts: list[Allocation] = []
    missing = amount
    for lot in sorted(wallet.lots, key=spend_order):
        take = 0 if lot.is_expired(now) else min(lot.credits - lot.blocked, missing)
        if take:
            missing -= take
            parts.append(Allocation(lot.id, lot.bucket, take))
        lots.append(evolve(lot, held=lot.held + take) if take else lot)
    if missing:
        usable = amount - missing
        message = f"This needs up to {amount} credits, and {usable} are available."
        raise InsufficientCredits(message)
    opened = Hold(turn_id, tuple(parts), expires_at)
    return evolve(wallet, lots=tuple(lots), holds=(*wallet.holds, opened))


def settle(
    wallet: Wallet, *, turn_id: str, charge: int, now: datetime, description: str
) -> tuple[Wallet, tuple[Allocation, ...]]:
    """Resolve the turn's hold: charge part of it, in spend order, and let go of the rest.

    Returns the wallet and what was charged from which lot. Raises ``Conflict`` when there is no
    such hold (it was resolved or it expired), ``ValueError`` when ``charge`` exceeds it.
    """
    opened = wallet.find_hold(turn_id)
    if opened is None:
        message = "This turn has no open hold."
        raise Conflict(message)
    if not 0 <= charge <= opened.amount:
        message = f"charge {charge} is not within the hold of {opened.amount}"
        raise ValueError(message)
    wallet = evolve(wallet, holds=tuple(h for h in wallet.holds if h is not opened))
    charged: list[Allocation] = []
    left = charge
    for part in opened.allocations:
        take = min(part.credits, left)
        left -= take
        if take:
            charged.append(evolve(part, credits=take))
        wallet = _resolve(wallet, part, take, turn_id, description, now)
    return wallet, tuple(charged)


def release(wallet: Wallet, *, turn_id: str, now: datetime) -> Wallet:
    """Resolve the turn's hold without a charge; raises ``Conflict`` when there is none."""
    return settle(wallet, turn_id=turn_id, charge=0, now=now, description="")[0]


def expire_holds(wallet: Wallet, now: datetime) -> tuple[Wallet, tuple[str, ...]]:
    """Release every hold whose time is over; returns the turns that lost theirs."""
    overdue = tuple(hold.turn_id for hold in wallet.holds if hold.expires_at <= now)
    for turn_id in overdue:
        wallet = release(wallet, turn_id=turn_id, now=now)
    return wallet, overdue


def _resolve(
    wallet: Wallet, part: Allocation, charge: int, turn_id: str, description: str, now: datetime
) -> Wallet:
    """Resolve one lot's part of a hold: charge some, free the rest, burn what must not stay."""
    lot = next(one for one in wallet.lots if one.id == part.lot_id)
    freed = part.credits - charge
    burnt = min(lot.owed, freed)
    held = lot.held - part.credits
    # Owed credits can only come out of credits that are still held: what was just charged is spent.
    lot = evolve(lot, credits=lot.credits - charge, held=held, owed=min(lot.owed - burnt, held))
    wallet = wallet.with_lot(lot)
    if charge:
        wallet = wallet.record(
            EntryKind.CHARGE, lot, -charge, reference=turn_id, description=description, now=now
        )
    if burnt:
        lot = evolve(lot, credits=lot.credits - burnt)
        wallet = wallet.with_lot(lot).record(
            EntryKind.CLAW_BACK,
            lot,
            -burnt,
            debt=-burnt,
            reference=turn_id,
            description=CLAW_BACK_DESCRIPTION,
            now=now,
        )
    if lot.is_expired(now) and lot.free:
        wallet = wallet.expire_lot(lot, reference=turn_id, now=now)
    return wallet
