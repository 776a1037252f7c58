"""What all that Google Play sells has in common: names, notifications, and what was voided."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


def text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


class PlayBooks:
    """Each change takes the moment that ``now`` gives, and leaves a notification."""

    def __init__(
        self,
        package_name: str = "com.example.companion",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.package_name = package_name
        self.now = now
        self.packs: dict[str, Json] = {}
        self.subscriptions: dict[str, Json] = {}
        self.orders: dict[str, Json] = {}
        self.voided: list[Json] = []
        self.notifications: list[Json] = []
        self.prices: dict[str, tuple[str, int]] = {}
        """Currency and hundredths that an order of a product costs."""
        self.months: dict[str, int] = {}
        """How long a period of a subscription is, by token."""
        self._count = itertools.count(1)

    def notification(self, **what: object) -> Json:
        """As Google sends it, of this moment; kept as well."""
        sent = {
            "version": "1.0",
            "packageName": self.package_name,
            "eventTimeMillis": str(millis(self.now())),
            **what,
        }
        self.notifications.append(sent)
        return sent

    def _names(self) -> tuple[str, str]:
        number = next(self._count)
        return f"token-{number:04}.AO-J1O{number:08}", f"GPA.{number:04}-0000-0000-00000"

    def _void(self, token: str, order: str, quantity: int | None, product_type: int) -> Json:
        entry: Json = {
            "kind": "androidpublisher#voidedPurchase",
            "purchaseToken": token,
            "orderId": order,
            "voidedTimeMillis": str(millis(self.now())),
            "voidedSource": 0,
            "voidedReason": 1,
        }
        if quantity is not None:
            entry["voidedQuantity"] = quantity
        self.voided.append(entry)
        told = {
            "purchaseToken": token,
            "orderId": order,
            "productType": product_type,
            "refundType": 1 if quantity is None else 2,
        }
        self.notification(voidedPurchaseNotification=told)
        return entry
