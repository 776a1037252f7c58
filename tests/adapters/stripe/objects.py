"""Objects as webhooks carry them, cut down to what is read."""

import time
from typing import Any

from tests.loopback.stripe_objects import Json

MARKS = {"purchase_id": "pur_1", "user_id": "usr_1", "product_id": "large"}
PAID_AT = int(time.time()) - 3600


def intent(**changes: Any) -> Json:
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 1000,
        "amount_received": 1000,
        "currency": "usd",
        "status": "succeeded",
        "created": PAID_AT,
        "metadata": MARKS,
        "latest_charge": "ch_1",
    } | changes


def charge(**changes: Any) -> Json:
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": 1000,
        "amount_captured": 1000,
        "amount_refunded": 300,
        "currency": "usd",
        "created": PAID_AT,
        "metadata": MARKS,
        "payment_intent": "pi_1",
    } | changes


def dispute(status: str, **changes: Any) -> Json:
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": 1000,
        "currency": "usd",
        "status": status,
        "created": PAID_AT + 60,
        "charge": charge(),
        "payment_intent": "pi_1",
    } | changes


def session(**changes: Any) -> Json:
    return {
        "id": "cs_1",
        "object": "checkout.session",
        "mode": "payment",
        "status": "complete",
        "payment_status": "paid",
        "amount_total": 1000,
        "currency": "usd",
        "created": PAID_AT,
        "metadata": MARKS,
        "payment_intent": "pi_1",
    } | changes
