"""How subscriptions at the sandbox live by the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from domain.errors import InvalidRequest
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Money, Product
from domain.market.purchases import Purchase
from domain.market.sandbox import (
    GRACE,
    HOLD,
    caught_up,
    first_payment,
    moment_after,
    next_product,
    upgrade,
)
from domain.market.simulation import Action
from domain.market.standing import Status
from tests.domain.market.sandbox_shop import (
    CATALOGUE,
    NOON,
    PACK,
    PLUS,
    PREMIUM,
    PREMIUM_YEAR,
    after,
    bought,
    ordered,
)

DAY = timedelta(days=1)


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def later(purchase: Purchase, now: datetime, catalogue: Catalogue = CATALOGUE) -> Purchase:
    return caught_up(purchase, catalogue, now)


def ends(purchase: Purchase) -> list[datetime | None]:
    return [payment.ends_at for payment in purchase.standing.payments]


def test_months_are_counted_from_the_first_day() -> None:
    purchase = later(bought(PLUS), on(2026, 5, 30))
    assert ends(purchase) == [on(2026, 2, 28), on(2026, 3, 31), on(2026, 4, 30), on(2026, 5, 31)]
    starts = [payment.starts_at for payment in purchase.standing.payments]
    assert starts == [NOON, *ends(purchase)[:-1]]
    assert purchase.status is Status.ACTIVE


def test_thirteen_months_bring_each_period_once_and_looking_more_often_changes_nothing() -> None:
    end = NOON + timedelta(days=400)
    at_once = later(bought(PLUS), end)
    daily = bought(PLUS)
    for days in range(1, 401):
        daily = later(daily, NOON + days * DAY)
    assert daily.facts == at_once.facts
    assert len(at_once.standing.payments) == 14
    assert len({payment.id for payment in at_once.standing.payments}) == 14
    assert [one.at for one in at_once.standing.payments[1:]] == ends(at_once)[:-1]


def test_nothing_happens_before_the_end() -> None:
    purchase = bought(PLUS)
    assert later(purchase, on(2026, 2, 28) - timedelta(microseconds=1)).facts == purchase.facts
    assert len(later(purchase, on(2026, 2, 28)).facts) == 2


def test_a_year_is_a_year() -> None:
    purchase = later(bought(PREMIUM_YEAR, on(2024, 2, 29)), on(2028, 2, 28))
    assert ends(purchase) == [on(2025, 2, 28), on(2026, 2, 28), on(2027, 2, 28), on(2028, 2, 29)]


def test_a_pack_does_not_know_the_clock() -> None:
    assert later(bought(PACK), on(2036, 1, 1)).facts == bought(PACK).facts


def test_an_order_that_waits_goes_on_waiting() -> None:
    waiting = ordered(PLUS).learn((Fact(FactKind.AWAITING, NOON),), NOON)
    assert later(waiting, on(2036, 1, 1)).status is Status.PENDING


def test_a_cancelled_one_ends_with_its_period() -> None:
    purchase = after(bought(PLUS), Action.CANCEL)
    assert later(purchase, on(2026, 2, 28) - DAY).status is Status.ACTIVE
    over = later(purchase, on(2026, 7, 1))
    assert over.status is Status.EXPIRED
    assert over.facts[-1] == Fact(FactKind.LAPSED, on(2026, 2, 28))
    assert len(over.standing.payments) == 1


def test_one_that_is_over_stays_over() -> None:
    over = later(after(bought(PLUS), Action.LAPSE), on(2026, 2, 1))
    assert later(over, on(2030, 1, 1)).facts == over.facts


def test_a_period_that_was_over_when_it_was_paid_is_looked_at_once() -> None:
    late = Fact(
        FactKind.RENEWED, NOON, payment="late", product_id="plus", starts_at=NOON, ends_at=NOON
    )
    odd = after(ordered(PLUS).learn((late,), NOON), Action.CANCEL)
    assert later(odd, NOON + DAY).facts[-1].kind is FactKind.CANCELLED


def test_an_unpaid_renewal_ends_with_its_grace() -> None:
    purchase = after(bought(PLUS), Action.FAIL_RENEWAL)
    until = on(2026, 2, 28) + GRACE
    assert later(purchase, until - DAY).status is Status.IN_GRACE
    assert later(purchase, until).status is Status.EXPIRED


def test_one_on_hold_is_given_up_after_a_while() -> None:
    purchase = after(bought(PLUS), Action.HOLD)
    assert later(purchase, NOON + HOLD - DAY).status is Status.ON_HOLD
    assert later(purchase, NOON + HOLD + DAY).status is Status.EXPIRED


def test_a_paused_one_waits_for_its_person_unless_it_is_cancelled() -> None:
    paused = after(bought(PLUS), Action.PAUSE)
    assert later(paused, on(2027, 1, 1)).status is Status.PAUSED
    assert later(after(paused, Action.CANCEL), on(2027, 1, 1)).status is Status.EXPIRED


def test_a_period_that_was_given_back_is_not_renewed() -> None:
    purchase = later(after(bought(PLUS), Action.REFUND), on(2026, 4, 1))
    assert purchase.status is Status.REFUNDED
    assert len(purchase.standing.payments) == 1


def test_a_disputed_one_renews_and_one_given_back_in_part_too() -> None:
    disputed = later(after(bought(PLUS), Action.OPEN_DISPUTE), on(2026, 3, 1))
    assert len(disputed.standing.payments) == 2
    partly = later(after(bought(PLUS), Action.REFUND, percent=40), on(2026, 3, 1))
    assert partly.status is Status.ACTIVE
    assert len(partly.standing.payments) == 2


def test_the_next_period_is_of_what_was_chosen_for_it() -> None:
    chosen = Fact(FactKind.DOWNGRADED, NOON, product_id="plus")
    purchase = later(bought(PREMIUM_YEAR).learn((chosen,), NOON), on(2027, 3, 30))
    assert ends(purchase) == [on(2027, 1, 31), on(2027, 2, 28), on(2027, 3, 31)]
    assert [one.product_id for one in purchase.standing.payments] == [
        "premium_year",
        "plus",
        "plus",
    ]
    assert purchase.standing.payments[-1].paid == Money("EUR", 999)


def test_what_is_no_longer_sold_is_not_renewed() -> None:
    others = Catalogue(2, (PACK, PREMIUM))
    assert next_product(bought(PLUS), others) is None
    assert later(bought(PLUS), on(2026, 3, 5), others).status is Status.EXPIRED


def test_an_upgrade_keeps_the_end_and_costs_what_is_left() -> None:
    half_time = on(2026, 2, 14)
    fact = upgrade(bought(PLUS), PLUS, PREMIUM, name="key", at=half_time)
    assert (fact.starts_at, fact.ends_at) == (half_time, on(2026, 2, 28))
    assert fact.paid == Money("EUR", 1_999 * 14 // 31)
    purchase = later(bought(PLUS).learn((fact,), half_time), on(2026, 3, 1))
    assert ends(purchase)[-1] == on(2026, 3, 31)
    assert purchase.product_id == "premium"


@pytest.mark.parametrize("running", [PLUS, None])
def test_an_upgrade_to_longer_periods_begins_one(running: Product | None) -> None:
    fact = upgrade(bought(PLUS), running, PREMIUM_YEAR, name="key", at=on(2026, 2, 14))
    assert (fact.starts_at, fact.ends_at) == (on(2026, 2, 14), on(2027, 2, 14))
    assert fact.paid == PREMIUM_YEAR.price


def test_an_upgrade_after_the_end_begins_a_period_of_its_own() -> None:
    fact = upgrade(bought(PLUS), PLUS, PREMIUM, name="key", at=on(2026, 3, 5))
    assert (fact.starts_at, fact.ends_at) == (on(2026, 3, 5), on(2026, 4, 5))
    purchase = later(bought(PLUS).learn((fact,), on(2026, 3, 5)), on(2026, 4, 5))
    assert ends(purchase)[-1] == on(2026, 5, 5)


def test_a_pack_is_no_plan() -> None:
    with pytest.raises(InvalidRequest):
        upgrade(bought(PLUS), PLUS, PACK, name="key", at=NOON)


def test_a_pack_is_paid_as_often_as_it_is_bought() -> None:
    fact = first_payment("pur_1", PACK, 3, NOON)
    assert (fact.kind, fact.quantity, fact.paid) == (FactKind.PAID, 3, Money("EUR", 1_497))


def test_each_fact_comes_after_the_last() -> None:
    fact = Fact(FactKind.AWAITING, NOON)
    assert moment_after((), NOON) == NOON
    assert moment_after((fact,), NOON + DAY) == NOON + DAY
    assert moment_after((fact, evolve(fact, at=NOON + DAY)), NOON) == NOON + DAY + timedelta(
        microseconds=1
    )
