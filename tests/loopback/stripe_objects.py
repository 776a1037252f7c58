"""Stripe's objects as its API describes them, in the shape since "basil"."""

from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from domain.market.calendar import add_months

Json = dict[str, Any]


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, param: str | None = None) -> None:
        super().__init__(code)
        self.status = status
        kind = "card_error" if status == 402 else "invalid_request_error"
        self.body = {"error": {"type": kind, "code": code, "param": param, "message": "No."}}


@frozen
class Price:
    id: str
    amount: int
    currency: str = "usd"
    months: int = 1


def page(data: list[Json], *, has_more: bool = False) -> Json:
    return {"object": "list", "data": data, "has_more": has_more}


def intent(**fields: Any) -> Json:
    return {
        "object": "payment_intent",
        "amount_received": 0,
        "status": "requires_payment_method",
        "latest_charge": None,
        "last_payment_error": None,
        "canceled_at": None,
        "metadata": {},
        "client_secret": fields["id"] + "_secret_x",
        "_invoice": None,
    } | fields


def charge(paid: Json, **fields: Any) -> Json:
    return {
        "object": "charge",
        "amount": paid["amount"],
        "amount_captured": paid["amount"],
        "amount_refunded": 0,
        "refunded": False,
        "disputed": False,
        "paid": True,
        "status": "succeeded",
        "currency": paid["currency"],
        "customer": paid["customer"],
        "payment_intent": paid["id"],
        "metadata": dict(paid["metadata"]),
        "_invoice": paid["_invoice"],
    } | fields


def subscription(price: Price, start: int, **fields: Any) -> Json:
    item = {
        "id": "si_" + fields["id"],
        "object": "subscription_item",
        "quantity": 1,
        "price": {"id": price.id, "object": "price", "unit_amount": price.amount},
        "current_period_start": start,
        "current_period_end": later(start, price.months),
    }
    return {
        "object": "subscription",
        "status": "incomplete",
        "items": page([item]),
        "cancel_at_period_end": False,
        "cancel_at": None,
        "canceled_at": None,
        "ended_at": None,
        "latest_invoice": None,
        "schedule": None,
        "start_date": start,
        "metadata": {},
    } | fields


def invoice(subscribed: Json, reason: str, lines: list[Json], **fields: Any) -> Json:
    total = max(0, sum(line["amount"] for line in lines))
    return {
        "object": "invoice",
        "status": "open",
        "billing_reason": reason,
        "customer": subscribed["customer"],
        "currency": lines[0]["currency"],
        "total": total,
        "amount_due": total,
        "amount_paid": 0,
        "attempt_count": 0,
        "status_transitions": {"paid_at": None},
        "parent": {
            "type": "subscription_details",
            "subscription_details": {
                "subscription": subscribed["id"],
                "metadata": dict(subscribed["metadata"]),
            },
        },
        "lines": page(lines),
        "_intent": None,
        "_charge": None,
    } | fields


def line(subscribed: Json, price: Price, start: int, end: int, amount: int | None = None) -> Json:
    """``amount`` makes it a credit or charge for a part of the period."""
    return {
        "id": f"il_{price.id}_{start}",
        "object": "line_item",
        "amount": price.amount if amount is None else amount,
        "currency": price.currency,
        "quantity": 1,
        "metadata": dict(subscribed["metadata"]),
        "period": {"start": start, "end": end},
        "pricing": {"type": "price_details", "price_details": {"price": price.id}},
        "parent": {
            "type": "subscription_item_details",
            "subscription_item_details": {
                "subscription": subscribed["id"],
                "proration": amount is not None,
            },
        },
    }


def later(start: int, months: int) -> int:
    return int(add_months(datetime.fromtimestamp(start, UTC), months).timestamp())
