"""What Google says of a pack: something bought once, of which several units may be given back.

A pack is one payment for each product in its order: the order, or the purchase token where there
is no order (a promotion code). Google names no price here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import frozen

from adapters.google.wire import ProductLine, ProductPurchase, VoidedPurchase
from adapters.google.words import UNTOLD, moment, owner_of
from domain.market.facts import WHOLE, Fact, FactKind, Share
from domain.market.products import Catalogue, Product, Provider
from domain.market.reports import Errand, ErrandKind, Parked, Report


@frozen
class Voiding:
    """That something was given back. ``quantity`` None: all of the order.

    ``in_all`` counts the units of the order that were given back by then, this one included, as
    far as is known.
    """

    at: datetime
    order: str
    quantity: int | None = None
    in_all: int = 0


def voidings(listed: Iterable[VoidedPurchase]) -> dict[tuple[str, str], tuple[Voiding, ...]]:
    """What a list of voided purchases says, by token and order, in order of time.

    Pages overlap, so the same entry may be there more than once: it is one.
    """
    entries: dict[tuple[str, str], set[tuple[int, int | None]]] = {}
    for one in listed:
        key = (one.purchase_token, one.order_id)
        entries.setdefault(key, set()).add((one.voided_time_millis, one.voided_quantity))
    return {
        (token, order): tuple(_counted(order, of_order))
        for (token, order), of_order in entries.items()
    }


def _counted(order: str, entries: set[tuple[int, int | None]]) -> Iterable[Voiding]:
    total = 0
    for millis, quantity in sorted(entries, key=lambda entry: (entry[0], entry[1] or 0)):
        total += quantity or 0
        yield Voiding(moment(millis), order, quantity, total)


def read_pack(
    token: str,
    bought: ProductPurchase,
    catalogue: Catalogue,
    now: datetime,
    *,
    given_back: Sequence[Voiding] = (),
    cancelled_at: datetime | None = None,
    known: Sequence[Fact] = (),
) -> Report:
    """All that is so. ``given_back`` is what was voided of it, as far as that is known.

    ``cancelled_at`` is when a payment was given up, if a message says so; ``known`` is what we
    know of it already. Raises ``Parked`` for what cannot be understood. The fact of a refund
    counts all units that are given back by now, so a message that comes late says more than it
    did, and never less than an earlier one.
    """
    state = bought.purchase_state_context.purchase_state
    lines = _lines(bought, catalogue)
    store_token, user_id = owner_of(bought.obfuscated_external_account_id)
    paid_at = bought.purchase_completion_time
    is_paid = state == "PURCHASED" or (state == "CANCELLED" and paid_at is not None)
    facts: list[Fact] = []
    errands: list[Errand] = []
    if is_paid:
        # Of several products, nobody says which one a number of units was of.
        told = [one for one in given_back if one.quantity is None or len(lines) == 1]
        for line, product, payment in _payments(token, bought, lines):
            at = paid_at or now
            since = max((fact.at for fact in known if fact.payment == payment), default=at)
            is_cancelled = state == "CANCELLED"
            facts.append(_paid(line, product, payment, at))
            facts += _given_back(line, payment, is_cancelled=is_cancelled, since=since, told=told)
            if not is_cancelled and not _is_consumed(line):
                errands.append(_consume(token, payment, line))
    elif state == "PENDING":
        facts.append(Fact(FactKind.AWAITING, UNTOLD))
    elif state == "CANCELLED":
        facts.append(Fact(FactKind.FAILED, cancelled_at or UNTOLD))
    else:
        raise Parked("Google calls the state of a purchase by a name that is not known here.")
    return Report(
        provider=Provider.GOOGLE,
        reference=token,
        facts=tuple(facts),
        aliases=(bought.order_id,) if bought.order_id else (),
        product_id=lines[0][1].id,
        store_token=store_token,
        user_id=user_id,
        errands=tuple(errands),
    )


def read_voided(token: str, given_back: Sequence[Voiding]) -> Report:
    """What voidings alone say, for purchases that are no packs, or that Google has forgotten.

    How many units there were is not known then, so a part is not told.
    """
    orders = {voided.order for voided in given_back}
    facts = tuple(
        Fact(FactKind.REFUNDED, voided.at, payment=voided.order or token, share=WHOLE)
        for voided in given_back
        if voided.quantity is None
    )
    return Report(Provider.GOOGLE, token, facts, aliases=tuple(sorted(orders - {""})))


def _lines(bought: ProductPurchase, catalogue: Catalogue) -> list[tuple[ProductLine, Product]]:
    lines = []
    for line in bought.product_line_item:
        product = catalogue.find(Provider.GOOGLE, line.product_id)
        if product is None or product.is_subscription:
            raise Parked("A product that Google sold is not in the catalogue.")
        lines.append((line, product))
    if not lines:
        raise Parked("Google does not say what was bought.")
    return lines


def _payments(
    token: str, bought: ProductPurchase, lines: list[tuple[ProductLine, Product]]
) -> list[tuple[ProductLine, Product, str]]:
    """Each line with its payment's id: the order's, and the product's too if there are several."""
    order = bought.order_id or token
    is_one = len(lines) == 1
    return [
        (line, product, order if is_one else f"{order}:{line.product_id}")
        for line, product in lines
    ]


def _paid(line: ProductLine, product: Product, payment: str, at: datetime) -> Fact:
    quantity = max(1, line.product_offer_details.quantity)
    return Fact(FactKind.PAID, at, payment=payment, product_id=product.id, quantity=quantity)


def _given_back(
    line: ProductLine, payment: str, *, is_cancelled: bool, since: datetime, told: Sequence[Voiding]
) -> list[Fact]:
    """The refunds of one line, each with the total then; the last with all that is known now.

    Without a voiding they have the time ``since``: it is the latest that is known.
    """
    details = line.product_offer_details
    quantity = max(1, details.quantity)
    left = quantity if details.refundable_quantity is None else details.refundable_quantity
    by_now = quantity if is_cancelled else min(max(quantity - left, 0), quantity)
    totals = [
        (one.at, quantity if one.quantity is None else min(one.in_all, quantity)) for one in told
    ] or [(since, 0)]
    last_at, last_total = totals[-1]
    totals[-1] = last_at, max(last_total, by_now)
    return [
        Fact(FactKind.REFUNDED, at, payment=payment, share=Share(total, quantity))
        for at, total in totals
        if total
    ]


def _is_consumed(line: ProductLine) -> bool:
    return line.product_offer_details.consumption_state == "CONSUMPTION_STATE_CONSUMED"


def _consume(token: str, payment: str, line: ProductLine) -> Errand:
    return Errand(
        ErrandKind.CONSUME,
        Provider.GOOGLE,
        token,
        payment=payment,
        store_product=line.product_id,
    )
