"""Payment intents, refunds and disputes."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from adapters.stripe.reporting import marked_pack, report_of
from adapters.stripe.shapes import Json, Marks, id_of, moment, money
from domain.market.facts import Fact, FactKind, Share
from domain.market.products import Catalogue, Money
from domain.market.reports import Parked, Report


class Outcome(StrEnum):
    """Where a payment stands."""

    OPEN = "open"
    AWAITING = "awaiting"
    PAID = "paid"
    FAILED = "failed"


def intent_outcome(intent: Json) -> Outcome:
    """By its status, where no event says it."""
    match intent.get("status"):
        case "succeeded":
            return Outcome.PAID
        case "processing":
            return Outcome.AWAITING
        case "canceled":
            return Outcome.FAILED
        case _:
            return Outcome.FAILED if intent.get("last_payment_error") else Outcome.OPEN


def intent_report(
    intent: Json, marks: Marks, outcome: Outcome, at: datetime, catalogue: Catalogue
) -> Report:
    """What a payment intent says of a pack; ``at`` is for what has no time of its own.

    A payment counts from when it was asked for: that is the only time which the intent itself
    tells, so every way of hearing of it leads to the same fact.
    """
    reference = id_of(intent)
    product_id = marks.product_id
    facts: tuple[Fact, ...] = ()
    if outcome is Outcome.PAID:
        # An intent that does not say what it received did so in full.
        paid = money(intent, "amount_received", "amount")
        product = marked_pack(marks, catalogue, paid)
        product_id = product.id if product else None
        facts = (
            Fact(
                FactKind.PAID,
                moment(intent.get("created")) or at,
                payment=reference,
                product_id=product_id,
                quantity=marks.quantity,
                paid=paid,
            ),
        )
    elif outcome is not Outcome.OPEN:
        kind = FactKind.AWAITING if outcome is Outcome.AWAITING else FactKind.FAILED
        facts = (Fact(kind, moment(intent.get("canceled_at")) or at, payment=reference),)
    return report_of(reference, marks, facts, [id_of(intent.get("latest_charge"))], product_id)


def charge_amount(charge: Json) -> int:
    """What it took, in minor units; raises ``Parked`` when it does not say."""
    for name in ("amount_captured", "amount"):
        taken = money(charge, name)
        if taken is not None and taken.amount > 0:
            return taken.amount
    raise Parked("A refund of a charge that took nothing.")


def charge_refund(charge: Json, payment: str, at: datetime) -> Fact:
    """How much of a charge is given back by now, in total."""
    refunded = money(charge, "amount_refunded")
    if refunded is None or refunded.amount < 0:
        raise Parked("A refunded charge that does not say how much.")
    return refund_total(refunded.amount, charge_amount(charge), payment, at)


def refund_total(part: int, whole: int, payment: str, at: datetime) -> Fact:
    """So much was given back by then; nothing, if a refund failed."""
    if not part:
        return Fact(FactKind.REFUND_REVERSED, at, payment=payment)
    return Fact(FactKind.REFUNDED, at, payment=payment, share=Share(part, whole))


def counts(refund: Json) -> bool:
    """Whether a refund gives money back, now or soon."""
    return refund.get("status") not in {"failed", "canceled"}


def refund_totals(refunds: Iterable[Json], whole: int, payment: str) -> Iterator[Fact]:
    """What was given back after each refund."""
    given = [one for one in refunds if counts(one)]
    given.sort(key=lambda one: (one.get("created") or 0, id_of(one)))
    total = 0
    for one in given:
        amount, at = money(one, "amount"), moment(one.get("created"))
        if amount is None or at is None:
            raise Parked("A refund without an amount or a time.")
        total += amount.amount
        yield refund_total(total, whole, payment, at)


_OPEN = frozenset(
    {"needs_response", "under_review", "appeal_needs_response", "appeal_under_review"}
)
_WARNINGS = frozenset({"warning_needs_response", "warning_under_review"})
_WON = frozenset({"won", "warning_closed", "charge_refunded"})
"""Nothing goes back by the dispute itself; of ``charge_refunded``, the refund tells."""


def dispute_facts(
    dispute: Json, payment: str, taken: Money | None, at: datetime
) -> tuple[Fact, ...]:
    """What a dispute says of a payment of ``taken``; decided ``at`` the latest.

    A warning is a question of the bank's: it holds nothing back, and mostly ends there.
    """
    status = dispute.get("status")
    dispute_id = id_of(dispute)
    opened_at = moment(dispute.get("created")) or at
    share = _share(money(dispute, "amount"), taken)
    opened = Fact(
        FactKind.DISPUTE_OPENED, opened_at, payment=payment, dispute=dispute_id, share=share
    )
    if status in _WARNINGS:
        return ()
    if status in _OPEN:
        return (opened,)
    if status in _WON:
        return (Fact(FactKind.DISPUTE_WON, at, payment=payment, dispute=dispute_id),)
    if status == "lost":
        lost = Fact(FactKind.DISPUTE_LOST, at, payment=payment, dispute=dispute_id, share=share)
        return opened, lost
    raise Parked("A dispute with a status that is not known.")


def _share(asked: Money | None, taken: Money | None) -> Share:
    """All of it, if the amounts cannot be compared."""
    if asked is None or taken is None or asked.currency != taken.currency or not taken.amount:
        return Share(1, 1)
    return Share(asked.amount, taken.amount)
