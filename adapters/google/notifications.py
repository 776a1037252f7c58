"""Pub/Sub's pushes, and Google Play's notifications inside them."""

from base64 import b64decode
from binascii import Error as Base64Error
from datetime import datetime
from enum import StrEnum

import msgspec
from attrs import frozen

from adapters.google.wire import Moment, decode
from adapters.google.words import moment
from domain.errors import InvalidRequest

LONGEST_ID = 256


class Change(msgspec.Struct, rename="camel", frozen=True):
    """Something happened to a purchase; what it was, a number says that need not be known."""

    purchase_token: str = ""
    notification_type: int = 0


class Voided(msgspec.Struct, rename="camel", frozen=True):
    """``product_type`` 1: of a subscription. ``refund_type`` 2: only some of several units."""

    purchase_token: str = ""
    order_id: str = ""
    product_type: int = 0
    refund_type: int = 1


class DeveloperNotification(msgspec.Struct, rename="camel", frozen=True):
    """One of the four is there; others may be added."""

    package_name: str
    event_time_millis: int = 0
    subscription_notification: Change | None = None
    one_time_product_notification: Change | None = None
    voided_purchase_notification: Voided | None = None
    test_notification: dict[str, object] | None = None


class _Message(msgspec.Struct, frozen=True):
    data: str
    messageId: str | int  # noqa: N815 - Google's name for it
    publishTime: Moment | None = None  # noqa: N815 - the same


class _Push(msgspec.Struct, frozen=True):
    message: _Message


class SubscriptionChange(StrEnum):
    """The kinds that tell more than that something changed."""

    CANCELED = "3"
    RESTARTED = "7"


@frozen
class Pushed:
    """A push, read. ``at`` is when what it is about happened, or when it was published."""

    id: str
    at: datetime | None
    notification: DeveloperNotification

    @property
    def name(self) -> str:
        """What it is about, in Google's words."""
        told = self.notification
        if told.subscription_notification is not None:
            return f"subscriptionNotification.{told.subscription_notification.notification_type}"
        if told.one_time_product_notification is not None:
            kind = told.one_time_product_notification.notification_type
            return f"oneTimeProductNotification.{kind}"
        if told.voided_purchase_notification is not None:
            return "voidedPurchaseNotification"
        return "testNotification" if told.test_notification is not None else "unknown"


def read_push(body: bytes) -> Pushed:
    """Raises ``InvalidRequest`` for what is no push of a notification."""
    try:
        message = decode(body, _Push).message
        data = b64decode(message.data, validate=True)
        notification = decode(data, DeveloperNotification)
        millis = notification.event_time_millis
        at = moment(millis) if millis else message.publishTime
    except (msgspec.DecodeError, Base64Error, ValueError, RecursionError):
        raise _odd() from None
    message_id = str(message.messageId)
    if not 0 < len(message_id) <= LONGEST_ID or "\0" in message_id:
        raise _odd()
    return Pushed(message_id, at, notification)


def _odd() -> InvalidRequest:
    return InvalidRequest("The body is not a notification from Google Play.")
