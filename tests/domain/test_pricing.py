"""What a turn costs."""

from fractions import Fraction
from math import ceil

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Tier
from domain.errors import ModelUnavailable
from domain.pricing import PriceTable, Rate, TierTerms, Usage

MODELS = ("big", "small")
TOKENS = st.integers(0, 200_000)
RATES = st.builds(
    Rate,
    input=st.integers(0, 5_000),
    cached_input=st.integers(0, 5_000),
    output=st.integers(0, 20_000),
)
TABLES = st.builds(
    PriceTable,
    version=st.just(1),
    minimum=st.integers(0, 50),
    models=st.fixed_dictionaries(dict.fromkeys(MODELS, RATES)),
    tiers=st.fixed_dictionaries(
        {tier: st.builds(TierTerms, st.integers(0, 300), st.just(1), st.just(1)) for tier in Tier}
    ),
)
USAGES = st.builds(Usage, prompt=TOKENS, cached=TOKENS, completion=TOKENS, reported=st.booleans())
TIERS = st.sampled_from(Tier)


@given(TABLES, TIERS, USAGES)
def test_the_price_is_the_published_formula(table: PriceTable, tier: Tier, usage: Usage) -> None:
    rate, percent = table.models["big"], table.tiers[tier].percent
    cached = min(usage.cached, usage.prompt)
    exact = Fraction(percent, 100) * (
        Fraction((usage.prompt - cached) * rate.input, 1_000)
        + Fraction(cached * rate.cached_input, 1_000)
        + Fraction(usage.completion * rate.output, 1_000)
    )
    assert table.price("big", tier, usage) == max(table.minimum, ceil(exact))


@pytest.mark.parametrize(
    ("usage", "price"),
    [
        (Usage(0, 0, 0, reported=True), 3),
        (Usage(1_000, 0, 0, reported=True), 10),
        (Usage(1_001, 0, 0, reported=True), 11),
        (Usage(1_000, 1_000, 0, reported=True), 3),
        (Usage(1_000, 400, 100, reported=True), 10),
        (Usage(0, 0, 1_000, reported=True), 30),
    ],
)
def test_prices_by_example(usage: Usage, price: int) -> None:
    table = PriceTable(1, 3, {"big": Rate(10, 2, 30)}, {Tier.FREE: TierTerms(100, 1, 1)})
    assert table.price("big", Tier.FREE, usage) == price


@given(TABLES, TIERS, USAGES)
def test_no_charge_is_below_the_minimum(table: PriceTable, tier: Tier, usage: Usage) -> None:
    assert table.price("small", tier, usage) >= table.minimum


@given(TABLES, TIERS, USAGES, TOKENS, TOKENS)
def test_more_tokens_never_cost_less(
    table: PriceTable, tier: Tier, usage: Usage, prompt: int, completion: int
) -> None:
    usage = evolve(usage, cached=min(usage.cached, usage.prompt))
    more = evolve(usage, prompt=usage.prompt + prompt, completion=usage.completion + completion)
    assert table.price("big", tier, more) >= table.price("big", tier, usage)


@given(TABLES, TIERS, st.sampled_from(MODELS), USAGES)
def test_the_worst_case_is_never_exceeded(
    table: PriceTable, tier: Tier, model: str, usage: Usage
) -> None:
    worst = table.worst_case(MODELS, tier, prompt=usage.prompt, completion=usage.completion)
    assert table.price(model, tier, usage) <= worst
    longer = table.worst_case(MODELS, tier, prompt=usage.prompt + 7, completion=usage.completion)
    assert worst <= longer


@given(TABLES, TIERS, TOKENS, TOKENS)
def test_the_worst_case_can_happen(
    table: PriceTable, tier: Tier, prompt: int, completion: int
) -> None:
    worst = table.worst_case(MODELS, tier, prompt=prompt, completion=completion)
    assert worst in {
        table.price(model, tier, Usage(prompt, cached, completion, reported=True))
        for model in MODELS
        for cached in (0, prompt)
    }


def test_the_smallest_rest_is_a_credit() -> None:
    table = PriceTable(1, 1, {"big": Rate(1, 1, 1)}, {Tier.FREE: TierTerms(1, 1, 1)})
    assert table.price("big", Tier.FREE, Usage(100_000, 0, 0, reported=True)) == 1
    assert table.price("big", Tier.FREE, Usage(100_001, 0, 0, reported=True)) == 2


@pytest.mark.parametrize(("fresh", "cached"), [(100_000, 1), (1, 100_000)])
def test_the_worst_case_is_of_none_cached_or_all(fresh: int, cached: int) -> None:
    table = PriceTable(1, 1, {"big": Rate(fresh, cached, 0)}, {Tier.FREE: TierTerms(100, 1, 1)})
    assert table.worst_case(("big",), Tier.FREE, prompt=10, completion=0) == 1_000


def test_a_model_without_a_price_is_refused() -> None:
    table = PriceTable(1, 1, {"big": Rate(1, 1, 1)}, {Tier.FREE: TierTerms(100, 1, 1)})
    with pytest.raises(ModelUnavailable, match="no published price"):
        table.price("small", Tier.FREE, Usage(1, 0, 1, reported=True))
    for models, why in ((("big", "small"), "no published price"), ((), "No model")):
        with pytest.raises(ModelUnavailable, match=why):
            table.worst_case(models, Tier.FREE, prompt=1, completion=1)


def test_a_tier_has_its_terms() -> None:
    terms = {tier: TierTerms(100, rank, 60) for rank, tier in enumerate(Tier)}
    table = PriceTable(1, 1, {}, terms)
    assert [table.terms(tier).daily_credits for tier in Tier] == [0, 1, 2]
