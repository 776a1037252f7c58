"""Credits once more, as plainly as can be: what ``domain.wallet`` is compared with.

A lot here is a number of free credits. What is held is not in the lot but in its hold, so a charge
is what is not put back. It is written without a look at the other, and shares none of its code.
"""

from datetime import UTC, datetime

ORDER = ["daily", "promo", "subscription", "purchased"]
FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)


class PlainLot:
    def __init__(self, bucket: str, free: int, expires_at: datetime | None) -> None:
        self.bucket = bucket
        self.free = free
        self.expires_at = expires_at or FOR_EVER
        self.to_burn = 0


class PlainHold:
    def __init__(self, parts: list[tuple[str, int]], expires_at: datetime) -> None:
        self.parts = parts
        self.expires_at = expires_at


class PlainWallet:
    def __init__(self) -> None:
        self.lots: dict[str, PlainLot] = {}
        self.holds: dict[str, PlainHold] = {}
        self.debt = 0
        self.last_day = ""

    def held_of(self, lot_id: str) -> int:
        parts = [part for hold in self.holds.values() for part in hold.parts]
        return sum(amount for owner, amount in parts if owner == lot_id)

    def available(self) -> int:
        return sum(lot.free for lot in self.lots.values())

    def grant(
        self, lot_id: str, bucket: str, amount: int, expires_at: datetime | None, *, pays: bool
    ) -> None:
        if pays:
            while self.debt > 0 and amount > 0:
                self.debt -= 1
                amount -= 1
            spent_last_first = [lot for _, lot in self._in_spend_order()][::-1]
            while sum(lot.to_burn for lot in spent_last_first) > self.debt:
                next(lot for lot in spent_last_first if lot.to_burn).to_burn -= 1
        self.lots[lot_id] = PlainLot(bucket, amount, expires_at)
        self._forget_empty()

    def refresh(self, daily: int, now: datetime, midnight: datetime) -> None:
        for lot in self.lots.values():
            if lot.expires_at <= now:
                lot.free = 0
        self._forget_empty()
        day = now.strftime("%Y-%m-%d")
        if day > self.last_day:
            self.last_day = day
            if daily:
                self.grant(f"daily:{day}", "daily", daily, midnight, pays=False)

    def hold(self, turn_id: str, amount: int, now: datetime, expires_at: datetime) -> bool:
        usable = [(id_, lot) for id_, lot in self._in_spend_order() if lot.expires_at > now]
        if sum(lot.free for _, lot in usable) < amount:
            return False
        parts: list[tuple[str, int]] = []
        for lot_id, lot in usable:
            taken = min(amount, lot.free)
            if taken:
                lot.free -= taken
                amount -= taken
                parts.append((lot_id, taken))
        self.holds[turn_id] = PlainHold(parts, expires_at)
        return True

    def settle(self, turn_id: str, charge: int, now: datetime) -> None:
        for lot_id, amount in self.holds.pop(turn_id).parts:
            lot = self.lots[lot_id]
            back = max(0, amount - charge)
            charge -= amount - back
            while back and lot.to_burn:
                back -= 1
                lot.to_burn -= 1
                self.debt -= 1
            lot.to_burn = min(lot.to_burn, self.held_of(lot_id))
            lot.free += back
            if lot.expires_at <= now:
                lot.free = 0
        self._forget_empty()

    def expire_holds(self, now: datetime) -> list[str]:
        overdue = [turn_id for turn_id, hold in self.holds.items() if hold.expires_at <= now]
        for turn_id in overdue:
            self.settle(turn_id, 0, now)
        return overdue

    def claw_back(self, lot_id: str, amount: int) -> None:
        lot = self.lots.get(lot_id)
        if lot is not None:
            taken = min(amount, lot.free)
            lot.free -= taken
            amount -= taken
            lot.to_burn += min(amount, self.held_of(lot_id) - lot.to_burn)
        self.debt += amount
        self._forget_empty()

    def _in_spend_order(self) -> list[tuple[str, PlainLot]]:
        return sorted(
            self.lots.items(),
            key=lambda one: (ORDER.index(one[1].bucket), one[1].expires_at, one[0]),
        )

    def _forget_empty(self) -> None:
        for lot_id in [id_ for id_, lot in self.lots.items() if not lot.free]:
            if not self.held_of(lot_id):
                del self.lots[lot_id]
