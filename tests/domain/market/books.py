"""A wallet with its ledger and purchases, as a store keeps them; each step is checked."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from attrs import evolve

from domain.holds import hold, settle
from domain.ledger import EntryKind, LedgerEntry, LotHistory
from domain.market.effects import bring_about
from domain.market.facts import Fact
from domain.market.products import Catalogue
from domain.market.purchases import GrantedLot, Purchase
from domain.wallet import Wallet, expire_lots, verify

_GRANTS = {EntryKind.GRANT, EntryKind.PURCHASE, EntryKind.SUBSCRIPTION}
_SPENDS = {EntryKind.CHARGE, EntryKind.DEBT_REPAYMENT}


class Books:
    def __init__(self, catalogue: Catalogue, now: datetime) -> None:
        self.catalogue = catalogue
        self.now = now
        self.wallet = Wallet("usr_1")
        self.ledger: list[LedgerEntry] = []
        self.purchases: dict[str, Purchase] = {}
        self._turns = 0

    # ------------------------------------------------------------------------------- what happens

    def tell(self, purchase: Purchase, *facts: Fact) -> Purchase:
        """The purchase once its store has said this."""
        known = self.purchases.get(purchase.id, purchase)
        return self.apply(known.learn(facts, self.now))

    def apply(self, purchase: Purchase) -> Purchase:
        lots = {lot.lot_id: self.history(lot.lot_id) for lot in purchase.lots}
        after, wallet = bring_about(purchase, self.wallet, self.catalogue, lots, self.now)
        self.purchases[after.id] = after
        self.save(wallet)
        lots = {lot.lot_id: self.history(lot.lot_id) for lot in after.lots}
        again = bring_about(after, self.wallet, self.catalogue, lots, self.now)
        assert again == (after, self.wallet)
        self.check()
        return after

    def hold(self, amount: int) -> str | None:
        """Set aside up to so much for a turn; None when nothing is there."""
        wallet = expire_lots(self.wallet, self.now)
        amount = min(amount, wallet.available)
        if amount < 1:
            return None
        self._turns += 1
        turn_id = f"turn_{self._turns}"
        until = self.now + timedelta(days=9_999)
        self.save(hold(wallet, turn_id=turn_id, amount=amount, now=self.now, expires_at=until))
        return turn_id

    def settle(self, turn_id: str, charge: int) -> None:
        opened = self.wallet.find_hold(turn_id)
        assert opened is not None
        charge = min(charge, opened.amount)
        self.save(
            settle(self.wallet, turn_id=turn_id, charge=charge, now=self.now, description="R")[0]
        )
        self.check()

    def spend(self, amount: int) -> None:
        turn_id = self.hold(amount)
        if turn_id is not None:
            self.settle(turn_id, amount)

    def wait_until(self, now: datetime) -> None:
        self.now = max(self.now, now)
        self.save(expire_lots(self.wallet, self.now))

    def save(self, wallet: Wallet) -> None:
        self.ledger += wallet.entries
        self.wallet = evolve(wallet, entries=())

    # ------------------------------------------------------------------------------- what is so

    def history(self, lot_id: str) -> LotHistory:
        entries = [entry for entry in self.ledger if entry.lot_id == lot_id]
        amounts: Counter[EntryKind] = Counter()
        for entry in entries:
            amounts[entry.kind] += entry.amount
        owed = sum(entry.debt for entry in entries if entry.kind is EntryKind.CLAW_BACK)
        back = amounts[EntryKind.REINSTATEMENT]
        return LotHistory(
            granted=sum(amounts[kind] for kind in _GRANTS),
            spent=-sum(amounts[kind] for kind in _SPENDS),
            expired=-amounts[EntryKind.EXPIRY],
            taken=-amounts[EntryKind.CLAW_BACK] - max(back - owed, 0),
            owed=max(owed - back, 0),
        )

    @property
    def charged(self) -> int:
        return -sum(entry.amount for entry in self.ledger if entry.kind is EntryKind.CHARGE)

    @property
    def worth(self) -> int:
        """What the person has had of all that was bought, whatever of it they spent."""
        return self.wallet.balance - self.wallet.debt + self.charged

    def left(self, lot_id: str) -> int:
        return sum(lot.credits for lot in self.wallet.lots if lot.id == lot_id)

    def check(self) -> None:
        wallet = self.wallet
        verify(wallet)
        assert wallet.available >= 0
        assert wallet.debt >= 0
        assert sum(entry.amount for entry in self.ledger) == wallet.balance
        assert sum(entry.debt for entry in self.ledger) == wallet.debt
        # Each line has its time, and they stand in that order.
        assert all(one.created_at <= two.created_at for one, two in pairwise(self.ledger))
        assert all(entry.created_at <= self.now for entry in self.ledger[-1:])
        keys = [(entry.kind, entry.reference, entry.lot_id) for entry in self.ledger]
        assert len(set(keys)) == len(keys)
        lots = [lot for purchase in self.purchases.values() for lot in purchase.lots]
        assert len({lot.lot_id for lot in lots}) == len(lots)
        granted = [entry.lot_id for entry in self.ledger if entry.kind in _GRANTS]
        assert sorted(granted) == sorted(lot.lot_id for lot in lots)
        for lot in lots:
            self._check_lot(lot)

    def _check_lot(self, lot: GrantedLot) -> None:
        history = self.history(lot.lot_id)
        shown = history.taken + history.owed
        assert history.granted == lot.credits
        assert 0 <= shown <= lot.clawed_back <= lot.credits
        # What was paid and kept is the most that anybody can have had of it, debt aside.
        assert history.expired + shown >= lot.clawed_back
        kept = [one for one in self.wallet.lots if one.id == lot.lot_id]
        assert all(one.is_frozen is lot.is_frozen for one in kept)
        held = sum(one.held for one in kept)
        over = max(0, history.spent + held - (lot.credits - lot.clawed_back))
        # Nobody owes more than they used beyond what they may keep. What was held is owed until it
        # is let go: if another lot has paid for it by then, it is left in this one, or runs out.
        assert history.owed - self.left(lot.lot_id) - history.expired <= over
