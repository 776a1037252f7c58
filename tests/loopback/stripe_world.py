"""What Stripe knows and does: money that moves, periods that pass, and events about all of it.

The API (``stripe_api``) makes things; people, banks and time do the rest here. Each of the public
methods returns the events that it caused, in the order of their happening.
"""

import time
from collections.abc import Callable
from typing import Any

from tests.loopback import stripe_objects as make
from tests.loopback.stripe_objects import Json, Price, Refusal, later
from tests.loopback.stripe_shapes import NEW, VERSIONS, render

Emit = Callable[[Json], None]


class StripeWorld:
    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._count = 0
        self.things: dict[str, Json] = {}
        self.prices: dict[str, Price] = {}
        self.events: list[Json] = []
        self.shape = NEW
        self.livemode = False
        self.offset = 0

    def now(self) -> int:
        return int(time.time()) + self.offset

    def add(self, thing: Json) -> Json:
        """Keep a new thing."""
        full: Json = {"created": self.now(), "livemode": self.livemode} | thing
        self.things[full["id"]] = full
        return full

    def new_id(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}_{self._count:08d}{time.time_ns():x}"

    def get(self, identifier: str, param: str | None = "id") -> Json:
        try:
            return self.things[identifier]
        except KeyError:
            raise Refusal(404, "resource_missing", param) from None

    def of(self, kind: str, **fields: Any) -> list[Json]:
        """Things of a kind, the newest first."""
        found = [
            thing
            for thing in reversed(self.things.values())
            if thing["object"] == kind
            and all(thing.get(name) == value for name, value in fields.items())
        ]
        return sorted(found, key=lambda thing: -thing["created"])

    def tell(self, name: str, thing: Json, previous: Json | None = None) -> Json:
        data: Json = {"object": render(thing, self.shape)}
        if previous is not None:
            data["previous_attributes"] = previous
        event = {
            "id": self.new_id("evt"),
            "object": "event",
            "api_version": VERSIONS[self.shape],
            "created": self.now(),
            "livemode": self.livemode,
            "type": name,
            "data": data,
        }
        self.events.append(event)
        self._emit(event)
        return event

    # Payments ------------------------------------------------------------------------------

    def pay(self, id: str) -> list[Json]:  # noqa: A002 - Stripe's word
        """The person pays what is open: a payment intent, a session, or a first invoice."""
        thing = self.get(id)
        if thing["status"] in {"expired", "canceled", "incomplete_expired"}:
            raise Refusal(400, "resource_invalid_state")
        if thing["object"] == "checkout.session":
            return self._pay_session(thing)
        if thing["object"] == "subscription":
            return self._pay_invoice(self.get(thing["latest_invoice"]))
        if thing["_invoice"]:
            return self._pay_invoice(self.get(thing["_invoice"]))
        return self._succeed(thing)

    def process(self, id: str) -> list[Json]:  # noqa: A002 - Stripe's word
        """A bank transfer begins; ``pay`` or ``fail`` ends it."""
        thing = self.get(id)
        if thing["object"] == "checkout.session":
            self._intent_of(thing)
            thing |= {"status": "complete", "payment_status": "unpaid"}
            return [self.tell("checkout.session.completed", thing)]
        thing["status"] = "processing"
        return [self.tell("payment_intent.processing", thing)]

    def fail(self, id: str) -> list[Json]:  # noqa: A002 - Stripe's word
        thing = self.get(id)
        if thing["object"] == "checkout.session":
            return [self.tell("checkout.session.async_payment_failed", thing)]
        if thing["object"] == "subscription":
            invoice = self.get(thing["latest_invoice"])
            invoice["attempt_count"] += 1
            return [self.tell("invoice.payment_failed", invoice)]
        thing |= {"status": "requires_payment_method", "last_payment_error": {"code": "declined"}}
        return [self.tell("payment_intent.payment_failed", thing)]

    def expire(self, id: str) -> list[Json]:  # noqa: A002 - Stripe's word
        session = self.get(id)
        if session["status"] != "open":
            raise Refusal(400, "resource_invalid_state")
        session["status"] = "expired"
        return [self.tell("checkout.session.expired", session)]

    def void(self, id: str) -> list[Json]:  # noqa: A002 - Stripe's word
        """What is open is never paid; a subscription that began with it never runs."""
        invoice = self.get(id)
        if invoice["status"] != "open" or self.get(invoice["_intent"])["status"] == "processing":
            raise Refusal(400, "invoice_not_editable")
        invoice["status"] = "void"
        self.get(invoice["_intent"])["status"] = "canceled"
        told = [self.tell("invoice.voided", invoice)]
        subscribed = self.get(invoice["parent"]["subscription_details"]["subscription"])
        if subscribed["status"] == "incomplete":
            told += self.set_status(subscribed["id"], "incomplete_expired")
        return told

    def refund(self, id: str, amount: int | None = None) -> list[Json]:  # noqa: A002
        charge = self.charge_of(id)
        part = charge["amount"] - charge["amount_refunded"] if amount is None else int(amount)
        refund = self.add(
            {
                "id": self.new_id("re"),
                "object": "refund",
                "amount": part,
                "charge": charge["id"],
                "payment_intent": charge["payment_intent"],
                "currency": charge["currency"],
                "status": "succeeded",
            }
        )
        charge["amount_refunded"] += part
        charge["refunded"] = charge["amount_refunded"] >= charge["amount"]
        return [self.tell("refund.created", refund), self.tell("charge.refunded", charge)]

    def fail_refund(self, id: str) -> list[Json]:  # noqa: A002 - Stripe's word
        refund = self.get(id)
        charge = self.get(refund["charge"])
        refund["status"] = "failed"
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        return [self.tell("refund.updated", refund), self.tell("refund.failed", refund)]

    def dispute(self, id: str, status: str = "needs_response") -> list[Json]:  # noqa: A002
        charge = self.charge_of(id)
        charge["disputed"] = True
        dispute = self.add(
            {
                "id": self.new_id("dp"),
                "object": "dispute",
                "amount": charge["amount"],
                "currency": charge["currency"],
                "charge": charge["id"],
                "payment_intent": charge["payment_intent"],
                "status": status,
                "reason": "fraudulent",
                "metadata": {},
            }
        )
        return [self.tell("charge.dispute.created", dispute)]

    def close_dispute(self, id: str, status: str) -> list[Json]:  # noqa: A002 - Stripe's word
        dispute = self.get(id)
        dispute["status"] = status
        return [self.tell("charge.dispute.closed", dispute)]

    def charge_of(self, identifier: str) -> Json:
        """The charge of a payment intent, a session, an invoice or a subscription."""
        thing = self.get(identifier)
        if thing["object"] == "subscription":
            thing = self.get(thing["latest_invoice"])
        intent = {"invoice": "_intent", "checkout.session": "payment_intent"}
        if name := intent.get(thing["object"]):
            thing = self.get(thing[name])
        return self.get(thing["latest_charge"])

    def _charge(self, intent: Json) -> Json:
        charge = self.add(make.charge(intent, id=self.new_id("ch")))
        intent |= {
            "status": "succeeded",
            "amount_received": intent["amount"],
            "latest_charge": charge["id"],
            "last_payment_error": None,
        }
        return charge

    def _succeed(self, intent: Json) -> list[Json]:
        charge = self._charge(intent)
        return [
            self.tell("charge.succeeded", charge),
            self.tell("payment_intent.succeeded", intent),
        ]

    def _intent_of(self, session: Json) -> Json:
        if session["payment_intent"]:
            return self.get(session["payment_intent"])
        intent = self.add(
            make.intent(
                id=self.new_id("pi"),
                amount=session["amount_total"],
                currency=session["currency"],
                customer=session["customer"],
                metadata=session["_inner_metadata"],
            )
        )
        session["payment_intent"] = intent["id"]
        return intent

    def _pay_session(self, session: Json) -> list[Json]:
        was_complete = session["status"] == "complete"
        if session["mode"] == "subscription":
            subscribed = self.subscribe(
                session["customer"], session["_price"], session["_inner_metadata"]
            )
            session |= {"subscription": subscribed["id"], "invoice": subscribed["latest_invoice"]}
            told = [self.tell("customer.subscription.created", subscribed)]
            told += self._pay_invoice(self.get(subscribed["latest_invoice"]))
        else:
            told = self._succeed(self._intent_of(session))
        session |= {"status": "complete", "payment_status": "paid"}
        name = "async_payment_succeeded" if was_complete else "completed"
        return [*told, self.tell(f"checkout.session.{name}", session)]

    # Subscriptions -------------------------------------------------------------------------

    def subscribe(self, customer: str, price_id: str, metadata: Json) -> Json:
        price = self.price(price_id)
        subscribed = self.add(
            make.subscription(
                price,
                self.now(),
                id=self.new_id("sub"),
                customer=customer,
                metadata=metadata,
            )
        )
        item = subscribed["items"]["data"][0]
        period = item["current_period_start"], item["current_period_end"]
        self.bill(subscribed, "subscription_create", [make.line(subscribed, price, *period)])
        return subscribed

    def price(self, price_id: str) -> Price:
        try:
            return self.prices[price_id]
        except KeyError:
            raise Refusal(400, "resource_missing", "items[0][price]") from None

    def bill(self, subscribed: Json, reason: str, lines: list[Json]) -> Json:
        """A new invoice with a payment intent to pay it by."""
        invoice = make.invoice(subscribed, reason, lines, id=self.new_id("in"))
        intent = make.intent(
            id=self.new_id("pi"),
            amount=invoice["total"],
            currency=invoice["currency"],
            customer=subscribed["customer"],
            _invoice=invoice["id"],
        )
        invoice["_intent"] = self.add(intent)["id"]
        subscribed["latest_invoice"] = invoice["id"]
        return self.add(invoice)

    def renew(self, id: str) -> list[Json]:  # noqa: A002 - Stripe's word
        """The period passes, and the next is paid; or what was left unpaid, is paid."""
        subscribed = self.get(id)
        latest = self.get(subscribed["latest_invoice"])
        if latest["status"] == "open":
            return self._pay_invoice(latest)
        if subscribed["cancel_at_period_end"]:
            return self.cancel_now(id)
        return self._pay_invoice(self._next_invoice(subscribed))

    def fail_renewal(self, id: str) -> list[Json]:  # noqa: A002 - Stripe's word
        subscribed = self.get(id)
        invoice = self.get(subscribed["latest_invoice"])
        if invoice["status"] != "open":
            invoice = self._next_invoice(subscribed)
        invoice["attempt_count"] += 1
        before = subscribed["status"]
        subscribed["status"] = "past_due"
        told = [self.tell("invoice.payment_failed", invoice)]
        return [
            *told,
            self.tell("customer.subscription.updated", subscribed, {"status": before}),
        ]

    def set_status(self, id: str, status: str) -> list[Json]:  # noqa: A002 - Stripe's word
        subscribed = self.get(id)
        before, subscribed["status"] = subscribed["status"], status
        return [self.tell("customer.subscription.updated", subscribed, {"status": before})]

    def cancel_now(self, id: str) -> list[Json]:  # noqa: A002 - Stripe's word
        subscribed = self.get(id)
        if subscribed["status"] == "canceled":
            raise Refusal(404, "resource_missing", "id")
        now = self.now()
        subscribed |= {
            "status": "canceled",
            "ended_at": now,
            "canceled_at": subscribed["canceled_at"] or now,
        }
        return [self.tell("customer.subscription.deleted", subscribed)]

    def upgrade(self, subscribed: Json, price: Price) -> Json:
        """A whole new period from now on, less what is left of the old one; paid at once."""
        item, now = subscribed["items"]["data"][0], self.now()
        old = self.price(item["price"]["id"])
        start, end = item["current_period_start"], item["current_period_end"]
        unused = -(old.amount * max(0, end - now) // (end - start))
        new_end = later(now, price.months)
        item["price"] = {"id": price.id, "object": "price", "unit_amount": price.amount}
        item |= {"current_period_start": now, "current_period_end": new_end}
        lines = [
            make.line(subscribed, old, now, end, unused),
            make.line(subscribed, price, now, new_end),
        ]
        invoice = self.bill(subscribed, "subscription_update", lines)
        self._pay_invoice(invoice)
        return invoice

    def _next_invoice(self, subscribed: Json) -> Json:
        item = subscribed["items"]["data"][0]
        price = self.price(item["price"]["id"])
        start = item["current_period_end"]
        end = later(start, price.months)
        item |= {"current_period_start": start, "current_period_end": end}
        # What a schedule holds comes into force.
        if subscribed["schedule"]:
            schedule = self.get(subscribed["schedule"])
            price = self.price(schedule["phases"][-1]["items"][0]["price"])
            item["price"] = {"id": price.id, "object": "price", "unit_amount": price.amount}
            end = item["current_period_end"] = later(start, price.months)
            schedule["status"], subscribed["schedule"] = "released", None
        line = make.line(subscribed, price, start, end)
        return self.bill(subscribed, "subscription_cycle", [line])

    def _pay_invoice(self, invoice: Json) -> list[Json]:
        subscribed = self.get(invoice["parent"]["subscription_details"]["subscription"])
        charge = self._charge(self.get(invoice["_intent"]))
        invoice |= {
            "status": "paid",
            "amount_paid": invoice["total"],
            "attempt_count": invoice["attempt_count"] + 1,
            "status_transitions": {"paid_at": self.now()},
            "_charge": charge["id"],
        }
        before, subscribed["status"] = subscribed["status"], "active"
        told = [
            self.tell("charge.succeeded", charge),
            self.tell("payment_intent.succeeded", self.get(invoice["_intent"])),
            self.tell("invoice.paid", invoice),
            self.tell("invoice.payment_succeeded", invoice),
        ]
        if before != "active":
            previous = {"status": before}
            told.append(self.tell("customer.subscription.updated", subscribed, previous))
        return told
