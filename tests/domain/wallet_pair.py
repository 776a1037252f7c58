"""A wallet and its plain twin, driven together and compared after each step.

Around the wallet stands what a store promises: entries are appended, and no two share kind,
reference and lot.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from domain.claw_backs import claw_back
from domain.errors import AlreadyRecorded, Conflict, InsufficientCredits
from domain.holds import expire_holds, hold, release, settle
from domain.ledger import EntryKind, LedgerEntry
from domain.lots import Bucket, spend_order
from domain.wallet import Wallet, grant, next_daily_refresh, refresh, verify
from tests.domain.plain_wallet import PlainWallet

KINDS = (
    EntryKind.GRANT,
    EntryKind.PURCHASE,
    EntryKind.SUBSCRIPTION,
    EntryKind.REINSTATEMENT,
)
BUCKETS = (Bucket.PROMO, Bucket.SUBSCRIPTION, Bucket.PURCHASED)
PAYS_DEBT = {EntryKind.PURCHASE, EntryKind.SUBSCRIPTION, EntryKind.REINSTATEMENT}


class WalletPair:
    """Numbers that choose something are taken modulo what there is to choose from."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 27, 22, tzinfo=UTC)
        self.wallet = Wallet("usr_1")
        self.plain = PlainWallet()
        self.grants: list[tuple[EntryKind, Bucket, str, int]] = []
        self.resolved: list[str] = []
        self._numbers = count(1)
        self._seen: set[tuple[EntryKind, str, str]] = set()
        self._balance = 0
        self._debt = 0
        self._in_bucket: Counter[Bucket] = Counter()
        self._charged: Counter[str] = Counter()

    # ------------------------------------------------------------------------------- actions

    def pass_time(self, minutes: int) -> None:
        """Move the clock, back for negative ``minutes``."""
        self.now += timedelta(minutes=minutes)

    def grant(self, kind: int, bucket: int, amount: int, lifetime: int | None) -> None:
        """Give credits that live for ``lifetime`` minutes, or for ever."""
        reference = f"ref_{next(self._numbers):06d}"
        self._grant(KINDS[kind % 4], BUCKETS[bucket % 3], reference, amount, lifetime)
        self.grants.append((KINDS[kind % 4], BUCKETS[bucket % 3], reference, amount))

    def replay_grant(self, which: int) -> None:
        """Give again what was given: the wallet or the ledger's uniqueness refuses."""
        kind, bucket, reference, amount = self.grants[which % len(self.grants)]
        before = self.wallet
        with pytest.raises(AlreadyRecorded):
            self._save(
                grant(
                    before, kind=kind, bucket=bucket, credits=amount, reference=reference,
                    description="Again", now=self.now,
                )
            )  # fmt: skip
        assert self.wallet is before

    def refresh(self, daily: int) -> None:
        """The first look of a day."""
        is_due = self.wallet.daily_on is None or self.wallet.daily_on < self.now.date()
        changed = refresh(self.wallet, daily_credits=daily, now=self.now)
        midnight = next_daily_refresh(self.now)
        assert timedelta(0) < midnight - self.now <= timedelta(days=1)
        self.plain.refresh(daily, self.now, midnight)
        assert all(not lot.is_expired(self.now) or not lot.free for lot in changed.lots)
        if is_due and daily:
            day = f"daily:{self.now.date().isoformat()}"
            self.grants.append((EntryKind.DAILY_REFRESH, Bucket.DAILY, day, daily))
        self._save(changed)
        assert refresh(self.wallet, daily_credits=daily, now=self.now) == self.wallet

    def hold(self, amount: int, minutes: int) -> None:
        """Set credits aside, if there are so many."""
        turn_id = f"turn_{next(self._numbers):06d}"
        expires_at = self.now + timedelta(minutes=minutes)
        try:
            changed = hold(
                self.wallet, turn_id=turn_id, amount=amount, now=self.now, expires_at=expires_at
            )
        except InsufficientCredits:
            assert not self.plain.hold(turn_id, amount, self.now, expires_at)
            return
        assert self.plain.hold(turn_id, amount, self.now, expires_at)
        opened = changed.find_hold(turn_id)
        assert opened is not None
        assert opened.amount == amount
        with pytest.raises(Conflict):
            hold(changed, turn_id=turn_id, amount=1, now=self.now, expires_at=expires_at)
        self._assert_nothing_better_was_left(changed, turn_id)
        self._save(changed)

    def settle(self, which: int, per_mille: int) -> None:
        """Charge some thousandths of a hold, rounded down."""
        opened = self.wallet.holds[which % len(self.wallet.holds)]
        charge = opened.amount * per_mille // 1_000
        changed, parts = settle(
            self.wallet, turn_id=opened.turn_id, charge=charge, now=self.now, description="Reply"
        )
        self.plain.settle(opened.turn_id, charge, self.now)
        assert sum(part.credits for part in parts) == charge
        self._save(changed)
        assert self._charged[opened.turn_id] == charge
        self.resolved.append(opened.turn_id)

    def release(self, which: int) -> None:
        """Let a hold go without a charge."""
        opened = self.wallet.holds[which % len(self.wallet.holds)]
        changed = release(self.wallet, turn_id=opened.turn_id, now=self.now)
        self.plain.settle(opened.turn_id, 0, self.now)
        self._save(changed)
        self.resolved.append(opened.turn_id)

    def resolve_again(self, which: int) -> None:
        """Try to settle what was settled, released or expired: it is refused."""
        turn_id = self.resolved[which % len(self.resolved)]
        with pytest.raises(Conflict):
            settle(self.wallet, turn_id=turn_id, charge=0, now=self.now, description="Reply")

    def expire_holds(self) -> None:
        """Sweep."""
        changed, lapsed = expire_holds(self.wallet, self.now)
        assert list(lapsed) == self.plain.expire_holds(self.now)
        assert all(opened.expires_at > self.now for opened in changed.holds)
        self._save(changed)
        self.resolved += lapsed

    def claw_back(self, which: int, amount: int) -> None:
        """Take back credits of any lot there ever was, spent, held or free."""
        _, bucket, lot_id, _ = self.grants[which % len(self.grants)]
        changed = claw_back(
            self.wallet, lot_id=lot_id, bucket=bucket, credits=amount,
            reference=f"refund_{next(self._numbers):06d}", now=self.now,
        )  # fmt: skip
        self.plain.claw_back(lot_id, amount)
        self._save(changed)

    # ------------------------------------------------------------------------------- compare

    def check(self) -> None:
        """Compare everything; ``_save`` has compared the ledger."""
        wallet, plain = self.wallet, self.plain
        verify(wallet)
        assert wallet.balance == self._balance
        assert wallet.debt == self._debt == plain.debt
        assert wallet.debt >= 0
        assert 0 <= wallet.available == plain.available()
        for bucket in Bucket:
            kept = sum(lot.credits for lot in wallet.lots if lot.bucket is bucket)
            assert kept == self._in_bucket[bucket]
        assert {lot.id: (lot.free, lot.held, lot.owed) for lot in wallet.lots} == {
            lot_id: (lot.free, plain.held_of(lot_id), lot.to_burn)
            for lot_id, lot in plain.lots.items()
        }
        assert {
            opened.turn_id: [(part.lot_id, part.credits) for part in opened.allocations]
            for opened in wallet.holds
        } == {turn_id: opened.parts for turn_id, opened in plain.holds.items()}
        assert wallet.next_hold_expiry == min(
            (opened.expires_at for opened in plain.holds.values()), default=None
        )

    def _grant(
        self, kind: EntryKind, bucket: Bucket, reference: str, amount: int, lifetime: int | None
    ) -> None:
        expires_at = None if lifetime is None else self.now + timedelta(minutes=lifetime)
        changed = grant(
            self.wallet, kind=kind, bucket=bucket, credits=amount, reference=reference,
            description="Given", now=self.now, expires_at=expires_at,
        )  # fmt: skip
        self.plain.grant(reference, bucket.value, amount, expires_at, pays=kind in PAYS_DEBT)
        self._save(changed)

    def _save(self, changed: Wallet) -> None:
        keys = [(entry.kind, entry.reference, entry.lot_id) for entry in changed.entries]
        if not self._seen.isdisjoint(keys):
            message = "no two entries share kind, reference and lot"
            raise AlreadyRecorded(message)
        assert len(set(keys)) == len(keys)
        for entry, key in zip(changed.entries, keys, strict=True):
            self._seen.add(key)
            self._append(entry)
        assert changed.entry_count == len(self._seen)
        self.wallet = changed.saved()

    def _append(self, entry: LedgerEntry) -> None:
        self._balance += entry.amount
        self._debt += entry.debt
        self._in_bucket[entry.bucket] += entry.amount
        assert entry.balance_after == self._balance
        assert entry.seq == len(self._seen)
        if entry.kind is EntryKind.CHARGE:
            self._charged[entry.reference] -= entry.amount

    def _assert_nothing_better_was_left(self, changed: Wallet, turn_id: str) -> None:
        opened = changed.find_hold(turn_id)
        assert opened is not None
        last = opened.allocations[-1].lot_id
        usable = [lot for lot in changed.lots if not lot.is_expired(self.now)]
        ranks = {lot.id: spend_order(lot) for lot in usable}
        assert [ranks[part.lot_id] for part in opened.allocations] == sorted(
            ranks[part.lot_id] for part in opened.allocations
        )
        assert all(lot.free == 0 for lot in usable if ranks[lot.id] < ranks[last])
