"""Credits that are taken back, given back, or frozen, because the money for them was."""

from datetime import datetime

from attrs import evolve

from domain.ledger import EntryKind
from domain.lots import Bucket, Lot
from domain.wallet import Wallet, pay_debt

CLAW_BACK_DESCRIPTION = "Taken back after a refund"


def claw_back(
    wallet: Wallet,
    *,
    lot_id: str,
    bucket: Bucket,
    credits: int,  # noqa: A002 - the field's word
    reference: str,
    now: datetime,
    expired: int = 0,
) -> Wallet:
    """Take ``credits`` of one lot back: what is left first, then what ran out, then what is used.

    ``expired`` of the lot's credits ran out unused: nobody owes those. What was spent becomes
    debt. Held credits count as spent for now; if their hold lets them go, they are burnt and the
    debt shrinks by as much. Raises ``ValueError`` for less than 1.
    """
    if credits < 1:
        message = "a claw-back is at least 1 credit"
        raise ValueError(message)
    lot = _find(wallet, lot_id) or Lot(lot_id, bucket, 0)
    taken = min(lot.free, credits)
    debt = max(0, credits - taken - expired)
    if not taken and not debt:
        return wallet
    in_holds = min(lot.held - lot.owed, debt)
    left = evolve(lot, credits=lot.credits - taken, owed=lot.owed + in_holds)
    return wallet.with_lot(left).record(
        EntryKind.CLAW_BACK,
        lot,
        -taken,
        debt=debt,
        reference=reference,
        description=CLAW_BACK_DESCRIPTION,
        now=now,
    )


def reinstate(
    wallet: Wallet,
    *,
    lot: Lot,
    credits: int,  # noqa: A002 - the field's word
    reference: str,
    now: datetime,
) -> Wallet:
    """Give ``credits`` back that were taken of a lot; they pay debt first.

    ``lot`` says what it was, should nothing be left of it. What comes back after the lot's time
    does not expire any more: it would be nothing otherwise, though other credits may have paid
    for it meanwhile. Raises ``ValueError`` for less than 1.
    """
    if credits < 1:
        message = "a reinstatement is at least 1 credit"
        raise ValueError(message)
    known = _find(wallet, lot.id)
    if known is None:
        known = evolve(lot, credits=0, held=0, owed=0)
        wallet = evolve(wallet, lots=(*wallet.lots, known))
    until = None if known.is_expired(now) else known.expires_at
    fuller = evolve(known, credits=known.credits + credits, expires_at=until)
    changed = wallet.with_lot(fuller).record(
        EntryKind.REINSTATEMENT,
        fuller,
        credits,
        reference=reference,
        description="Given back after a refund was undone",
        now=now,
    )
    return pay_debt(changed, fuller, credits, reference=reference, now=now)


def freeze(wallet: Wallet, lot_id: str, *, is_frozen: bool) -> Wallet:
    """Keep a lot's free credits from being spent, or let go of them; the ledger does not change."""
    lot = _find(wallet, lot_id)
    if lot is None or lot.is_frozen is is_frozen:
        return wallet
    return wallet.with_lot(evolve(lot, is_frozen=is_frozen))


def _find(wallet: Wallet, lot_id: str) -> Lot | None:
    return next((lot for lot in wallet.lots if lot.id == lot_id), None)
