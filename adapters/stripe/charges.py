"""What Stripe has on record of charges: their refunds, their disputes, and what they paid."""

from collections.abc import Iterable
from datetime import datetime

from adapters.stripe.api import StripeApi, segment
from adapters.stripe.owners import Owners
from adapters.stripe.payments import (
    charge_amount,
    counts,
    dispute_facts,
    refund_total,
    refund_totals,
)
from adapters.stripe.shapes import Json, id_of, is_whole, moment, money
from domain.market.facts import Fact, FactKind
from domain.market.reports import Parked, Report


class Charges:
    """Asks Stripe for what belongs together."""

    def __init__(self, api: StripeApi, owners: Owners) -> None:
        self._api = api
        self._owners = owners

    async def refunds_of(self, charge_id: str, failed_at: datetime | None = None) -> Report:
        """All refunds of a charge; ``failed_at`` is when one of them failed, if that is known.

        Raises ``Parked`` for a charge that Stripe does not know.
        """
        charge = await self._api.find(f"charges/{segment(charge_id)}")
        if charge is None:
            raise Parked("A refund of a charge that Stripe does not know.")
        owner = await self._owners.of_charge(charge)
        return owner.report(await self.refund_facts(charge, owner.payment, failed_at))

    async def refund_facts(
        self, charge: Json, payment: str, failed_at: datetime | None = None
    ) -> list[Fact]:
        """What was given back of a payment after each refund, and after one that failed."""
        listed = self._api.list_all("refunds", charge=id_of(charge))
        refunds = [one async for one in listed]
        whole = charge_amount(charge)
        facts = list(refund_totals(refunds, whole, payment))
        if failed_at is not None:
            given = [money(one, "amount") for one in refunds if counts(one)]
            total = sum(one.amount for one in given if one)
            facts.append(refund_total(total, whole, payment, failed_at))
        return facts

    async def later_facts(
        self, charge: Json, payment: str, known: Iterable[Fact], now: datetime
    ) -> list[Fact]:
        """Refunds and disputes of a charge that is looked at ``now``."""
        was_refunded = any(
            fact.payment == payment and fact.kind is FactKind.REFUNDED for fact in known
        )
        facts: list[Fact] = []
        if charge.get("amount_refunded"):
            facts += await self.refund_facts(charge, payment)
        elif was_refunded:
            facts.append(Fact(FactKind.REFUND_REVERSED, now, payment=payment))
        if charge.get("disputed"):
            async for dispute in self._api.list_all("disputes", charge=id_of(charge)):
                at = moment(dispute.get("created")) or now
                facts += dispute_facts(dispute, payment, money(charge, "amount"), at)
        return facts

    async def dispute(self, dispute: Json, at: datetime) -> Report:
        """What a dispute says ``at`` this time, and of which payment."""
        charge, intent_id = dispute.get("charge"), id_of(dispute.get("payment_intent"))
        if isinstance(charge, dict):
            owner = await self._owners.of_charge(charge)
        else:
            owner = await self._owners.of_charge_id(id_of(charge), intent_id)
        return owner.report(dispute_facts(dispute, owner.payment, owner.taken, at))

    async def whole_invoice(self, invoice_id: str) -> Json:
        """An invoice with all of its lines; raises ``Parked`` for one that Stripe does not know."""
        path = f"invoices/{segment(invoice_id)}"
        invoice = await self._api.find(path)
        if invoice is None:
            raise Parked("An invoice that Stripe does not know.")
        if is_whole(invoice.get("lines")):
            return invoice
        lines = [line async for line in self._api.list_all(f"{path}/lines")]
        return {**invoice, "lines": {"data": lines}}
