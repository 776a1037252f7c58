"""What a payment must say, and how much it may bring, before anything is given for it."""

import pytest
from attrs import evolve

from domain.market.products import Catalogue, Money
from domain.market.reports import Parked
from domain.wallet import MAX_CREDITS
from tests.domain.market.books import Books
from tests.domain.market.stories import CATALOGUE, PACK, START, pack, paid


@pytest.fixture
def books() -> Books:
    return Books(CATALOGUE, START)


def test_more_than_a_grant_may_have_is_parked(books: Books) -> None:
    with pytest.raises(Parked, match="more credits"):
        books.tell(pack(), paid(quantity=MAX_CREDITS // 1_000 + 1))


def test_as_much_as_a_grant_may_have_is_given(books: Books) -> None:
    books.catalogue = Catalogue(2, (evolve(PACK, credits=MAX_CREDITS // 2),))
    assert books.tell(pack(), paid(quantity=2)).credits == MAX_CREDITS


def test_several_of_a_nameless_thing_cost_several_times_as_much(books: Books) -> None:
    nameless = evolve(paid(quantity=3), product_id=None)
    with pytest.raises(Parked, match="not what the order costs"):
        books.tell(pack(), evolve(nameless, paid=PACK.price))
    price = Money(PACK.price.currency, 3 * PACK.price.amount)
    assert books.tell(pack(), evolve(nameless, paid=price)).credits == 3_000


def test_the_name_of_one_payment_is_not_that_of_another(books: Books) -> None:
    purchase = books.tell(pack(), paid())
    nameless = evolve(paid(1, "pay_2"), product_id=None, paid=Money("EUR", 1))
    with pytest.raises(Parked, match="not what the order costs"):
        books.tell(purchase, nameless)
