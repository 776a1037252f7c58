"""Credits: lots in four buckets, holds on them, and the ledger that says why.

A ``Wallet`` is one frozen value with everything that a decision needs: the lots that still have
credits, the open holds, the debt. Each function returns a new wallet whose ``entries`` has grown
by the ledger entries that explain the difference; a store saves the wallet and those entries in
one step, or neither.

    grant ──▶ lot ──▶ hold ──▶ settle (charge + release of the rest)
                        ├────▶ release   nothing was delivered
                        └────▶ expire    nobody came back for it

What always holds, and is checked by ``verify``, by property tests and by the database:
the sum of the ledger's amounts is the balance, in total and in each bucket; ``available`` is
never negative; the sum of the ledger's debts is the debt; a hold is resolved exactly once.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from attrs import evolve, frozen

from domain.errors import AlreadyRecorded, Conflict, InsufficientCredits, InvalidRequest

MAX_CREDITS = 1_000_000_000
"""The most that one grant may add: so far from 2^63 that no sum of them overflows."""


class Bucket(StrEnum):
    """Where credits come from, in the order in which they are spent."""

    DAILY = "daily"
    PROMO = "promo"
    SUBSCRIPTION = "subscription"
    PURCHASED = "purchased"


_SPEND_RANK = {bucket: rank for rank, bucket in enumerate(Bucket)}
_NEVER = datetime.max.replace(tzinfo=UTC)


class EntryKind(StrEnum):
    """Why the ledger changed."""

    GRANT = "grant"
    DAILY_REFRESH = "daily_refresh"
    PURCHASE = "purchase"
    SUBSCRIPTION = "subscription"
    CHARGE = "charge"
    EXPIRY = "expiry"
    CLAW_BACK = "claw_back"
    DEBT_REPAYMENT = "debt_repayment"
    REINSTATEMENT = "reinstatement"


_PAYS_DEBT = frozenset({EntryKind.PURCHASE, EntryKind.SUBSCRIPTION, EntryKind.REINSTATEMENT})


@frozen
class Lot:
    """Credits that came together: ``credits`` are left, ``held`` of them belong to open holds."""

    id: str
    bucket: Bucket
    credits: int
    expires_at: datetime | None = None
    held: int = 0
    owed: int = 0
    """How many of the held ones were clawed back meanwhile: burnt if their hold lets them go."""

    @property
    def free(self) -> int:
        """Credits that no hold has."""
        return self.credits - self.held

    def is_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now


@frozen
class Allocation:
    """Credits of one lot, as part of a hold or of a charge."""

    lot_id: str
    bucket: Bucket
    credits: int


@frozen
class Hold:
    """Credits set aside for one turn until it ends, at most until ``expires_at``."""

    turn_id: str
    allocations: tuple[Allocation, ...]
    expires_at: datetime

    @property
    def amount(self) -> int:
        """How many credits are set aside."""
        return sum(part.credits for part in self.allocations)


@frozen
class LedgerEntry:
    """One line of the ledger; never changed once written.

    ``amount`` changes the balance and ``debt`` the debt, both signed. ``reference`` names the
    business object (turn, purchase, day) that this is about: no two entries of a wallet share
    kind, reference and lot.
    """

    seq: int
    kind: EntryKind
    bucket: Bucket
    lot_id: str
    amount: int
    debt: int
    balance_after: int
    reference: str
    description: str
    created_at: datetime


@frozen
class Wallet:
    """What one user has. ``version`` grows by one with every saved change."""

    user_id: str
    version: int = 0
    lots: tuple[Lot, ...] = ()
    holds: tuple[Hold, ...] = ()
    debt: int = 0
    daily_on: date | None = None
    """The UTC day of the last daily refresh."""
    entry_count: int = 0
    """How many ledger entries there are, the unsaved ones in ``entries`` included."""
    entries: tuple[LedgerEntry, ...] = ()
    """What changed since this wallet was read, oldest first."""

    @property
    def balance(self) -> int:
        """All credits, the held ones included."""
        return sum(lot.credits for lot in self.lots)

    @property
    def held(self) -> int:
        """Credits in open holds."""
        return sum(lot.held for lot in self.lots)

    @property
    def available(self) -> int:
        """What can be held for a new turn."""
        return self.balance - self.held

    @property
    def next_hold_expiry(self) -> datetime | None:
        """When the earliest open hold runs out."""
        return min((hold.expires_at for hold in self.holds), default=None)

    def find_hold(self, turn_id: str) -> Hold | None:
        """The open hold of this turn."""
        return next((hold for hold in self.holds if hold.turn_id == turn_id), None)

    def saved(self) -> "Wallet":
        """This wallet as the store has it once the change is written."""
        return evolve(self, version=self.version + 1, entries=())


def spend_order(lot: Lot) -> tuple[int, datetime, str]:
    """Sort key: bucket first, then the earliest expiry, then the id so that it never varies."""
    return _SPEND_RANK[lot.bucket], lot.expires_at or _NEVER, lot.id


def next_daily_refresh(now: datetime) -> datetime:
    """The next midnight UTC: days are UTC days, so that no time change makes one twice."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def grant(
    wallet: Wallet,
    *,
    kind: EntryKind,
    bucket: Bucket,
    credits: int,  # noqa: A002 - the field's word
    reference: str,
    description: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> Wallet:
    """Add a lot of ``credits``; a purchase, a subscription or a reinstatement pays debt first.

    Raises ``InvalidRequest`` unless ``credits`` is from 1 to ``MAX_CREDITS``, and
    ``AlreadyRecorded`` when something of this lot is still there.
    """
    if not 1 <= credits <= MAX_CREDITS:
        message = f"amount must be a whole number from 1 to {MAX_CREDITS}"
        raise InvalidRequest(message, param="amount")
    if any(lot.id == reference for lot in wallet.lots):
        message = "These credits were granted already."
        raise AlreadyRecorded(message)
    lot = Lot(id=reference, bucket=bucket, credits=credits, expires_at=expires_at)
    changed = _record(
        _with_lots(wallet, (*wallet.lots, lot)),
        kind, lot, credits, reference=reference, description=description, now=now,
    )  # fmt: skip
    repaid = min(wallet.debt, credits) if kind in _PAYS_DEBT else 0
    if repaid:
        paid = evolve(lot, credits=lot.credits - repaid)
        changed = _record(
            _with_lots(changed, _replaced(changed.lots, paid)),
            EntryKind.DEBT_REPAYMENT, lot, -repaid, debt=-repaid,
            reference=reference, description="Repaid debt", now=now,
        )  # fmt: skip
        changed = evolve(changed, lots=_owing_at_most(changed.lots, changed.debt))
    return changed


def refresh(wallet: Wallet, *, daily_credits: int, now: datetime) -> Wallet:
    """Let lots expire whose time is over and, once a UTC day, give the day's credits.

    Daily credits do not pile up: what is left of yesterday's expires, apart from what an open
    hold still has. A clock that was set back gives nothing twice.
    """
    current = expire_lots(wallet, now)
    today = now.astimezone(UTC).date()
    if current.daily_on is not None and today <= current.daily_on:
        return current
    current = evolve(current, daily_on=today)
    if daily_credits <= 0:
        return current
    return grant(
        current,
        kind=EntryKind.DAILY_REFRESH,
        bucket=Bucket.DAILY,
        credits=daily_credits,
        reference=f"daily:{today.isoformat()}",
        description="Daily credits",
        now=now,
        expires_at=next_daily_refresh(now),
    )


def expire_lots(wallet: Wallet, now: datetime) -> Wallet:
    """Take away the free credits of lots whose time is over; held ones stay until resolved."""
    for lot in wallet.lots:
        if lot.is_expired(now) and lot.free:
            # A lot can come here twice: when its hold ends on a clock that is a little behind.
            reference = f"expiry:{wallet.entry_count + 1}"
            wallet = _burn(wallet, lot, lot.free, EntryKind.EXPIRY, reference, "Expired", now)
    return wallet


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
        take = 0 if lot.is_expired(now) else min(lot.free, missing)
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


def claw_back(
    wallet: Wallet,
    *,
    lot_id: str,
    bucket: Bucket,
    credits: int,  # noqa: A002 - the field's word
    reference: str,
    now: datetime,
) -> Wallet:
    """Take ``credits`` of one lot back; what is no longer there becomes debt.

    Held credits count as gone for now; if their hold lets them go, they are burnt and the debt
    shrinks by as much. Raises ``ValueError`` for less than 1.
    """
    if credits < 1:
        message = "a claw-back is at least 1 credit"
        raise ValueError(message)
    lot = next((one for one in wallet.lots if one.id == lot_id), Lot(lot_id, bucket, 0))
    taken = min(lot.free, credits)
    missing = credits - taken
    owed = lot.owed + min(lot.held - lot.owed, missing)
    left = evolve(lot, credits=lot.credits - taken, owed=owed)
    return _record(
        _with_lots(wallet, _replaced(wallet.lots, left)),
        EntryKind.CLAW_BACK, lot, -taken, debt=missing,
        reference=reference, description="Taken back after a refund", now=now,
    )  # fmt: skip


def verify(wallet: Wallet) -> None:
    """Raise ``AssertionError`` if the wallet contradicts itself; for tests and for the audit."""
    held: dict[str, int] = {}
    for opened in wallet.holds:
        for part in opened.allocations:
            held[part.lot_id] = held.get(part.lot_id, 0) + part.credits
    for lot in wallet.lots:
        if not 0 <= lot.owed <= lot.held <= lot.credits or lot.held != held.pop(lot.id, 0):
            message = f"lot {lot.id} contradicts its holds"
            raise AssertionError(message)
    owed = sum(lot.owed for lot in wallet.lots)
    if held or owed > wallet.debt or len({lot.id for lot in wallet.lots}) != len(wallet.lots):
        message = f"wallet {wallet.user_id} contradicts itself"
        raise AssertionError(message)


def credits_by_bucket(parts: Iterable[Allocation]) -> dict[Bucket, int]:
    """Sums per bucket, in spend order; buckets without credits are left out."""
    sums: dict[Bucket, int] = {}
    for part in sorted(parts, key=lambda part: _SPEND_RANK[part.bucket]):
        sums[part.bucket] = sums.get(part.bucket, 0) + part.credits
    return sums


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
    wallet = _with_lots(wallet, _replaced(wallet.lots, lot))
    if charge:
        wallet = _record(
            wallet, EntryKind.CHARGE, lot, -charge,
            reference=turn_id, description=description, now=now,
        )  # fmt: skip
    if burnt:
        lot = evolve(lot, credits=lot.credits - burnt)
        wallet = _record(
            _with_lots(wallet, _replaced(wallet.lots, lot)),
            EntryKind.CLAW_BACK, lot, -burnt, debt=-burnt,
            reference=turn_id, description="Taken back after a refund", now=now,
        )  # fmt: skip
    if lot.is_expired(now) and lot.free:
        wallet = _burn(wallet, lot, lot.free, EntryKind.EXPIRY, turn_id, "Expired", now)
    return wallet


def _burn(
    wallet: Wallet, lot: Lot, amount: int, kind: EntryKind, reference: str, why: str, now: datetime
) -> Wallet:
    left = evolve(lot, credits=lot.credits - amount)
    return _record(
        _with_lots(wallet, _replaced(wallet.lots, left)),
        kind, lot, -amount, reference=reference, description=why, now=now,
    )  # fmt: skip


def _owing_at_most(lots: Iterable[Lot], debt: int) -> tuple[Lot, ...]:
    """The lots, owing no more than ``debt``: what a repayment has covered need not be burnt.

    Those that would be spent first go on owing, so that the lasting ones are safe first.
    """
    kept: list[Lot] = []
    for lot in sorted(lots, key=spend_order):
        owed = min(lot.owed, debt)
        debt -= owed
        kept.append(evolve(lot, owed=owed))
    return tuple(kept)


def _replaced(lots: tuple[Lot, ...], changed: Lot) -> tuple[Lot, ...]:
    return tuple(changed if lot.id == changed.id else lot for lot in lots)


def _with_lots(wallet: Wallet, lots: Iterable[Lot]) -> Wallet:
    """The wallet with these lots, without the empty ones: the ledger remembers those."""
    return evolve(wallet, lots=tuple(lot for lot in lots if lot.credits))


def _record(
    wallet: Wallet,
    kind: EntryKind,
    lot: Lot,
    amount: int,
    *,
    reference: str,
    description: str,
    now: datetime,
    debt: int = 0,
) -> Wallet:
    """The wallet with one more entry; ``wallet.lots`` must already show the change."""
    entry = LedgerEntry(
        seq=wallet.entry_count + 1,
        kind=kind,
        bucket=lot.bucket,
        lot_id=lot.id,
        amount=amount,
        debt=debt,
        balance_after=wallet.balance,
        reference=reference,
        description=description,
        created_at=now,
    )
    return evolve(
        wallet,
        debt=wallet.debt + debt,
        entry_count=entry.seq,
        entries=(*wallet.entries, entry),
    )
