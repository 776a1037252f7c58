"""What purchases write into the ledger and leave in the wallet, to the credit."""

import pytest

from domain.ledger import EntryKind, LedgerEntry
from domain.lots import Bucket, Lot
from domain.market.effects import bring_about
from domain.market.facts import FactKind
from tests.domain.market.books import Books
from tests.domain.market.stories import (
    CATALOGUE,
    OFFER,
    START,
    day,
    pack,
    paid,
    refunded,
    renewed,
    said,
    subscription,
)

FIRST = renewed(0, 31)
REVERSED = said(FactKind.REFUND_REVERSED, 5, "p0")
LOT = "pur_plus:p0"


@pytest.fixture
def books() -> Books:
    return Books(CATALOGUE, START)


def test_a_period_brings_its_credits_until_its_end(books: Books) -> None:
    purchase = books.tell(subscription(), FIRST)
    [lot] = purchase.lots
    assert (lot.lot_id, lot.credits, lot.granted_at, lot.expires_at) == (LOT, 300, START, day(31))
    assert books.ledger == [
        LedgerEntry(
            1, EntryKind.SUBSCRIPTION, Bucket.SUBSCRIPTION, LOT, 300, 0, 300, LOT, "Plus", START
        )
    ]
    assert books.wallet.lots == (Lot(LOT, Bucket.SUBSCRIPTION, 300, day(31)),)


def test_a_bonus_is_a_lot_of_its_own(books: Books) -> None:
    purchase = books.tell(pack(OFFER), paid(product=OFFER))
    assert [lot.granted_at for lot in purchase.lots] == [START, START]
    assert [(entry.description, entry.amount, entry.created_at) for entry in books.ledger] == [
        ("Offer", 1_000, START),
        ("Bonus with Offer", 50, START),
    ]


def test_what_is_refunded_of_a_lot_that_is_gone_is_a_line_of_that_lot(books: Books) -> None:
    books.tell(subscription(), FIRST)
    books.spend(300)
    books.now = day(4)
    books.tell(subscription(), refunded(4, 1_000, "p0"))
    words = "Taken back after a refund"
    assert books.ledger[-1] == LedgerEntry(
        3, EntryKind.CLAW_BACK, Bucket.SUBSCRIPTION, LOT, 0, 300, 0, f"{LOT}:1", words, day(4)
    )


def test_what_comes_back_in_time_runs_out_when_it_would_have(books: Books) -> None:
    books.tell(subscription(), FIRST)
    books.tell(subscription(), refunded(4, 1_000, "p0"))
    assert books.wallet.balance == 0
    books.tell(subscription(), REVERSED)
    assert books.wallet.lots == (Lot(LOT, Bucket.SUBSCRIPTION, 300, day(31)),)


def test_one_credit_comes_back_as_well(books: Books) -> None:
    books.tell(subscription(), FIRST)
    books.tell(subscription(), refunded(4, 1, "p0", whole=300))
    assert books.wallet.balance == 299
    books.tell(subscription(), REVERSED)
    assert books.wallet.balance == 300


def test_what_ran_out_counts_once_over_several_refunds(books: Books) -> None:
    """100 spent, 100 taken back, 100 ran out: of all 300 only the spent ones are owed."""
    books.tell(subscription(), FIRST)
    books.spend(100)
    books.tell(subscription(), refunded(4, 1, "p0", whole=3))
    assert (books.wallet.balance, books.wallet.debt) == (100, 0)
    books.wait_until(day(32))
    books.tell(subscription(), refunded(33, 3, "p0", whole=3))
    assert (books.wallet.balance, books.wallet.debt) == (0, 100)


def test_a_lot_of_which_the_ledger_says_nothing_has_only_been_given(books: Books) -> None:
    purchase = books.tell(subscription(), FIRST).learn((refunded(4, 1_000, "p0"),), day(4))
    after, wallet = bring_about(purchase, books.wallet, CATALOGUE, {}, day(4))
    assert after.credits_taken_back == 300
    assert (wallet.balance, wallet.debt) == (0, 0)


def test_a_refund_undone_of_credits_that_had_run_out_gives_nothing(books: Books) -> None:
    """They were over before the money went back: neither changes what there is."""
    books.tell(subscription(), FIRST)
    books.wait_until(day(60))
    gone = list(books.ledger)
    purchase = books.tell(subscription(), refunded(41, 1_000, "p0"))
    assert purchase.lots[0].clawed_back == purchase.lots[0].credits
    after = books.tell(subscription(), said(FactKind.REFUND_REVERSED, 42, "p0"))
    assert after.lots[0].clawed_back == 0
    assert books.ledger == gone
