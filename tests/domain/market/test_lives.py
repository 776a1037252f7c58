"""Whatever way the stores' words come, the same comes of them, and nobody is cheated."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.market.facts import Fact, chronological
from domain.market.purchases import Purchase
from tests.depth import examples
from tests.domain.market.books import Books
from tests.domain.market.lives import Life, pack_lives, subscription_lives
from tests.domain.market.stories import CATALOGUE, START

_LATER = START + timedelta(days=3_000)
_HOUR = timedelta(hours=1)
one_life = st.one_of(pack_lives(), subscription_lives())


@frozen
class Report:
    """What is heard at once of one of the lives."""

    life: int
    facts: tuple[Fact, ...]


@frozen
class Turn:
    """A person talks: some credits are set aside, and some of these charged, now or later."""

    amount: int
    charge: int
    is_long: bool


@st.composite
def two_lives(draw: st.DrawFn) -> list[Life]:
    """What one person bought, once or twice."""
    lives = draw(st.lists(one_life, min_size=1, max_size=2))
    return [
        evolve(life, purchase=evolve(life.purchase, id=f"pur_{number}"))
        for number, life in enumerate(lives)
    ]


@st.composite
def _heard(draw: st.DrawFn, lives: Sequence[Life]) -> list[Report | Turn]:
    """The facts in any order, some of them again, in reports of any size, amid turns."""
    told = [(number, fact) for number, life in enumerate(lives) for fact in life.facts]
    repeated = draw(st.lists(st.sampled_from(told), max_size=6))
    left = draw(st.permutations([*told, *repeated]))
    turns = st.builds(Turn, st.integers(1, 3_000), st.integers(0, 3_000), st.booleans())
    steps: list[Report | Turn] = []
    while left:
        size = draw(st.integers(1, 6))
        for number in range(len(lives)):
            facts = tuple(fact for life, fact in left[:size] if life == number)
            steps += [Report(number, facts)] if facts else []
        left = left[size:]
        steps += draw(st.lists(turns, max_size=2))
    return steps


def _hear(
    lives: Sequence[Life], steps: Sequence[Report | Turn], waits: Sequence[timedelta]
) -> tuple[Books, list[Purchase]]:
    books = Books(CATALOGUE, START)
    purchases = [life.purchase for life in lives]
    running: list[tuple[str, int]] = []
    for number, step in enumerate(steps):
        if waits:
            books.wait_until(books.now + waits[number % len(waits)])
        if isinstance(step, Report):
            purchases[step.life] = books.tell(purchases[step.life], *step.facts)
            continue
        turn_id = books.hold(step.amount)
        running += [(turn_id, step.charge)] if turn_id else []
        if not step.is_long and running:
            books.settle(*running.pop(0))
    for turn_id, charge in running:
        books.settle(turn_id, charge)
    return books, [books.apply(purchase.learn((), _LATER)) for purchase in purchases]


def _in_order(life: Life) -> Purchase:
    """What comes of it when each thing is heard at once, by somebody who spends nothing."""
    books, purchase = Books(CATALOGUE, START), life.purchase
    for fact in sorted(life.facts, key=chronological):
        books.wait_until(fact.at)
        purchase = books.tell(purchase, fact)
    return books.apply(purchase.learn((), _LATER))


def _what_counts(purchase: Purchase) -> object:
    lots = {
        (lot.lot_id, lot.payment, lot.bucket, lot.credits, lot.clawed_back, lot.is_frozen)
        for lot in purchase.lots
    }
    return purchase.standing, purchase.facts, purchase.product_id, lots


def _kept(purchases: Sequence[Purchase]) -> int:
    """Credits that were paid for and not taken back."""
    return sum(lot.credits - lot.clawed_back for one in purchases for lot in one.lots)


@pytest.mark.timeout(600)  # a busy machine is not a defect
@settings(max_examples=examples(1_000))
@given(st.data())
def test_any_order_repetition_and_cut_comes_to_the_same(data: st.DataObject) -> None:
    lives = data.draw(two_lives())
    books, heard = _hear(lives, data.draw(_heard(lives)), [])
    for purchase, life in zip(heard, lives, strict=True):
        assert _what_counts(purchase) == _what_counts(_in_order(life))
    # Nobody waited, so nothing has run out: what they had is exactly what was paid and kept.
    assert books.worth == _kept(heard)


@pytest.mark.timeout(600)
@settings(max_examples=examples(300))
@given(st.data())
def test_the_same_while_time_passes_and_credits_run_out(data: st.DataObject) -> None:
    lives = data.draw(two_lives())
    waits = data.draw(st.lists(st.integers(0, 24 * 40).map(_HOUR.__mul__), min_size=1))
    books, heard = _hear(lives, data.draw(_heard(lives)), waits)
    for purchase, life in zip(heard, lives, strict=True):
        assert _what_counts(purchase) == _what_counts(_in_order(life))
    assert books.worth <= _kept(heard)
    expired = sum(books.history(lot.lot_id).expired for one in heard for lot in one.lots)
    assert books.worth + expired >= _kept(heard)


@given(st.data())
def test_what_is_told_again_changes_nothing(data: st.DataObject) -> None:
    life = data.draw(one_life)
    books = Books(CATALOGUE, max(fact.at for fact in life.facts))
    after = books.tell(life.purchase, *life.facts)
    before = books.wallet, list(books.ledger)
    again = books.tell(after, *data.draw(st.lists(st.sampled_from(life.facts), max_size=4)))
    assert (again, books.wallet, books.ledger) == (after, *before)


@given(st.data())
def test_a_standing_is_of_the_set_of_facts(data: st.DataObject) -> None:
    life = data.draw(one_life)
    mixed = tuple(data.draw(st.permutations(life.facts)))
    now = START + data.draw(st.integers(0, 24 * 400)) * _HOUR
    first, second = mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]
    expected = life.purchase.learn(life.facts, now)
    assert life.purchase.learn(mixed, now) == expected
    assert life.purchase.learn(first, now).learn((*second, *first), now) == expected
