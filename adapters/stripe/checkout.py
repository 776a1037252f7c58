"""Checkout sessions: pages of Stripe's on which people pay."""

from datetime import datetime

from attrs import evolve

from adapters.stripe.payments import Outcome
from adapters.stripe.reporting import marked_pack, report_of
from adapters.stripe.shapes import Json, Marks, id_of, moment, money, read_marks
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue
from domain.market.reports import Report

_PAID = frozenset({"paid", "no_payment_required"})


def session_outcome(session: Json) -> Outcome:
    """By what the session says: that it is complete does not mean that it is paid."""
    match session.get("status"):
        case "expired":
            return Outcome.FAILED
        case "open":
            return Outcome.OPEN
        case _:
            paid = session.get("payment_status") in _PAID
            return Outcome.PAID if paid else Outcome.AWAITING


def session_report(
    session: Json, outcome: Outcome, at: datetime, catalogue: Catalogue
) -> Report | None:
    """What a session says of a purchase; None when nothing is bought by it.

    Of a subscription it says only which one it is: the first invoice tells the rest.
    """
    session_id, marks = id_of(session), _marks(session)
    aliases = [session_id, id_of(session.get("invoice"))]
    mode = session.get("mode")
    if mode == "setup":
        return None
    if mode == "subscription":
        reference = id_of(session.get("subscription")) or session_id
        facts = (Fact(FactKind.FAILED, at),) if outcome is Outcome.FAILED else ()
        return report_of(reference, marks, facts, aliases)
    payment = id_of(session.get("payment_intent")) or session_id
    created_at = moment(session.get("created")) or at
    if outcome is Outcome.PAID:
        # A page that does not say what it took, took what was asked for.
        paid = money(session, "amount_total") if "amount_total" in session else marks.price
        product = marked_pack(marks, catalogue, paid)
        fact = Fact(
            FactKind.PAID,
            created_at,
            payment=payment,
            product_id=product.id if product else None,
            quantity=marks.quantity,
            paid=paid,
        )
        return report_of(payment, marks, [fact], aliases)
    if outcome is Outcome.AWAITING:
        return report_of(payment, marks, [Fact(FactKind.AWAITING, created_at, payment)], aliases)
    failed = [Fact(FactKind.FAILED, at, payment)] if outcome is Outcome.FAILED else []
    return report_of(payment, marks, failed, aliases)


def _marks(session: Json) -> Marks:
    marks = read_marks(session.get("metadata"))
    reference = session.get("client_reference_id")
    if not marks.are_ours and isinstance(reference, str) and reference:
        return evolve(marks, purchase_id=reference)
    return marks
