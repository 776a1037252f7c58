"""Where a subscription stands, and what each of its periods brings."""

from datetime import timedelta

import pytest
from attrs import evolve

from domain.accounts import Tier
from domain.lots import Bucket
from domain.market.calendar import add_months
from domain.market.effects import entitled_tier, next_tier
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Product
from domain.market.standing import RENEWAL_SLACK, Standing, Status
from tests.domain.market.books import Books
from tests.domain.market.stories import (
    CATALOGUE,
    PLUS,
    PREMIUM,
    START,
    YEAR,
    day,
    disputed,
    refunded,
    renewed,
    said,
    subscription,
    upgraded,
)

FIRST = renewed(0, 31)
SECOND = renewed(31, 59, "p1")
THIRD = renewed(59, 90, "p2")
CANCELLED = said(FactKind.CANCELLED, 5)
LAPSED = said(FactKind.LAPSED, 31)
GRACE = said(FactKind.IN_GRACE, 31, ends_at=day(38))
HOLD = said(FactKind.ON_HOLD, 38)
HOLD_TO_COME = said(FactKind.ON_HOLD, 30, starts_at=day(31))
"""Renewing was tried and failed before the end."""
PAUSED = said(FactKind.PAUSED, 31)
DOWNGRADED = said(FactKind.DOWNGRADED, 4, product_id="plus")


def _standing(*facts: Fact, at: float) -> Standing:
    return subscription().learn(facts, day(at)).standing


@pytest.fixture
def books() -> Books:
    return Books(CATALOGUE, START)


@pytest.mark.parametrize(
    ("facts", "at", "status"),
    [
        ([], 0, Status.PENDING),
        ([said(FactKind.AWAITING, 0)], 1, Status.PENDING),
        ([said(FactKind.FAILED, 0)], 1, Status.FAILED),
        ([said(FactKind.FAILED, 0), said(FactKind.LAPSED, 1)], 2, Status.EXPIRED),
        ([said(FactKind.LAPSED, 0), said(FactKind.AWAITING, 1)], 2, Status.PENDING),
        ([said(FactKind.REPLACED, 0), said(FactKind.AWAITING, 1)], 2, Status.EXPIRED),
        ([FIRST], 0, Status.ACTIVE),
        ([FIRST], 31.9, Status.ACTIVE),
        ([FIRST], 32, Status.EXPIRED),
        ([FIRST, CANCELLED], 30.9, Status.ACTIVE),
        ([FIRST, CANCELLED], 31, Status.EXPIRED),
        ([FIRST, CANCELLED, said(FactKind.RESUMED, 6)], 31.5, Status.ACTIVE),
        ([FIRST, GRACE], 37.9, Status.IN_GRACE),
        ([FIRST, GRACE], 38, Status.EXPIRED),
        ([FIRST, said(FactKind.IN_GRACE, 31)], 31.9, Status.IN_GRACE),
        ([FIRST, said(FactKind.IN_GRACE, 31)], 32, Status.EXPIRED),
        ([FIRST, GRACE, HOLD], 39, Status.ON_HOLD),
        ([FIRST, GRACE, HOLD], 300, Status.ON_HOLD),
        ([FIRST, GRACE, HOLD, said(FactKind.LAPSED, 60)], 61, Status.EXPIRED),
        ([FIRST, GRACE, HOLD, renewed(45, 76, "p1")], 46, Status.ACTIVE),
        ([FIRST, GRACE, renewed(31, 59, "p1", at=33)], 34, Status.ACTIVE),
        ([FIRST, HOLD_TO_COME], 30.9, Status.ACTIVE),
        ([FIRST, HOLD_TO_COME], 31, Status.ON_HOLD),
        ([FIRST, HOLD_TO_COME, SECOND], 30.9, Status.ACTIVE),
        ([FIRST, HOLD_TO_COME, SECOND], 31.1, Status.ACTIVE),
        ([FIRST, PAUSED], 90, Status.PAUSED),
        ([FIRST, PAUSED, renewed(60, 90, "p1")], 70, Status.ACTIVE),
        ([FIRST, LAPSED], 31, Status.EXPIRED),
        ([FIRST, LAPSED, renewed(60, 90, "p1")], 70, Status.ACTIVE),
        ([FIRST, said(FactKind.LAPSED, 3)], 4, Status.EXPIRED),
        ([FIRST, LAPSED, SECOND], 32, Status.ACTIVE),
        ([FIRST, refunded(3, 1_000, "p0")], 4, Status.REFUNDED),
        ([FIRST, refunded(3, 1_000, "p0"), LAPSED], 40, Status.REFUNDED),
        ([FIRST, refunded(3, 999, "p0")], 4, Status.ACTIVE),
        ([FIRST, SECOND, refunded(33, 1_000, "p0")], 34, Status.ACTIVE),
        ([FIRST, refunded(3, 1_000, "p0"), SECOND], 34, Status.ACTIVE),
        ([FIRST, said(FactKind.REVOKED, 3, "p0")], 4, Status.REFUNDED),
        ([FIRST, disputed(3, payment="p0")], 4, Status.DISPUTED),
        ([FIRST, disputed(3, payment="p0"), disputed(9, "won", "p0")], 10, Status.ACTIVE),
        ([FIRST, disputed(3, payment="p0"), disputed(9, "lost", "p0")], 10, Status.REFUNDED),
        ([FIRST, disputed(3, payment="p0"), SECOND], 34, Status.ACTIVE),
        ([FIRST, disputed(3, payment="p0"), HOLD], 39, Status.DISPUTED),
        ([FIRST, disputed(3, payment="p0")], 33, Status.EXPIRED),
        ([FIRST, said(FactKind.REPLACED, 5)], 6, Status.EXPIRED),
        ([FIRST, said(FactKind.REPLACED, 5), SECOND], 34, Status.EXPIRED),
        # What is said of an older period, late, is not about this one.
        ([FIRST, SECOND, said(FactKind.LAPSED, 40, "p0")], 41, Status.ACTIVE),
        ([FIRST, SECOND, said(FactKind.CANCELLED, 40, "p0")], 59.5, Status.ACTIVE),
        ([FIRST, SECOND, THIRD, said(FactKind.LAPSED, 70, "p1")], 71, Status.ACTIVE),
        ([FIRST, said(FactKind.CANCELLED, 5, "p0")], 31.5, Status.EXPIRED),
        ([FIRST, SECOND, evolve(FIRST, at=day(40))], 41, Status.ACTIVE),
        ([FIRST, GRACE, HOLD, evolve(FIRST, at=day(40))], 41, Status.ON_HOLD),
        ([FIRST, evolve(LAPSED, at=day(20)), evolve(FIRST, at=day(25))], 26, Status.EXPIRED),
        # Somebody else calls the payment of a subscription just that.
        ([evolve(FIRST, kind=FactKind.PAID)], 1, Status.ACTIVE),
    ],
)
def test_status(facts: list[Fact], at: float, status: Status) -> None:
    assert _standing(*facts, at=at).status is status


@pytest.mark.parametrize(
    ("facts", "at", "renews", "follows"),
    [
        ([FIRST], 1, True, None),
        ([FIRST, CANCELLED], 6, False, None),
        ([FIRST, CANCELLED, said(FactKind.RESUMED, 6)], 7, True, None),
        ([FIRST, CANCELLED, SECOND], 32, True, None),
        ([FIRST, said(FactKind.CANCELLED, 31), SECOND], 32, False, None),
        ([FIRST, LAPSED], 31, False, None),
        ([FIRST, refunded(3, 1_000, "p0"), LAPSED], 40, False, None),
        ([FIRST], 40, False, None),
        ([FIRST, HOLD], 40, True, None),
        ([upgraded(0, 31), DOWNGRADED], 5, True, "plus"),
        ([upgraded(0, 31), DOWNGRADED, said(FactKind.CANCELLED, 6)], 7, False, None),
        ([upgraded(0, 31), DOWNGRADED, SECOND], 32, True, None),
        ([FIRST, DOWNGRADED], 5, True, None),
        (
            [upgraded(0, 31), DOWNGRADED, evolve(DOWNGRADED, at=day(5), product_id="premium")],
            6,
            True,
            None,
        ),
    ],
)
def test_wishes_are_for_the_running_period(
    facts: list[Fact], at: float, *, renews: bool, follows: str | None
) -> None:
    stands = _standing(*facts, at=at)
    assert (stands.renews, stands.next_product_id) == (renews, follows)


@pytest.mark.parametrize(
    ("facts", "at", "access", "changes"),
    [
        ([FIRST], 1, 32, 31),
        ([FIRST], 31, 32, 32),
        ([FIRST], 31.5, 32, 32),
        ([FIRST], 32, None, None),
        ([FIRST, CANCELLED], 6, 31, 31),
        ([FIRST, CANCELLED], 31, None, None),
        ([FIRST, GRACE], 32, 38, 38),
        ([FIRST, GRACE], 38, None, None),
        ([FIRST, HOLD], 40, None, None),
        ([FIRST, HOLD_TO_COME], 30, 31, 31),
        ([FIRST, HOLD_TO_COME], 31, None, 32),
        ([FIRST, LAPSED], 31, None, None),
        ([FIRST, said(FactKind.LAPSED, 3)], 4, None, None),
        ([FIRST, disputed(3, payment="p0")], 4, None, 31),
        ([FIRST, refunded(3, 1_000, "p0")], 4, None, 31),
        ([FIRST, said(FactKind.REPLACED, 3)], 4, None, None),
    ],
)
def test_the_store_is_asked_when_a_period_ends_and_when_it_would_close(
    facts: list[Fact], at: float, access: float | None, changes: float | None
) -> None:
    assert day(1) - START == RENEWAL_SLACK
    stands = _standing(*facts, at=at)
    assert stands.access_until == (None if access is None else day(access))
    assert stands.changes_at == (None if changes is None else day(changes))


@pytest.mark.parametrize(("product", "months"), [(PLUS, 1), (YEAR, 12)])
def test_thirteen_periods_from_a_month_end_bring_their_credits_each_once(
    product: Product, months: int
) -> None:
    """From the 31st of August, over a leap day, each renewal some hours late and told twice."""
    begun = START.replace(year=2027, month=8, day=31)
    books, purchase = Books(CATALOGUE, begun), subscription(product)
    for number in range(13):
        starts, ends = (add_months(begun, months * (number + extra)) for extra in (0, 1))
        books.wait_until(starts + timedelta(hours=5))
        assert number == 0 or purchase.learn((), books.now).status is Status.ACTIVE
        fact = Fact(
            FactKind.RENEWED, starts, f"in_{number}", product.id, starts_at=starts, ends_at=ends
        )
        purchase = books.tell(books.tell(purchase, fact), fact)
        # What is left of a period runs out with it.
        assert books.wallet.balance == product.credits
        assert purchase.standing.ends_at == ends
    assert purchase.credits == 13 * product.credits
    assert len({lot.lot_id for lot in purchase.lots}) == 13
    assert {lot.bucket for lot in purchase.lots} == {Bucket.SUBSCRIPTION}


def test_a_refund_of_an_old_period_is_not_owed_as_far_as_it_ran_out(books: Books) -> None:
    purchase = books.tell(subscription(), FIRST)
    books.spend(100)
    books.wait_until(day(31))
    purchase = books.tell(purchase, SECOND, refunded(40, 500, "p0"))
    assert (books.wallet.balance, books.wallet.debt) == (300, 0)
    purchase = books.tell(purchase, refunded(41, 800, "p0"))
    assert books.wallet.debt == 40
    purchase = books.tell(purchase, refunded(42, 1_000, "p0"))
    assert books.wallet.debt == 100
    # And back again: what is no longer wanted of the debt is forgiven first.
    books.tell(purchase, refunded(43, 800, "p0"))
    assert books.wallet.debt == 40


def test_what_is_held_as_a_period_ends_is_not_owed_before_what_ran_out(books: Books) -> None:
    purchase = books.tell(subscription(), FIRST)
    turn_id = books.hold(100)
    assert turn_id is not None
    books.wait_until(day(31))
    books.tell(purchase, refunded(40, 500, "p0"))
    assert books.wallet.debt == 0
    books.settle(turn_id, 100)
    assert books.wallet.debt == 0


def test_what_comes_back_after_its_time_lasts(books: Books) -> None:
    """The debt was paid with credits that would have lasted, too."""
    purchase = books.tell(subscription(), FIRST)
    books.spend(300)
    purchase = books.tell(purchase, refunded(3, 1_000, "p0"))
    books.tell(subscription(PREMIUM), renewed(4, 35, "x0", product_id="premium"))
    assert (books.wallet.balance, books.wallet.debt) == (600, 0)
    books.wait_until(day(50))
    books.tell(purchase, said(FactKind.REFUND_REVERSED, 50, "p0"))
    books.wait_until(day(90))
    assert books.wallet.balance == 300


def test_a_purchase_that_is_replaced_gives_back_what_was_left(books: Books) -> None:
    purchase = books.tell(subscription(), renewed(0, 30))
    purchase = books.apply(purchase.give_way("pur_2", day(10), day(11)))
    assert (purchase.status, purchase.replaced_by) == (Status.EXPIRED, "pur_2")
    assert purchase.credits_taken_back == 200
    # Told again, or another beginning told: the earliest counts, as does the first successor.
    purchase = books.apply(purchase.give_way("pur_3", day(5), day(12)))
    assert (purchase.replaced_by, purchase.credits_taken_back) == ("pur_2", 250)
    # A period of which we hear only now had begun already, or had not.
    purchase = books.tell(purchase, renewed(30, 61, "p1", at=29))
    assert purchase.credits_taken_back == 550
    assert not purchase.status.is_open


def test_a_prolonged_period_lasts_as_long_as_was_said_last() -> None:
    longer = evolve(FIRST, ends_at=day(40))
    assert _standing(FIRST, longer, at=35).ends_at == day(40)
    # But what another channel guessed later does not count.
    assert _standing(FIRST, evolve(longer, at=day(1)), at=2).ends_at == day(31)


def test_the_highest_open_tier_counts() -> None:
    plus = subscription().learn((FIRST,), day(1))
    premium = subscription(PREMIUM).learn((renewed(0, 31, product_id="premium"),), day(1))
    over = premium.learn((said(FactKind.LAPSED, 1),), day(2))
    gone = evolve(premium, replaced_by="pur_9")
    assert entitled_tier((), CATALOGUE) is Tier.FREE
    assert entitled_tier((plus,), CATALOGUE) is Tier.PLUS
    assert entitled_tier((plus, premium), CATALOGUE) is Tier.PREMIUM
    assert entitled_tier((premium, plus), CATALOGUE) is Tier.PREMIUM
    assert entitled_tier((plus, over), CATALOGUE) is Tier.PLUS
    assert entitled_tier((plus, gone), CATALOGUE) is Tier.PLUS
    # What is no longer sold goes on opening what it opened.
    shop = Catalogue(2, (PLUS,))
    assert entitled_tier((premium,), shop, Tier.PREMIUM) is Tier.PREMIUM
    assert entitled_tier((over,), shop, Tier.PREMIUM) is Tier.FREE


@pytest.mark.parametrize(
    ("current", "before", "after", "expected"),
    [
        (Tier.FREE, Tier.FREE, Tier.PLUS, Tier.PLUS),
        (Tier.PLUS, Tier.PLUS, Tier.FREE, Tier.FREE),
        (Tier.PLUS, Tier.PLUS, Tier.PREMIUM, Tier.PREMIUM),
        (Tier.PREMIUM, Tier.PREMIUM, Tier.PLUS, Tier.PLUS),
        (Tier.PREMIUM, Tier.FREE, Tier.PLUS, Tier.PREMIUM),
        (Tier.PREMIUM, Tier.PLUS, Tier.FREE, Tier.PREMIUM),
        (Tier.PLUS, Tier.FREE, Tier.FREE, Tier.PLUS),
        (Tier.FREE, Tier.PLUS, Tier.PLUS, Tier.PLUS),
        (Tier.FREE, Tier.PLUS, Tier.FREE, Tier.FREE),
    ],
)
def test_the_market_does_not_take_what_an_administrator_gave(
    current: Tier, before: Tier, after: Tier, expected: Tier
) -> None:
    assert next_tier(current, before=before, after=after) is expected
