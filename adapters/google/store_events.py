"""What Google Play tells us by itself: that something has changed. What it is, we ask."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from adapters.google.notifications import (
    Change,
    DeveloperNotification,
    SubscriptionChange,
    Voided,
    read_push,
)
from adapters.google.packs import Voiding
from adapters.google.play_api import PlayApi
from adapters.google.purchases import Purchases, UnknownPurchase
from adapters.google.push_keys import PushKeys
from adapters.google.push_token import PushTokens
from adapters.google.subscriptions import Told
from application.ports.clock import Clock
from domain.market.products import Catalogue, Provider
from domain.market.reports import Parked, Report, StoreEvent

_OF_SUBSCRIPTION = 1
_PARTIAL = 2
_GIVEN_UP = 2
"""Of a one-time product: a payment that was under way was given up."""
_AROUND = timedelta(days=1)
"""How long before its notification a purchase may have been listed as voided."""


class GoogleEvents:
    """Receives Pub/Sub's pushes, and asks the Play Developer API what they mean.

    ``audience`` and ``email`` are the push subscription's; ``certificates_url`` is where Google's
    keys are. Raises ``ValueError`` without an audience or an e-mail.
    """

    def __init__(
        self,
        api: PlayApi,
        catalogue: Callable[[], Awaitable[Catalogue]],
        clock: Clock,
        *,
        audience: str,
        email: str,
        certificates_url: str | None = None,
        allow_test_purchases: bool = False,
        fetch_seconds: float = 2.0,
    ) -> None:
        keys = PushKeys(certificates_url, clock, fetch_seconds=fetch_seconds)
        self._tokens = PushTokens(keys, clock, audience=audience, email=email)
        self._purchases = Purchases(api, catalogue, clock, takes_tests=allow_test_purchases)
        self._clock = clock

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> StoreEvent:
        await self._tokens.check(headers.get("authorization"))
        pushed = read_push(body)
        at = pushed.at or self._clock.now()
        return StoreEvent(Provider.GOOGLE, pushed.id, pushed.name, at, body)

    async def interpret(self, event: StoreEvent) -> Sequence[Report]:
        notification = read_push(event.body).notification
        if notification.package_name != self._purchases.package_name:
            raise Parked("The notification is about another app.")
        try:
            return await self._reports(notification, event.at)
        except UnknownPurchase:
            raise Parked("Google does not know the purchase that its message is about.") from None

    async def _reports(self, told: DeveloperNotification, at: datetime) -> Sequence[Report]:
        if told.subscription_notification is not None:
            return await self._subscription(told.subscription_notification, at)
        if told.one_time_product_notification is not None:
            change = told.one_time_product_notification
            is_given_up = change.notification_type == _GIVEN_UP
            token = _token(change.purchase_token)
            return [await self._purchases.pack(token, cancelled_at=at if is_given_up else None)]
        if told.voided_purchase_notification is not None:
            return await self._voided(told.voided_purchase_notification, at)
        return []

    async def _subscription(self, change: Change, at: datetime) -> Sequence[Report]:
        kind = str(change.notification_type)
        known = Told(
            cancelled_at=at if kind == SubscriptionChange.CANCELED else None,
            restarted_at=at if kind == SubscriptionChange.RESTARTED else None,
        )
        return await self._purchases.subscription(_token(change.purchase_token), known)

    async def _voided(self, told: Voided, at: datetime) -> Sequence[Report]:
        """A part is asked for: the message does not say how many units it was."""
        token = _token(told.purchase_token)
        given_back: tuple[Voiding, ...] = (Voiding(at, told.order_id),)
        if told.refund_type == _PARTIAL:
            listed = self._purchases.list_voided(at - _AROUND, self._clock.now())
            given_back = tuple(
                [one async for of, voided in listed if of == token for one in voided]
            )
        is_subscription = told.product_type == _OF_SUBSCRIPTION
        return [await self._purchases.voided(token, given_back, is_subscription=is_subscription)]


def _token(text: str) -> str:
    if not text:
        raise Parked("Google's message does not say which purchase it is about.")
    return text
