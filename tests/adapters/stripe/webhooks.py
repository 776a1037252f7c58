"""Webhooks as Stripe sends them, and what becomes of them."""

import json
import time
from collections.abc import Iterable
from typing import Any

from adapters.stripe.store_events import StripeEvents
from domain.market.reports import Report, StoreEvent
from tests.adapters.stripe.shop import SECRET
from tests.loopback.stripe_objects import Json
from tests.loopback.stripe_signature import sign


def event(name: str, thing: Json, **changes: Any) -> Json:
    """An event of now, about a thing."""
    data: Json = {"object": thing}
    if (previous := changes.pop("previous", None)) is not None:
        data["previous_attributes"] = previous
    return {
        "id": f"evt_{name}_{thing.get('id', '')}",
        "object": "event",
        "type": name,
        "created": int(time.time()),
        "livemode": False,
        "data": data,
    } | changes


async def receive(events: StripeEvents, message: Json) -> StoreEvent:
    body = json.dumps(message).encode()
    header = sign(body, SECRET, time.time())
    return await events.receive(body, {"stripe-signature": header})


async def tell(events: StripeEvents, name: str, thing: Json, **changes: Any) -> list[Report]:
    """What an event says."""
    message = event(name, thing, **changes)
    return list(await events.interpret(await receive(events, message)))


async def told(events: StripeEvents, messages: Iterable[Json]) -> list[Report]:
    """What many events say, each checked and read as it would be."""
    reports: list[Report] = []
    for message in messages:
        reports += await events.interpret(await receive(events, message))
    return reports
