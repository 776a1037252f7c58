"""What must be added to known facts, so that they amount to what Stripe has on record now.

Events tell when something changed; a record mostly tells only that it is so. If the facts that we
know end differently, something was missed, and all that can be said is: by now, it is so.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve

from domain.market.facts import Fact, FactKind, chronological
from domain.market.payments import PERIODS

_MATTERS = {
    FactKind.AWAITING: "payment",
    FactKind.FAILED: "payment",
    FactKind.REFUNDED: "refund",
    FactKind.REVOKED: "refund",
    FactKind.REFUND_REVERSED: "refund",
    FactKind.DISPUTE_WON: "dispute",
    FactKind.DISPUTE_LOST: "dispute",
    FactKind.RENEWED: "phase",
    FactKind.UPGRADED: "phase",
    FactKind.ON_HOLD: "phase",
    FactKind.IN_GRACE: "phase",
    FactKind.PAUSED: "phase",
    FactKind.LAPSED: "phase",
}


def corrected(known: Iterable[Fact], found: Sequence[Fact], now: datetime) -> tuple[Fact, ...]:
    """``found``, told so that its latest word in each matter is the last one.

    Facts of ``now`` itself have no time of their own: they are told only if they are news.
    """
    timed = [fact for fact in found if fact.at != now]
    result = list(timed)
    everything = sorted({*known, *timed}, key=chronological)
    present = {matter: fact for fact in sorted(found, key=chronological) if (matter := _of(fact))}
    for matter, fact in present.items():
        last = next((one for one in reversed(everything) if _of(one) == matter), None)
        # A period that was paid is told by its payment; told again it says nothing.
        if fact.kind in PERIODS:
            continue
        if last is None or _meaning(last) != _meaning(fact):
            result.append(evolve(fact, at=now))
    result.extend(fact for fact in found if fact.at == now and _of(fact) is None)
    return tuple(dict.fromkeys(result))


def _of(fact: Fact) -> tuple[str, str] | None:
    matter = _MATTERS.get(fact.kind)
    if matter == "refund":
        return matter, fact.payment
    if matter == "dispute":
        return matter, fact.dispute
    return (matter, "") if matter else None


def _meaning(fact: Fact) -> tuple[object, ...]:
    part = fact.share.part / fact.share.whole
    return fact.kind, fact.payment, fact.product_id, fact.dispute, part, fact.ends_at
