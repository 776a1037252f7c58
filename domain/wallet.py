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

from attrs import evolve, frozen

from domain.errors import AlreadyRecorded, InvalidRequest
from domain.ledger import EntryKind, LedgerEntry
from domain.lots import Allocation, Bucket, Lot, spend_order

MAX_CREDITS = 1_000_000_000
"""The most that one grant may add: so far from 2^63 that no sum of them overflows."""

_PAYS_DEBT = frozenset({EntryKind.PURCHASE, EntryKind.SUBSCRIPTION, EntryKind.REINSTATEMENT})


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
        """Credits in open holds, and those frozen by a dispute."""
        return sum(lot.blocked for lot in self.lots)

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

    def with_lot(self, changed: Lot) -> "Wallet":
        """This wallet with a lot as it is now; an empty one goes: the ledger remembers it."""
        lots = (changed if lot.id == changed.id else lot for lot in self.lots)
        return evolve(self, lots=tuple(lot for lot in lots if lot.credits))

    def record(
        self,
        kind: EntryKind,
        lot: Lot,
        amount: int,
        *,
        reference: str,
        description: str,
        now: datetime,
        debt: int = 0,
    ) -> "Wallet":
        """This wallet with one more entry; ``lots`` must already show the change."""
        entry = LedgerEntry(
            seq=self.entry_count + 1,
            kind=kind,
            bucket=lot.bucket,
            lot_id=lot.id,
            amount=amount,
            debt=debt,
            balance_after=self.balance,
            reference=reference,
            description=description,
            created_at=now,
        )
        return evolve(
            self,
            debt=self.debt + debt,
            entry_count=entry.seq,
            entries=(*self.entries, entry),
        )

    def expire_lot(self, lot: Lot, *, reference: str, now: datetime) -> "Wallet":
        """This wallet without the free credits of a lot whose time is over."""
        left = evolve(lot, credits=lot.held)
        return self.with_lot(left).record(
            EntryKind.EXPIRY, lot, -lot.free, reference=reference, description="Expired", now=now
        )


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
    """Add a lot of ``credits``, named by ``reference``; what was paid for pays debt first.

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
    changed = evolve(wallet, lots=(*wallet.lots, lot)).record(
        kind, lot, credits, reference=reference, description=description, now=now
    )
    if kind not in _PAYS_DEBT:
        return changed
    return pay_debt(changed, lot, credits, reference=reference, now=now)


def pay_debt(
    wallet: Wallet,
    lot: Lot,
    credits: int,  # noqa: A002 - the field's word
    *,
    reference: str,
    now: datetime,
) -> Wallet:
    """Pay what is owed with up to ``credits`` of a lot's free ones."""
    repaid = min(wallet.debt, credits)
    if not repaid:
        return wallet
    paid = evolve(lot, credits=lot.credits - repaid)
    changed = wallet.with_lot(paid).record(
        EntryKind.DEBT_REPAYMENT,
        lot,
        -repaid,
        debt=-repaid,
        reference=reference,
        description="Repaid debt",
        now=now,
    )
    return evolve(changed, lots=_owing_at_most(changed.lots, changed.debt))


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
            wallet = wallet.expire_lot(lot, reference=reference, now=now)
    return wallet


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
