"""Whatever way Apple's word takes, and however often: the purchase ends where it should."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.market.purchases import Purchase
from tests.adapters.apple.lives import BEGIN, Happening, SubscriptionLife, pack_life
from tests.adapters.apple.shop import purchase
from tests.depth import examples

SEQUENCES = settings(max_examples=examples(1_000), deadline=None)
CHANCE = st.randoms(use_true_random=False)


@SEQUENCES
@given(choices=st.lists(st.integers(0, 59), max_size=12), chance=CHANCE)
def test_a_subscription_ends_where_it_should_in_whatever_order_it_is_told(
    choices: list[int], chance: Random
) -> None:
    life = SubscriptionLife.begin()
    for choice in choices:
        life.live(choice)
    _check("basic", life.happened, chance)


@SEQUENCES
@given(percentages=st.lists(st.sampled_from([0, 1, 33, 40, 99, 100]), max_size=8), chance=CHANCE)
def test_a_pack_ends_where_it_should_in_whatever_order_it_is_told(
    percentages: list[int], chance: Random
) -> None:
    _check("large", pack_life(percentages), chance)


def _check(product_id: str, happened: list[Happening], chance: Random) -> None:
    new = purchase(product_id, "1", BEGIN)
    ordered = new
    for event in happened:
        ordered = ordered.learn(event.facts, event.at)
        _matches(ordered, event)
    told = [(facts, event.at) for event in happened for facts in (event.facts, event.posted)]
    told += chance.choices(told, k=len(told))
    chance.shuffle(told)
    shuffled = new
    for facts, at in told:
        shuffled = shuffled.learn(facts, at)
    end = happened[-1].at
    assert shuffled.learn((), end).standing == ordered.standing
    assert shuffled.facts == ordered.facts


def _matches(known: Purchase, event: Happening) -> None:
    current = known.standing.current
    assert current is not None
    assert (known.status, current.refunded.of(1000)) == (event.status, event.refunded), event.name
    if known.is_subscription and known.status.is_open:
        assert known.standing.renews is event.renews, event.name
