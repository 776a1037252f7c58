"""Credits that came together, and parts of them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

from attrs import frozen


class Bucket(StrEnum):
    """Where credits come from, in the order in which they are spent."""

    DAILY = "daily"
    PROMO = "promo"
    SUBSCRIPTION = "subscription"
    PURCHASED = "purchased"


_SPEND_RANK = {bucket: rank for rank, bucket in enumerate(Bucket)}
_NEVER = datetime.max.replace(tzinfo=UTC)


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
    is_frozen: bool = False
    """Whether a dispute keeps what is free of it from being spent until it is decided."""

    @property
    def free(self) -> int:
        """Credits that no hold has."""
        return self.credits - self.held

    @property
    def blocked(self) -> int:
        """Credits that no new hold can have: in holds, or frozen."""
        return self.credits if self.is_frozen else self.held

    def is_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now


@frozen
class Allocation:
    """Credits of one lot, as part of a hold or of a charge."""

    lot_id: str
    bucket: Bucket
    credits: int


def spend_order(lot: Lot) -> tuple[int, datetime, str]:
    """Sort key: bucket first, then the earliest expiry, then the id so that it never varies."""
    return _SPEND_RANK[lot.bucket], lot.expires_at or _NEVER, lot.id


def credits_by_bucket(parts: Iterable[Allocation]) -> dict[Bucket, int]:
    """Sums per bucket, in spend order; buckets without credits are left out."""
    sums: dict[Bucket, int] = {}
    for part in sorted(parts, key=lambda part: _SPEND_RANK[part.bucket]):
        sums[part.bucket] = sums.get(part.bucket, 0) + part.credits
    return sums
