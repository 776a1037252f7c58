"""Days are counted so that each piece counts once, on its day, for what it is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.analytics_costs import ModelCosts, TokenPrice
from domain.analytics_counts import (
    Count,
    CountedEntry,
    CountKey,
    LotPrice,
    Measure,
    PersonNews,
    Tally,
    count_person,
)
from domain.analytics_purchases import (
    CountedPurchase,
    PurchaserNews,
    count_purchases,
    lot_prices,
)
from domain.analytics_report import Analytics, report
from domain.ledger import EntryKind, LedgerEntry
from domain.lots import Bucket
from domain.market.facts import Fact, FactKind, Share
from domain.market.products import Catalogue, Money, Product, ProductKind, Provider
from domain.market.purchases import GrantedLot, Purchase
from domain.safety.counters import DayCount

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = NOON.date()
PACK = Product("pack", ProductKind.CREDITS, "A pack", 100, Money("EUR", 200), {})
CATALOGUE = Catalogue(1, (PACK,))
COSTS = ModelCosts(
    {
        "grok": (
            TokenPrice(date(2026, 1, 1), 2_000_000, 500_000, 8_000_000),
            TokenPrice(TODAY, 4_000_000, 1_000_000, 16_000_000),
        )
    }
)


def later(days: float) -> datetime:
    return NOON + timedelta(days=days)


def bought(*facts: Fact, purchase_id: str = "pur_1", product_id: str = "pack") -> Purchase:
    blank = Purchase(purchase_id, "usr_1", Provider.APPLE, product_id, False, NOON)  # noqa: FBT003 - positional fields
    return blank.learn(facts, later(400))


def paid(days: float = 0, payment: str = "pay_1", money: Money | None = None) -> Fact:
    return Fact(FactKind.PAID, later(days), payment=payment, paid=money)


def returned(kind: FactKind, days: float, part: int = 1, whole: int = 1) -> Fact:
    return Fact(kind, later(days), payment="pay_1", share=Share(part, whole), dispute="dis_1")


def counted(*purchases: Purchase | CountedPurchase, tally: Tally | None = None) -> Tally:
    tally = tally or Tally()
    news = tuple(
        one if isinstance(one, CountedPurchase) else CountedPurchase(one) for one in purchases
    )
    count_purchases(PurchaserNews("usr_1", later(-3), news), CATALOGUE, tally)
    return tally


def by_day(tally: Tally, measure: Measure) -> dict[int, int]:
    """Days from ``TODAY`` and what was counted on them."""
    return {
        (one.key.day - TODAY).days: one.value for one in tally.counts if one.key.measure is measure
    }


# ------------------------------------------------------------------------------------- purchases


def test_a_payment_counts_what_the_store_says_or_else_what_the_product_costs() -> None:
    tally = counted(bought(paid(), paid(1, "pay_2", Money("USD", 250))))
    revenue = {(one.key.third, one.value) for one in tally.counts if one.key.measure == "revenue"}
    assert revenue == {("EUR", 200), ("USD", 250)}
    assert by_day(tally, Measure.PAYMENTS) == {0: 1, 1: 1}


def test_a_payment_for_a_product_that_nobody_knows_has_no_revenue() -> None:
    tally = counted(bought(paid(), product_id="gone"))
    assert by_day(tally, Measure.REVENUE) == {}
    assert by_day(tally, Measure.NEW_PAYERS) == {0: 1}


def test_refunds_count_what_they_add_on_their_days() -> None:
    tally = counted(
        bought(
            paid(),
            returned(FactKind.REFUNDED, 2, 1, 4),
            returned(FactKind.REFUNDED, 5, 3, 4),
            returned(FactKind.REFUND_REVERSED, 9),
        )
    )
    assert by_day(tally, Measure.REFUNDS) == {2: 50, 5: 100, 9: -150}
    assert by_day(tally, Measure.REVENUE) == {0: 200}


def test_a_dispute_counts_when_it_is_lost() -> None:
    opened = bought(paid(), returned(FactKind.DISPUTE_OPENED, 1))
    assert by_day(counted(opened), Measure.REFUNDS) == {}
    lost = opened.learn((returned(FactKind.DISPUTE_LOST, 3, 1, 2),), later(9))
    assert by_day(counted(lost), Measure.REFUNDS) == {3: 100}


def test_who_pays_is_new_once_on_the_day_of_their_first_payment() -> None:
    second = bought(paid(4, "pay_2"), purchase_id="pur_2")
    tally = counted(second)
    assert by_day(tally, Measure.NEW_PAYERS) == {4: 1}
    assert by_day(tally, Measure.COHORT_PAYERS) == {-3: 1}
    # Then an earlier one is heard of.
    known = CountedPurchase(second, tally.counts)
    both = counted(known, bought(paid()), tally=tally)
    assert by_day(both, Measure.NEW_PAYERS) == {0: 1}
    assert by_day(both, Measure.COHORT_PAYERS) == {-3: 1}


_facts = st.lists(
    st.one_of(
        st.builds(
            paid, st.integers(0, 9), st.sampled_from(["pay_1", "pay_2"]), st.just(Money("EUR", 99))
        ),
        st.builds(
            returned,
            st.sampled_from(
                [
                    FactKind.REFUNDED,
                    FactKind.REVOKED,
                    FactKind.REFUND_REVERSED,
                    FactKind.DISPUTE_OPENED,
                    FactKind.DISPUTE_WON,
                    FactKind.DISPUTE_LOST,
                ]
            ),
            st.integers(0, 20),
            st.integers(0, 4),
            st.just(4),
        ),
    ),
    max_size=8,
)


@given(_facts)
def test_whatever_is_told_in_whatever_order_counts_like_all_of_it_at_once(
    facts: list[Fact],
) -> None:
    piecemeal, known = Tally(), CountedPurchase(bought())
    for fact in facts:
        changed = evolve(known, purchase=known.purchase.learn((fact,), later(400)))
        [known] = count_purchases(
            PurchaserNews("usr_1", later(-3), (changed,)), CATALOGUE, piecemeal
        )
    assert piecemeal.counts == counted(bought(*facts)).counts
    payments = known.purchase.standing.payments
    gone = sum(one.refunded.of(99) for one in payments)
    assert sum(by_day(piecemeal, Measure.REFUNDS).values()) == gone
    assert sum(by_day(piecemeal, Measure.REVENUE).values()) == 99 * len(payments)


def test_credits_are_worth_what_was_paid_for_their_lot_and_a_bonus_nothing() -> None:
    purchase = evolve(
        bought(paid(money=Money("USD", 999))),
        lots=(
            GrantedLot("pay_1", "lot", Bucket.PURCHASED, 300, NOON),
            GrantedLot("pay_1", "bonus", Bucket.PROMO, 30, NOON),
        ),
    )
    prices = lot_prices([purchase], CATALOGUE)
    assert prices == {"lot": LotPrice(300, Money("USD", 999))}
    assert prices["lot"].of(100) == 333_000
    assert prices["lot"].of(1) == 3_330


# ----------------------------------------------------------------------------------------- costs


def test_a_model_costs_what_it_did_on_that_day() -> None:
    def cost(day: date) -> int | None:
        return COSTS.cost("grok", day, prompt=100, cached=20, completion=10)

    assert cost(TODAY - timedelta(days=1)) == 80 * 2 + 20 * 0.5 + 10 * 8
    assert cost(TODAY) == 2 * (80 * 2 + 20 * 0.5 + 10 * 8)
    assert cost(date(2025, 12, 31)) is None


def test_a_part_of_a_millionth_costs_a_whole_one() -> None:
    assert COSTS.cost("grok", date(2026, 1, 1), prompt=1, cached=1, completion=0) == 1


def test_nothing_costs_nothing_also_where_no_model_wrote() -> None:
    assert COSTS.cost("", TODAY, prompt=0, cached=0, completion=0) == 0
    assert COSTS.cost("unknown", TODAY, prompt=1, cached=0, completion=0) is None


# ---------------------------------------------------------------------------------------- report


def made(
    *counts: tuple[Measure, tuple[str, ...], int], safety: tuple[DayCount, ...] = ()
) -> Analytics:
    return report(
        TODAY,
        TODAY + timedelta(days=2),
        [Count(CountKey(TODAY, measure, *labels), value) for measure, labels, value in counts],
        safety,
        COSTS,
        is_recounting=False,
    )


def test_every_day_is_there_also_if_nothing_happened() -> None:
    found = made()
    assert [day.day for day in found.days] == [TODAY + timedelta(days=n) for n in range(3)]
    assert found.days[0].turns == {}
    assert found.days[0].cohort.retained == {1: 0, 7: 0, 30: 0}


def test_credits_are_shown_by_bucket_as_what_came_and_what_went() -> None:
    [flow] = (
        made(
            (Measure.CREDITS, ("purchase", "purchased"), 500),
            (Measure.CREDITS, ("grant", "purchased"), 5),
            (Measure.CREDITS, ("charge", "purchased"), -30),
            (Measure.CREDITS, ("claw_back", "purchased"), -100),
            (Measure.CREDITS, ("reinstatement", "purchased"), 40),
            (Measure.CREDITS, ("expiry", "purchased"), -7),
            (Measure.CREDITS, ("debt_repayment", "purchased"), -3),
        )
        .days[0]
        .credits
    )
    assert (flow.granted, flow.spent, flow.clawed_back) == (505, 30, 100)
    assert (flow.reinstated, flow.expired, flow.repaid) == (40, 7, 3)
    assert flow.change == 500 + 5 - 30 - 100 + 40 - 7 - 3


def test_each_character_has_its_margin_by_model() -> None:
    [use] = (
        made(
            (Measure.TURNS, ("completed", "mira", "grok"), 3),
            (Measure.TURNS, ("stopped", "mira", "grok"), 1),
            (Measure.PROMPT, ("mira", "grok"), 1_000),
            (Measure.COMPLETION, ("mira", "grok"), 100),
            (Measure.CHARGED, ("mira", "grok"), 12),
            (Measure.VALUE, ("mira", "grok", "USD"), 12_000),
            (Measure.VALUE, ("mira", "grok", "EUR"), 500),
        )
        .days[0]
        .models
    )
    assert (use.turns, use.credits, use.value) == (4, 12, {"EUR": 500, "USD": 12_000})
    assert use.cost == 1_000 * 4 + 100 * 16
    assert use.margin == 120_000 - 5_600


def test_a_model_without_a_price_has_no_margin() -> None:
    [use] = made((Measure.PROMPT, ("mira", "new"), 10)).days[0].models
    assert (use.cost, use.margin) == (None, None)


def test_turns_that_were_taken_back_leave_nothing() -> None:
    day = made((Measure.TURNS, ("failed", "mira", ""), 0)).days[0]
    assert (day.turns, day.models) == ({}, ())


@pytest.mark.parametrize("kind", ["crisis_referral_input", "report"])
def test_safety_is_counted_beside_it(kind: str) -> None:
    counts = (DayCount(TODAY, kind, 2), DayCount(TODAY + timedelta(days=1), kind, 3))
    assert [day.safety for day in made(safety=counts).days] == [{kind: 2}, {kind: 3}, {}]


# ---------------------------------------------------------------------------------------- people


def test_a_charge_counts_what_was_paid_for_its_credits() -> None:
    entries = tuple(
        CountedEntry(
            LedgerEntry(
                seq, EntryKind.CHARGE, Bucket.PURCHASED, lot, -3, 0, 0, "turn", "Reply", NOON
            ),
            "luna",
            "grok",
        )
        for seq, lot in enumerate(("bought", "given"), 1)
    )
    news = PersonNews("usr_1", later(-1), 7, 0, None, entries)
    tally = Tally()
    after = count_person(news, {"bought": LotPrice(100, Money("EUR", 200))}, tally)
    assert by_day(tally, Measure.CHARGED) == {0: 6}
    values = [one for one in tally.counts if one.key.measure is Measure.VALUE]
    assert [(one.key.labels, one.value) for one in values] == [(("luna", "grok", "EUR"), 6_000)]
    assert (after.counted_entries, after.active_on) == (2, TODAY)
