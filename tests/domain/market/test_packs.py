"""What becomes of the credits of a pack."""

import pytest
from attrs import evolve

from domain.ledger import EntryKind
from domain.lots import Bucket
from domain.market.facts import Fact, FactKind, Share
from domain.market.products import Catalogue, Money
from domain.market.purchases import Purchase
from domain.market.reports import Parked
from domain.market.standing import Status
from tests.domain.market.books import Books
from tests.domain.market.stories import (
    CATALOGUE,
    GIFT,
    OFFER,
    PACK,
    START,
    day,
    disputed,
    pack,
    paid,
    refunded,
    said,
)

REVERSED = said(FactKind.REFUND_REVERSED, 9, "pay")


@pytest.fixture
def books() -> Books:
    return Books(CATALOGUE, START)


def _changes(books: Books) -> list[tuple[EntryKind, int, int]]:
    return [(entry.kind, entry.amount, entry.debt) for entry in books.ledger]


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ([], Status.PENDING),
        ([said(FactKind.AWAITING, 0)], Status.PENDING),
        ([said(FactKind.AWAITING, 0), said(FactKind.FAILED, 1)], Status.FAILED),
        ([said(FactKind.FAILED, 0), said(FactKind.AWAITING, 1)], Status.PENDING),
        ([said(FactKind.FAILED, 0), paid(1)], Status.COMPLETED),
        ([paid(0), said(FactKind.FAILED, 1)], Status.COMPLETED),
        ([paid(0), refunded(1, 1)], Status.PARTIALLY_REFUNDED),
        ([paid(0), refunded(1, 0)], Status.COMPLETED),
        ([paid(0), refunded(1, 1_000)], Status.REFUNDED),
        ([paid(0), said(FactKind.REVOKED, 1, "pay")], Status.REFUNDED),
        ([paid(0), refunded(1, 1_000), REVERSED], Status.COMPLETED),
        ([paid(0), disputed(1)], Status.DISPUTED),
        ([paid(0), refunded(1, 400), disputed(2)], Status.DISPUTED),
        ([paid(0), disputed(1), disputed(2, "won")], Status.COMPLETED),
        ([paid(0), refunded(1, 400), disputed(2), disputed(3, "won")], Status.PARTIALLY_REFUNDED),
        ([paid(0), disputed(1), disputed(2, "lost")], Status.REFUNDED),
        ([paid(0), disputed(2, "lost", share=Share(1, 2))], Status.PARTIALLY_REFUNDED),
        ([paid(0), paid(1, "two"), refunded(2, 1_000)], Status.PARTIALLY_REFUNDED),
        ([disputed(1)], Status.PENDING),
        ([refunded(1, 1_000)], Status.PENDING),
    ],
)
def test_status(facts: list[Fact], status: Status) -> None:
    assert pack().learn(tuple(facts), START).status is status


def test_a_payment_brings_its_credits_once_whoever_tells_of_it(books: Books) -> None:
    first = paid(0, quantity=3)
    bought = books.tell(pack(), first)
    again = books.tell(bought, first, evolve(first, at=day(2)), evolve(first, paid=Money("EUR", 1)))
    assert books.wallet.balance == again.credits == 3_000
    assert [entry.kind for entry in books.ledger] == [EntryKind.PURCHASE]
    assert books.ledger[0].reference == "pur_pack:pay"


def test_a_refund_is_told_in_total(books: Books) -> None:
    """A reported total of 300 of 1000, then of all of it, each twice."""
    purchase = books.tell(pack(), paid())
    for fact in (refunded(1, 300), refunded(1, 300), refunded(2, 1_000), refunded(2, 1_000)):
        purchase = books.tell(purchase, fact)
    assert _changes(books)[1:] == [
        (EntryKind.CLAW_BACK, -300, 0),
        (EntryKind.CLAW_BACK, -700, 0),
    ]
    assert purchase.credits_taken_back == 1_000
    assert [entry.reference for entry in books.ledger[1:]] == ["pur_pack:pay:1", "pur_pack:pay:2"]


def test_a_later_total_counts_though_it_comes_first(books: Books) -> None:
    purchase = books.tell(pack(), paid(), refunded(2, 1_000))
    books.tell(purchase, refunded(1, 300))
    assert books.wallet.balance == 0
    assert len(books.ledger) == 2


def test_of_one_second_the_greater_total_is_the_later_in_whatever_unit(books: Books) -> None:
    purchase = books.tell(pack(), paid(), refunded(1, 400), refunded(1, 4, whole=5))
    assert purchase.credits_taken_back == 800


def test_a_refund_that_failed_in_part_gives_back(books: Books) -> None:
    purchase = books.tell(pack(), paid(), refunded(1, 800))
    purchase = books.tell(purchase, refunded(2, 300))
    assert (books.wallet.balance, purchase.credits_taken_back) == (700, 300)
    books.tell(purchase, REVERSED)
    assert books.wallet.balance == 1_000
    assert _changes(books)[2:] == [
        (EntryKind.REINSTATEMENT, 500, 0),
        (EntryKind.REINSTATEMENT, 300, 0),
    ]


def test_shares_round_down_and_the_whole_is_exact() -> None:
    odd = evolve(PACK, credits=7)
    books = Books(Catalogue(2, (odd,)), START)
    purchase = books.tell(pack(odd), paid(product=odd), refunded(1, 333))
    assert purchase.credits_taken_back == 2
    assert books.tell(purchase, refunded(2, 999)).credits_taken_back == 6
    assert books.tell(purchase, refunded(3, 1_000)).credits_taken_back == 7


def test_what_was_spent_becomes_debt_and_the_next_purchase_pays_it(books: Books) -> None:
    purchase = books.tell(pack(), paid())
    books.spend(600)
    books.tell(purchase, refunded(1, 1_000))
    assert (books.wallet.balance, books.wallet.debt) == (0, 600)
    other = books.tell(pack(id="pur_2"), paid(2, "pay_2"))
    assert (books.wallet.balance, books.wallet.debt) == (400, 0)
    # That one's refund takes what it paid the debt with, too: it is owed once more.
    books.tell(other, refunded(3, 1_000, "pay_2"))
    assert (books.wallet.balance, books.wallet.debt) == (0, 600)


def test_only_the_lot_that_was_refunded_is_touched(books: Books) -> None:
    books.tell(pack(), paid())
    other = books.tell(pack(id="pur_2"), paid(1, "pay_2"))
    books.spend(1_200)
    books.tell(other, refunded(2, 1_000, "pay_2"))
    assert (books.left("pur_2:pay_2"), books.left("pur_pack:pay")) == (0, 800)
    assert (books.wallet.balance, books.wallet.debt) == (800, 1_000)


def test_a_reversed_refund_pays_the_debt_that_it_made(books: Books) -> None:
    purchase = books.tell(pack(), paid())
    books.spend(600)
    purchase = books.tell(purchase, refunded(1, 1_000))
    books.tell(purchase, REVERSED)
    assert (books.wallet.balance, books.wallet.debt) == (400, 0)


def test_a_refund_known_before_its_payment_leaves_nothing(books: Books) -> None:
    purchase = books.tell(pack(), refunded(1, 1_000))
    assert books.ledger == []
    books.tell(purchase, paid())
    assert (books.wallet.balance, books.wallet.debt) == (0, 0)


def test_a_dispute_freezes_what_is_left_and_its_end_frees_it_once(books: Books) -> None:
    purchase = books.tell(pack(), paid())
    books.spend(400)
    purchase = books.tell(purchase, disputed(1))
    assert (books.wallet.balance, books.wallet.available, books.wallet.debt) == (600, 0, 0)
    assert books.hold(1) is None
    purchase = books.tell(purchase, disputed(2, "won"))
    purchase = books.tell(purchase, disputed(2, "won"))
    assert books.wallet.available == 600
    assert len(books.ledger) == 2


def test_a_lost_dispute_takes_the_lot_and_what_was_spent_of_it_is_owed(books: Books) -> None:
    purchase = books.tell(pack(), paid())
    books.spend(400)
    purchase = books.tell(purchase, disputed(1), disputed(2, "lost"))
    assert (books.wallet.balance, books.wallet.debt) == (0, 400)
    # Won after all, on a second look.
    books.tell(purchase, disputed(3, "won"))
    assert (books.wallet.available, books.wallet.debt) == (600, 0)


def test_a_dispute_that_is_decided_before_it_is_opened_freezes_nothing(books: Books) -> None:
    purchase = books.tell(pack(), paid(), disputed(2, "won"))
    books.tell(purchase, disputed(1))
    assert books.wallet.available == 1_000


def test_one_of_two_disputes_keeps_it_frozen(books: Books) -> None:
    purchase = books.tell(pack(), paid(), disputed(1), disputed(1, dispute="dp_2"))
    purchase = books.tell(purchase, disputed(2, "won"))
    assert books.wallet.available == 0
    books.tell(purchase, disputed(3, "won", dispute="dp_2"))
    assert books.wallet.available == 1_000


def test_a_dispute_known_before_the_payment_freezes_it_at_once(books: Books) -> None:
    purchase = books.tell(pack(), disputed(1))
    books.tell(purchase, paid())
    assert (books.wallet.balance, books.wallet.available) == (1_000, 0)


def test_a_refund_and_a_lost_dispute_take_no_more_than_the_whole(books: Books) -> None:
    purchase = books.tell(pack(), paid(), refunded(1, 700))
    purchase = books.tell(purchase, disputed(2), disputed(3, "lost", share=Share(700, 1_000)))
    assert (purchase.credits_taken_back, books.wallet.debt) == (1_000, 0)
    half = disputed(4, "lost", share=Share(1, 2), dispute="dp_2")
    assert books.tell(purchase, half).credits_taken_back == 1_000


def test_a_refund_and_a_lost_dispute_of_the_rest_add_up(books: Books) -> None:
    third = disputed(3, "lost", share=Share(1, 3))
    purchase = books.tell(pack(), paid(), refunded(1, 500), third)
    assert purchase.credits_taken_back == 833


def test_held_credits_of_a_refunded_lot_are_burnt_when_they_are_let_go(books: Books) -> None:
    purchase = books.tell(pack(), paid())
    turn_id = books.hold(1_000)
    assert turn_id is not None
    books.tell(purchase, refunded(1, 1_000))
    assert (books.wallet.available, books.wallet.debt) == (0, 1_000)
    books.settle(turn_id, 250)
    assert (books.wallet.balance, books.wallet.debt) == (0, 250)


def test_a_promotion_adds_a_lot_that_runs_out_and_goes_with_the_refund(books: Books) -> None:
    purchase = books.tell(pack(OFFER), paid(9, product=OFFER, quantity=2))
    bonus = purchase.find_lot("pay", Bucket.PROMO)
    assert bonus is not None
    assert (bonus.credits, bonus.expires_at) == (100, day(39))
    assert [entry.description for entry in books.ledger] == ["Offer", "Bonus with Offer"]
    purchase = books.tell(purchase, refunded(10, 500))
    assert [lot.clawed_back for lot in purchase.lots] == [1_000, 50]
    assert books.wallet.balance == 1_050


@pytest.mark.parametrize(("at", "bonus"), [(-0.1, 0), (0, 50), (9.9, 50), (10, 0)])
def test_a_promotion_counts_by_when_it_was_paid(books: Books, at: float, bonus: int) -> None:
    books.wait_until(day(30))
    books.tell(pack(OFFER), paid(at, product=OFFER))
    assert sum(entry.amount for entry in books.ledger) == 1_000 + bonus


def test_a_bonus_does_not_pay_debt(books: Books) -> None:
    purchase = books.tell(pack(), paid())
    books.spend(1_000)
    books.tell(purchase, refunded(1, 1_000))
    gift = evolve(OFFER, credits=1)
    books.catalogue = Catalogue(2, (gift,))
    books.tell(pack(gift), paid(product=gift))
    assert (books.wallet.balance, books.wallet.debt) == (GIFT.credits, 999)


def test_what_was_sold_keeps_its_credits_when_the_catalogue_changes(books: Books) -> None:
    purchase = books.tell(pack(), paid())
    books.catalogue = Catalogue(2, (evolve(PACK, credits=10),))
    purchase = books.tell(purchase, refunded(1, 500))
    assert (purchase.credits, books.wallet.balance) == (1_000, 500)
    books.catalogue = Catalogue(3, ())
    books.tell(purchase, refunded(2, 1_000))
    assert books.wallet.balance == 0


def test_a_payment_for_what_is_not_in_the_catalogue_is_for_a_person_to_look_at(
    books: Books,
) -> None:
    books.catalogue = Catalogue(2, ())
    with pytest.raises(Parked, match="not in the catalogue"):
        books.tell(pack(), paid())


def test_a_payment_of_nameless_things_is_the_order_if_it_costs_as_much(books: Books) -> None:
    nameless = evolve(paid(), product_id=None)
    exact = evolve(nameless, paid=PACK.price)
    assert books.tell(pack(), exact).standing.payments[0].product_id == "pack"
    other: Purchase = pack(id="pur_2")
    for price in (None, Money("EUR", 1), Money("USD", PACK.price.amount)):
        with pytest.raises(Parked, match="not what the order costs"):
            books.tell(other, evolve(nameless, paid=price))
    # Another channel knows what it was: then that counts.
    assert books.tell(other, nameless, paid(1)).credits == 1_000
