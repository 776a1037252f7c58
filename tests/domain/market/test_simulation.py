"""What can happen to a purchase at the sandbox, and what becomes of it."""

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Conflict
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Product
from domain.market.purchases import Purchase
from domain.market.sandbox import GRACE
from domain.market.simulation import Action, possible_actions, simulate
from domain.market.standing import Status
from tests.domain.market.sandbox_shop import (
    CATALOGUE,
    NOON,
    PACK,
    PLUS,
    PREMIUM_YEAR,
    after,
    bought,
    ordered,
)

DAY = timedelta(days=1)
MONEY_BACK = {Action.REFUND, Action.OPEN_DISPUTE}
RUNS = {*MONEY_BACK, Action.PAUSE, Action.CANCEL, Action.LAPSE, Action.HOLD}


def waiting(product: Product) -> Purchase:
    return ordered(product).learn((Fact(FactKind.AWAITING, NOON),), NOON)


def possible(purchase: Purchase, now: datetime = NOON) -> set[Action]:
    return set(possible_actions(purchase, CATALOGUE, now))


def share_back(purchase: Purchase) -> float:
    payment = purchase.standing.current
    assert payment
    return payment.refunded.part / payment.refunded.whole


@pytest.mark.parametrize("product", [PACK, PLUS])
def test_a_payment_that_is_waited_for_comes_or_does_not(product: Product) -> None:
    assert possible(waiting(product)) == {Action.SUCCEED, Action.FAIL}
    failed = after(waiting(product), Action.FAIL)
    assert failed.status is Status.FAILED
    assert possible(failed) == {Action.SUCCEED}
    for purchase in (waiting(product), failed):
        paid = after(purchase, Action.SUCCEED, at=NOON + DAY)
        assert paid.status is (Status.ACTIVE if product.period else Status.COMPLETED)
        assert [one.paid for one in paid.standing.payments] == [product.price]


@pytest.mark.parametrize(
    ("happened", "status", "can_happen"),
    [
        ((), Status.COMPLETED, MONEY_BACK),
        ((Action.REFUND,), Status.REFUNDED, {Action.REVERSE_REFUND}),
        ((Action.REFUND, Action.REVERSE_REFUND), Status.COMPLETED, MONEY_BACK),
        ((Action.OPEN_DISPUTE,), Status.DISPUTED, {Action.WIN_DISPUTE, Action.LOSE_DISPUTE}),
        ((Action.OPEN_DISPUTE, Action.WIN_DISPUTE), Status.COMPLETED, MONEY_BACK),
        ((Action.OPEN_DISPUTE, Action.LOSE_DISPUTE), Status.REFUNDED, set()),
    ],
)
def test_a_pack(happened: tuple[Action, ...], status: Status, can_happen: set[Action]) -> None:
    purchase = after(bought(PACK), *happened)
    assert purchase.status is status
    assert possible(purchase) == can_happen


@pytest.mark.parametrize(
    ("happened", "status", "can_happen"),
    [
        ((), Status.ACTIVE, {*RUNS, Action.RENEW, Action.FAIL_RENEWAL}),
        ((Action.RENEW,), Status.ACTIVE, {*RUNS, Action.RENEW, Action.FAIL_RENEWAL}),
        (
            (Action.FAIL_RENEWAL,),
            Status.IN_GRACE,
            {*RUNS - {Action.PAUSE}, Action.RECOVER},
        ),
        (
            (Action.FAIL_RENEWAL, Action.HOLD),
            Status.ON_HOLD,
            {*RUNS - {Action.PAUSE, Action.HOLD}, Action.RECOVER},
        ),
        ((Action.FAIL_RENEWAL, Action.RECOVER), Status.ACTIVE, None),
        ((Action.HOLD, Action.RECOVER), Status.ACTIVE, None),
        ((Action.PAUSE,), Status.PAUSED, {*MONEY_BACK, Action.RESUME, Action.CANCEL, Action.LAPSE}),
        ((Action.PAUSE, Action.RESUME), Status.ACTIVE, None),
        ((Action.CANCEL,), Status.ACTIVE, {*RUNS - {Action.CANCEL}, Action.RESUME}),
        ((Action.CANCEL, Action.RESUME), Status.ACTIVE, None),
        ((Action.LAPSE,), Status.EXPIRED, MONEY_BACK),
        ((Action.OPEN_DISPUTE,), Status.DISPUTED, None),
        ((Action.REFUND, Action.LAPSE), Status.REFUNDED, {Action.REVERSE_REFUND}),
    ],
)
def test_a_subscription(
    happened: tuple[Action, ...], status: Status, can_happen: set[Action] | None
) -> None:
    purchase = after(bought(PLUS), *happened)
    assert purchase.status is status
    if can_happen is not None:
        assert possible(purchase) == can_happen


@pytest.mark.parametrize("action", sorted(set(Action) - MONEY_BACK))
def test_what_cannot_happen_says_why(action: Action) -> None:
    with pytest.raises(Conflict) as refusal:
        simulate(bought(PACK), action, CATALOGUE, NOON)
    assert refusal.value.message.endswith(".")


def test_refunds_add_up_to_the_whole() -> None:
    purchase = after(bought(PACK), Action.REFUND, percent=30)
    assert (share_back(purchase), purchase.status) == (0.3, Status.PARTIALLY_REFUNDED)
    purchase = after(purchase, Action.REFUND, percent=20)
    assert share_back(purchase) == 0.5
    with pytest.raises(Conflict, match="Only 50 %"):
        after(purchase, Action.REFUND, percent=51)
    purchase = after(purchase, Action.REFUND)
    assert (share_back(purchase), purchase.status) == (1.0, Status.REFUNDED)
    assert share_back(after(purchase, Action.REVERSE_REFUND)) == 0


def test_a_dispute_is_about_what_is_left() -> None:
    partly = after(bought(PACK), Action.REFUND, percent=30)
    lost = after(partly, Action.OPEN_DISPUTE, Action.LOSE_DISPUTE)
    assert (share_back(lost), lost.status) == (1.0, Status.REFUNDED)
    won = after(partly, Action.OPEN_DISPUTE, Action.WIN_DISPUTE)
    assert share_back(won) == 0.3
    small = after(bought(PACK), Action.OPEN_DISPUTE, percent=10)
    small = after(small, Action.LOSE_DISPUTE)
    assert (share_back(small), small.status) == (0.1, Status.PARTIALLY_REFUNDED)
    again = after(small, Action.OPEN_DISPUTE, Action.LOSE_DISPUTE)
    assert share_back(again) == 1.0


def test_grace_reaches_beyond_the_paid_time() -> None:
    purchase = after(bought(PLUS), Action.FAIL_RENEWAL)
    paid_until = purchase.standing.ends_at
    assert paid_until
    assert purchase.standing.access_until == paid_until + GRACE


def test_what_recovers_from_grace_goes_on_where_the_paid_time_ended() -> None:
    purchase = after(bought(PLUS), Action.FAIL_RENEWAL)
    paid_until = purchase.standing.ends_at
    assert paid_until
    recovered = after(purchase, Action.RECOVER, at=paid_until + 3 * DAY)
    assert recovered.standing.starts_at == paid_until
    assert recovered.status is Status.ACTIVE


@pytest.mark.parametrize(
    ("stopped", "goes_on"), [(Action.HOLD, Action.RECOVER), (Action.PAUSE, Action.RESUME)]
)
def test_what_was_closed_for_a_while_begins_anew(stopped: Action, goes_on: Action) -> None:
    late = NOON + 29 * DAY
    purchase = after(after(bought(PLUS), stopped), goes_on, at=late)
    assert purchase.standing.starts_at == late
    assert purchase.status is Status.ACTIVE


def test_renewing_early_adds_a_period() -> None:
    purchase = after(bought(PLUS), Action.RENEW, Action.RENEW)
    ends = [payment.ends_at for payment in purchase.standing.payments]
    starts = [payment.starts_at for payment in purchase.standing.payments]
    assert starts[1:] == ends[:-1]
    assert len({payment.id for payment in purchase.standing.payments}) == 3


def test_the_clock_goes_first() -> None:
    """What happens to a subscription whose renewal is due, happens to the renewed one."""
    late = NOON + 40 * DAY
    cancelled = after(bought(PLUS), Action.CANCEL, at=late)
    assert len(cancelled.standing.payments) == 2
    assert not cancelled.standing.renews
    with pytest.raises(Conflict, match="over"):
        after(after(bought(PLUS), Action.CANCEL), Action.RESUME, at=late)


def test_what_is_no_longer_sold_is_neither_paid_nor_renewed() -> None:
    others = Catalogue(2, (PACK,))
    with pytest.raises(Conflict, match="no longer sold"):
        after(bought(PLUS), Action.RENEW, catalogue=others)
    with pytest.raises(Conflict, match="no longer sold"):
        after(waiting(PLUS), Action.SUCCEED, catalogue=others)


@settings(deadline=None, max_examples=150)
@given(
    product=st.sampled_from([PACK, PLUS, PREMIUM_YEAR]),
    is_paid=st.booleans(),
    story=st.lists(
        st.tuples(
            st.sampled_from(Action), st.sampled_from([0, 0, 1, 20, 400]), st.integers(1, 100)
        ),
        max_size=12,
    ),
)
def test_whatever_happens_time_only_goes_on_and_possible_things_are_possible(
    product: Product, *, is_paid: bool, story: list[tuple[Action, int, int]]
) -> None:
    purchase, now = bought(product) if is_paid else waiting(product), NOON
    for action, days, percent in story:
        now += days * DAY
        can = possible(purchase, now)
        try:
            facts = simulate(purchase, action, CATALOGUE, now)
        except Conflict:
            assert action not in can
            continue
        assert action in can
        assert facts
        before, purchase = purchase, purchase.learn(facts, now)
        told = sorted(fact.at for fact in purchase.facts)
        assert all(one < other for one, other in pairwise(told))
        assert set(before.facts) < set(purchase.facts)
        assert max(told) < now + DAY
        if action in MONEY_BACK:
            with suppress(Conflict):
                purchase = after(purchase, action, at=now, percent=percent)
    assert purchase.status in Status


@pytest.mark.parametrize("product", [PACK, PLUS])
def test_what_was_paid_is_not_paid_or_refused_again(product: Product) -> None:
    for action in (Action.SUCCEED, Action.FAIL):
        with pytest.raises(Conflict, match=r"paid already|waited for"):
            after(bought(product), action)


def test_an_order_that_was_withdrawn_is_not_paid_any_more() -> None:
    withdrawn = waiting(PLUS).learn((Fact(FactKind.LAPSED, NOON + DAY),), NOON + DAY)
    assert withdrawn.status is Status.EXPIRED
    with pytest.raises(Conflict, match="withdrawn"):
        simulate(withdrawn, Action.SUCCEED, CATALOGUE, NOON + 2 * DAY)
