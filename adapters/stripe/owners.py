"""Finding what a charge was for: refunds and disputes name the charge, not the purchase."""

from collections.abc import Iterable

from attrs import frozen

from adapters.stripe.api import StripeApi, segment
from adapters.stripe.reporting import report_of
from adapters.stripe.shapes import (
    UNMARKED,
    Json,
    Marks,
    id_of,
    invoice_marks,
    invoice_subscription,
    items,
    known,
    money,
    read_marks,
)
from domain.market.facts import Fact
from domain.market.products import Money
from domain.market.reports import Report


@frozen
class Owner:
    """``payment`` is what its facts name: the intent of a pack, the invoice of a subscription.

    ``taken`` is what was paid, if it was looked up.
    """

    reference: str
    payment: str
    marks: Marks = UNMARKED
    aliases: tuple[str, ...] = ()
    taken: Money | None = None
    is_invoice: bool = False

    def report(self, facts: Iterable[Fact]) -> Report:
        """What Stripe says of a payment of its."""
        return report_of(self.reference, self.marks, facts, (self.payment, *self.aliases))


class Owners:
    """Asks Stripe only for what a message does not say."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    async def of_charge(self, charge: Json) -> Owner:
        """By a charge as a whole: it has what we wrote on its intent."""
        intent, charge_id = id_of(charge.get("payment_intent")), id_of(charge)
        marks = read_marks(charge.get("metadata"))
        taken = money(charge, "amount")
        if marks.are_ours:
            reference = intent or charge_id
            return Owner(reference, reference, marks, known(charge_id), taken)
        if invoice := charge.get("invoice"):
            return await self.of_invoice(id_of(invoice), known(charge_id, intent), taken)
        if intent:
            return await self.of_intent(intent, known(charge_id))
        return Owner(charge_id, charge_id, aliases=known(charge_id), taken=taken)

    async def of_charge_id(self, charge_id: str, intent_id: str) -> Owner:
        """By what a refund or a dispute names."""
        if intent_id:
            return await self.of_intent(intent_id, known(charge_id))
        charge = await self._api.find(f"charges/{segment(charge_id)}") if charge_id else None
        if charge is None:
            return Owner(charge_id, charge_id)
        return await self.of_charge(charge)

    async def of_intent(self, intent_id: str, aliases: tuple[str, ...] = ()) -> Owner:
        """By the id of a payment intent; what Stripe does not know may still be known to us."""
        intent = await self._api.find(f"payment_intents/{segment(intent_id)}")
        if intent is None:
            return Owner(intent_id, intent_id, aliases=aliases)
        marks = read_marks(intent.get("metadata"))
        taken = money(intent, "amount_received", "amount")
        if not marks.are_ours and (invoice := await self._invoice_of(intent)):
            return await self.of_invoice(invoice, known(intent_id, *aliases), taken)
        return Owner(intent_id, intent_id, marks, aliases, taken)

    async def of_invoice(
        self, invoice_id: str, aliases: tuple[str, ...], taken: Money | None
    ) -> Owner:
        """By the id of an invoice."""
        invoice = await self._api.find(f"invoices/{segment(invoice_id)}") or {}
        reference = invoice_subscription(invoice) or invoice_id
        return Owner(
            reference,
            invoice_id,
            invoice_marks(invoice),
            known(invoice_id, *aliases),
            taken,
            is_invoice=True,
        )

    async def _invoice_of(self, intent: Json) -> str:
        if invoice := id_of(intent.get("invoice")):
            return invoice
        payment = {"type": "payment_intent", "payment_intent": id_of(intent)}
        found = await self._api.find("invoice_payments", payment=payment)
        return next((id_of(one.get("invoice")) for one in items(found)), "")
