"""The ledger: why a wallet changed, line by line."""

from datetime import datetime
from enum import StrEnum

from attrs import frozen

from domain.lots import Bucket


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
class LotHistory:
    """What the ledger says of one lot, in sums of credits; each is 0 or more.

    ``taken`` and ``owed`` are what claw-backs took of it and made debt, less what was reinstated.
    """

    granted: int = 0
    spent: int = 0
    """By charges, and by paying debt with it."""
    expired: int = 0
    taken: int = 0
    owed: int = 0
