"""Plausible lives of a purchase, as its store would tell them one after the other."""

from datetime import datetime, timedelta

from attrs import Factory, define, evolve, frozen
from hypothesis import strategies as st

from domain.market.calendar import add_months
from domain.market.facts import Fact, FactKind, Share
from domain.market.products import Period, Product
from domain.market.purchases import Purchase
from tests.domain.market.stories import OFFER, PACK, PLUS, PREMIUM, START, YEAR, pack

_PRICE = 999
_HOUR = timedelta(hours=1)


@frozen
class Life:
    """``facts`` in the order in which things happened."""

    purchase: Purchase
    facts: tuple[Fact, ...]


@define
class _Teller:
    """Says what happens, each thing some hours after the last."""

    draw: st.DrawFn
    now: datetime = START
    facts: list[Fact] = Factory(list)
    disputes: int = 0

    def wait(self, hours: int = 72) -> None:
        self.now += self.draw(st.integers(0, hours)) * _HOUR

    def say(self, kind: FactKind, payment: str = "", **facts: object) -> None:
        fact = Fact(kind, self.now, payment, **facts)  # type: ignore[arg-type]  # each of its own
        self.facts.append(fact)
        if self.draw(st.integers(0, 4)) == 0:
            # Another channel, which has it from another object, and its time, too.
            self.facts.append(evolve(fact, at=self.now + self.draw(st.integers(0, 48)) * _HOUR))

    def trouble(self, payment: str, most: int) -> None:
        """Refunds, partial and total, taken back or not, and disputes."""
        for _ in range(self.draw(st.integers(0, most))):
            self.wait()
            match self.draw(st.sampled_from(["refund", "refund", "revoke", "reverse", "dispute"])):
                case "refund":
                    share = Share(self.draw(st.integers(0, _PRICE)), _PRICE)
                    self.say(FactKind.REFUNDED, payment, share=share)
                case "revoke":
                    self.say(FactKind.REVOKED, payment)
                case "reverse":
                    self.say(FactKind.REFUND_REVERSED, payment)
                case _:
                    self.dispute(payment)

    def dispute(self, payment: str) -> None:
        self.disputes += 1
        name = f"dp_{self.disputes}"
        share = Share(self.draw(st.integers(1, _PRICE)), _PRICE)
        self.say(FactKind.DISPUTE_OPENED, payment, dispute=name, share=share)
        ends = [FactKind.DISPUTE_WON, FactKind.DISPUTE_LOST]
        for end in self.draw(st.lists(st.sampled_from(ends), max_size=2)):
            self.wait()
            self.say(end, payment, dispute=name, share=share)


@st.composite
def pack_lives(draw: st.DrawFn) -> Life:
    product = draw(st.sampled_from([PACK, OFFER]))
    teller = _Teller(draw)
    if draw(st.booleans()):
        teller.say(draw(st.sampled_from([FactKind.AWAITING, FactKind.FAILED])))
        teller.wait()
    named = draw(st.integers(1, 3))
    # Each thing is paid once; another channel has the same time, as it has the same object.
    fact = Fact(FactKind.PAID, teller.now, "pay", product_id=product.id, quantity=named)
    teller.facts.append(fact)
    teller.trouble("pay", 6)
    return Life(pack(product), tuple(teller.facts))


@st.composite
def subscription_lives(draw: st.DrawFn) -> Life:
    teller = _Teller(draw)
    first = product = draw(st.sampled_from([PLUS, YEAR]))
    begun, months = teller.now, 0
    for number in range(draw(st.integers(1, 5))):
        payment = f"in_{number}"
        months += _months(product)
        starts_at, ends_at = teller.now, add_months(begun, months)
        teller.say(
            FactKind.RENEWED, payment, product_id=product.id, starts_at=starts_at, ends_at=ends_at
        )
        _wish(teller)
        if draw(st.integers(0, 3)) == 0:
            teller.wait(600)
            product = PREMIUM
            payment, begun, months = f"up_{number}", teller.now, 1
            teller.say(
                FactKind.UPGRADED, payment, product_id=product.id, starts_at=teller.now,
                ends_at=add_months(begun, months),
            )  # fmt: skip
        teller.trouble(payment, 2)
        teller.now = max(teller.now, add_months(begun, months))
        if _is_late(teller):
            teller.wait(24 * 20)
            begun, months = teller.now, 0
    if draw(st.integers(0, 5)) == 0:
        teller.facts.append(Fact(FactKind.REPLACED, teller.now - 24 * 10 * _HOUR))
    return Life(pack(first), tuple(teller.facts))


def _wish(teller: _Teller) -> None:
    wishes = [FactKind.CANCELLED, FactKind.RESUMED, FactKind.DOWNGRADED]
    for wish in teller.draw(st.lists(st.sampled_from(wishes), max_size=2)):
        teller.wait()
        teller.say(wish, product_id="plus" if wish is FactKind.DOWNGRADED else None)


def _is_late(teller: _Teller) -> bool:
    """Whether the next period is not paid at once: its people are in grace, or away."""
    phases = [FactKind.IN_GRACE, FactKind.ON_HOLD, FactKind.PAUSED, FactKind.LAPSED]
    told = teller.draw(st.lists(st.sampled_from(phases), max_size=2))
    for phase in told:
        grace = teller.now + 24 * 7 * _HOUR if phase is FactKind.IN_GRACE else None
        teller.say(phase, ends_at=grace)
        teller.wait()
    return bool(told)


def _months(product: Product) -> int:
    return 12 if product.period is Period.YEAR else 1
