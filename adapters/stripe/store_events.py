"""What Stripe sends by itself: webhooks, signed."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import msgspec

from adapters.stripe import signature
from adapters.stripe.api import Refused, StripeApi
from adapters.stripe.reporting import Catalogues
from adapters.stripe.shapes import ODD, Json, moment
from adapters.stripe.topics import Event, Topics
from application.ports.clock import Clock
from domain.errors import NotGenuine
from domain.market.products import Provider
from domain.market.reports import Parked, Report, StoreEvent

_NAME = re.compile(r"[\w.-]{1,255}", re.ASCII)

Translate = Callable[[Event], Awaitable[Sequence[Report]]]


class StripeEvents:
    """``webhook_secrets`` are several while one is being replaced.

    ``grace`` is how long a subscription stays open while its renewal cannot be had.
    """

    def __init__(
        self,
        api: StripeApi,
        clock: Clock,
        webhook_secrets: Sequence[str],
        catalogue: Catalogues,
        *,
        grace: timedelta = timedelta(days=7),
    ) -> None:
        self._api = api
        self._clock = clock
        self._secrets = tuple(webhook_secrets)
        self._topics = Topics(api, catalogue, grace)

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> StoreEvent:
        header = headers.get("stripe-signature", "")
        signed_at = signature.check(body, header, self._secrets, self._clock.now())
        event = _decode(body)
        name, event_id = event.get("type"), event.get("id")
        if event.get("object", "event") != "event":
            raise NotGenuine("Only whole events are taken, no thin ones.")
        if not _is_name(name) or not _is_name(event_id):
            raise NotGenuine("The event has no type or no id.")
        data = event.get("data")
        if not isinstance(data, Mapping) or not isinstance(data.get("object"), Mapping):
            raise NotGenuine("The event is about nothing.")
        try:
            at = moment(event["created"]) if "created" in event else signed_at
        except ODD:
            at = None
        if at is None:
            raise NotGenuine("The event's time is none.")
        return StoreEvent(Provider.STRIPE, str(event_id), str(name), at, body)

    async def interpret(self, event: StoreEvent) -> Sequence[Report]:
        message = _decode(event.body)
        translate = self._topics.of(event.name)
        if translate is None:
            return ()
        if self._api.is_live and message.get("livemode") is not True:
            raise Parked("An event of test mode, while the key is for real money.")
        if message.get("account") is not None:
            # Stripe names one only where it is not ours: what was paid there, others have.
            raise Parked("An event of a connected account, whose money is not ours.")
        data = message["data"]
        previous = data.get("previous_attributes")
        try:
            return await translate(
                Event(
                    name=event.name,
                    at=event.at,
                    thing=data["object"],
                    previous=previous if isinstance(previous, Mapping) else {},
                )
            )
        except Refused:
            raise Parked("Stripe refuses to tell what an event leaves out.") from None
        except ODD:
            raise Parked("An event that cannot be read.") from None


def _decode(body: bytes) -> Json:
    try:
        event = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotGenuine("The event is not JSON.") from None
    if not isinstance(event, dict):
        raise NotGenuine("The event is not an object.")
    return event


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None
