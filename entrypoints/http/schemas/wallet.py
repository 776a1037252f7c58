"""Credits, prices and the ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from application.wallet.get_balance import Balance as KnownBalance
from application.wallet.grant_credits import MAX_REASON_CHARACTERS
from domain.accounts import Tier
from domain.ledger import EntryKind, LedgerEntry
from domain.lots import Bucket, Lot, spend_order
from domain.pricing import PriceTable
from domain.wallet import MAX_CREDITS, Wallet


class BucketCredits(Struct, frozen=True):
    """Credits of one bucket that expire together."""

    bucket: Bucket
    credits: int
    expires_at: datetime | None


class Balance(Struct, frozen=True):
    """What there is to spend: `available = balance - held`; the buckets add up to `balance`."""

    balance: int
    held: Annotated[int, Meta(description="Set aside for replies that are being written.")]
    available: int
    debt: Annotated[int, Meta(description="Taken back after it was spent.")]
    tier: Tier
    buckets: Annotated[list[BucketCredits], Meta(description="In the order they are spent.")]
    next_daily_refresh_at: datetime

    @classmethod
    def of(cls, known: KnownBalance) -> "Balance":
        """The wallet as JSON shows it."""
        return cls(
            balance=known.wallet.balance,
            held=known.wallet.held,
            available=known.wallet.available,
            debt=known.wallet.debt,
            tier=known.tier,
            buckets=_buckets(known.wallet.lots),
            next_daily_refresh_at=known.next_daily_refresh_at,
        )


class Transaction(Struct, frozen=True):
    """A line of the ledger; all amounts add up to the balance."""

    id: str
    kind: EntryKind
    amount: Annotated[int, Meta(description="Signed.")]
    bucket: Bucket
    balance_after: int
    description: str
    reference: Annotated[str, Meta(description="The turn, grant or purchase it is about.")]
    created_at: datetime

    @classmethod
    def of(cls, entry: LedgerEntry) -> "Transaction":
        """The entry as JSON shows it."""
        return cls(
            id=f"txn_{entry.seq}",
            kind=entry.kind,
            amount=entry.amount,
            bucket=entry.bucket,
            balance_after=entry.balance_after,
            description=entry.description,
            reference=entry.reference,
            created_at=entry.created_at,
        )


class TransactionPage(Struct, frozen=True):
    """Some lines of the ledger, newest first."""

    data: list[Transaction]
    next_cursor: str | None


class ModelPrice(Struct, frozen=True):
    """Credits per 1,000 tokens of one model."""

    model: str
    input: int
    cached_input: int
    output: int


class TierPrice(Struct, frozen=True):
    """What a tier pays and gets."""

    tier: Tier
    percent: Annotated[int, Meta(description="Its share of the price.")]
    daily_credits: int


class Pricing(Struct, frozen=True):
    """The price table in force.

    A turn costs `max(minimum, ceil(percent/100 × ((prompt − cached)·input + cached·cached_input
    + completion·output) / 1000))` credits, by the model that answered, and never more than was
    held for it.
    """

    price_version: int
    minimum: int
    models: list[ModelPrice]
    tiers: list[TierPrice]

    @classmethod
    def of(cls, table: PriceTable) -> "Pricing":
        """The table as JSON shows it."""
        return cls(
            price_version=table.version,
            minimum=table.minimum,
            models=[
                ModelPrice(model, rate.input, rate.cached_input, rate.output)
                for model, rate in table.models.items()
            ],
            tiers=[
                TierPrice(tier, terms.percent, terms.daily_credits)
                for tier, terms in sorted(table.tiers.items(), key=lambda item: item[0].rank)
            ],
        )


class Grant(Struct, frozen=True):
    """Credits to give; the daily bucket is filled by the daily refresh only."""

    amount: Annotated[int, Meta(ge=1, le=MAX_CREDITS)]
    bucket: Bucket
    reason: Annotated[str, Meta(min_length=1, max_length=MAX_REASON_CHARACTERS)]


class Granted(Struct, frozen=True):
    """The wallet after a grant."""

    user_id: str
    amount: int
    bucket: Bucket
    balance: int
    held: int
    available: int
    debt: int
    buckets: list[BucketCredits]

    @classmethod
    def of(cls, grant: Grant, wallet: Wallet) -> "Granted":
        """The wallet as JSON shows it."""
        return cls(
            user_id=wallet.user_id,
            amount=grant.amount,
            bucket=grant.bucket,
            balance=wallet.balance,
            held=wallet.held,
            available=wallet.available,
            debt=wallet.debt,
            buckets=_buckets(wallet.lots),
        )


def _buckets(lots: Sequence[Lot]) -> list[BucketCredits]:
    sums: dict[tuple[Bucket, datetime | None], int] = {}
    for lot in sorted(lots, key=spend_order):
        key = lot.bucket, lot.expires_at
        sums[key] = sums.get(key, 0) + lot.credits
    return [BucketCredits(bucket, amount, until) for (bucket, until), amount in sums.items()]
