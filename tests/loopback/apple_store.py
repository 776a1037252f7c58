"""The App Store as the outside world sees it: it sells, it signs, and it notifies.

``store = AppleStore()`` has a chain of its own. ``store.pack("credits_100", token=…)`` and
``store.period(…)`` are transactions as dictionaries with Apple's fields; any field can be given or
changed, None removes it. ``store.sign(transaction)`` is what the app would post, and
``store.notify("REFUND", transaction)`` the body that Apple would post.
"""

import itertools
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.loopback.apple_chain import AppleChain

Fields = dict[str, Any]
MONTH = timedelta(days=30)


def milliseconds(at: datetime) -> int:
    """A time as Apple writes it."""
    return round(at.timestamp() * 1000)


def changed(fields: Mapping[str, Any], changes: Mapping[str, Any]) -> Fields:
    """The fields with these changes; a time becomes milliseconds, None removes a field."""
    merged = {**fields, **changes}
    return {
        name: milliseconds(value) if isinstance(value, datetime) else value
        for name, value in merged.items()
        if value is not None
    }


def kept(transaction: Mapping[str, Any]) -> Fields:
    """The transaction as it is when nothing of it was taken back."""
    return {
        name: value
        for name, value in transaction.items()
        if not name.startswith("revocation") and name != "isUpgraded"
    }


class AppleStore:
    """Sells one app's products in one environment."""

    def __init__(
        self,
        *,
        bundle_id: str = "com.example.companion",
        app_apple_id: int = 1234567890,
        environment: str = "Sandbox",
        chain: AppleChain | None = None,
    ) -> None:
        self.bundle_id = bundle_id
        self.app_apple_id = app_apple_id
        self.environment = environment
        self.chain = chain or AppleChain()
        self._ids = itertools.count(2_000_000_000_000_001)

    def new_id(self) -> str:
        """A transaction's id."""
        return str(next(self._ids))

    def pack(
        self, product: str, *, token: str | None = None, at: datetime | None = None, **fields: Any
    ) -> Fields:
        """A consumable that was bought, ``quantity`` 1 unless said."""
        identifier = fields.pop("transactionId", None) or self.new_id()
        bought = at or datetime.now(UTC)
        return changed(
            {
                "transactionId": identifier,
                "originalTransactionId": identifier,
                "bundleId": self.bundle_id,
                "productId": product,
                "purchaseDate": bought,
                "originalPurchaseDate": bought,
                "quantity": 1,
                "type": "Consumable",
                "appAccountToken": token,
                "inAppOwnershipType": "PURCHASED",
                "signedDate": bought,
                "environment": self.environment,
                "transactionReason": "PURCHASE",
                "storefront": "USA",
                "storefrontId": "143441",
                "price": 4990,
                "currency": "USD",
            },
            fields,
        )

    def period(
        self,
        product: str,
        *,
        token: str | None = None,
        at: datetime | None = None,
        until: datetime | None = None,
        **fields: Any,
    ) -> Fields:
        """A subscription's first period; a month from now unless said."""
        bought = at or datetime.now(UTC)
        return self.pack(
            product,
            token=token,
            at=bought,
            **{
                "type": "Auto-Renewable Subscription",
                "expiresDate": until or bought + MONTH,
                "subscriptionGroupIdentifier": "20900000",
                "webOrderLineItemId": self.new_id(),
                **fields,
            },
        )

    def next_period(self, last: Mapping[str, Any], **fields: Any) -> Fields:
        """The renewal of a period: as long, and right after it."""
        start = int(last["expiresDate"])
        return changed(
            kept(last),
            {
                "transactionId": self.new_id(),
                "webOrderLineItemId": self.new_id(),
                "purchaseDate": start,
                "expiresDate": start + int(last["expiresDate"]) - int(last["purchaseDate"]),
                "transactionReason": "RENEWAL",
                "signedDate": start,
                **fields,
            },
        )

    def upgrade(
        self, last: Mapping[str, Any], product: str, *, at: datetime, **fields: Any
    ) -> Fields:
        """Another product of the group, bought in the middle of a period."""
        length = int(last["expiresDate"]) - int(last["purchaseDate"])
        return self.next_period(
            last,
            **{
                "productId": product,
                "purchaseDate": at,
                "expiresDate": milliseconds(at) + length,
                "transactionReason": "PURCHASE",
                "signedDate": at,
                **fields,
            },
        )

    def refund(
        self,
        transaction: Mapping[str, Any],
        *,
        at: datetime,
        percentage: float = 100,
        **fields: Any,
    ) -> Fields:
        """The transaction after Apple gave that many per cent of it back."""
        return changed(
            transaction,
            {
                "revocationDate": at,
                "revocationReason": 0,
                "revocationType": "REFUND_FULL" if percentage == 100 else "REFUND_PRORATED",
                "revocationPercentage": round(percentage * 1000),
                "signedDate": at,
                **fields,
            },
        )

    def renewal(self, transaction: Mapping[str, Any], **fields: Any) -> Fields:
        """What is said of the next renewal: it will happen, with the same product, unless said."""
        return changed(
            {
                "originalTransactionId": transaction["originalTransactionId"],
                "autoRenewProductId": transaction["productId"],
                "productId": transaction["productId"],
                "autoRenewStatus": 1,
                "isInBillingRetryPeriod": False,
                "signedDate": transaction["signedDate"],
                "environment": self.environment,
                "recentSubscriptionStartDate": transaction["purchaseDate"],
                "renewalDate": transaction.get("expiresDate"),
            },
            fields,
        )

    def sign(self, fields: Mapping[str, Any]) -> str:
        """Signed as Apple does: what the app posts, for a transaction."""
        return self.chain.sign(fields)

    def payload(
        self,
        kind: str,
        transaction: Mapping[str, Any] | None = None,
        renewal: Mapping[str, Any] | None = None,
        *,
        subtype: str | None = None,
        at: datetime | None = None,
        uuid_: str | None = None,
        data: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> str:
        """A signed notification. ``data`` and ``fields`` change or add fields of either level."""
        told = changed(
            {
                "appAppleId": self.app_apple_id,
                "bundleId": self.bundle_id,
                "bundleVersion": "1",
                "environment": self.environment,
                "signedTransactionInfo": self.sign(transaction) if transaction else None,
                "signedRenewalInfo": self.sign(renewal) if renewal else None,
            },
            data or {},
        )
        return self.sign(
            changed(
                {
                    "notificationType": kind,
                    "subtype": subtype,
                    "notificationUUID": uuid_ or str(uuid.uuid4()),
                    "version": "2.0",
                    "signedDate": at or datetime.now(UTC),
                    "data": told,
                },
                fields,
            )
        )

    def notify(self, kind: str, *args: Any, **fields: Any) -> bytes:
        """The body that Apple posts to the webhook; takes what ``payload`` takes."""
        return json.dumps({"signedPayload": self.payload(kind, *args, **fields)}).encode()
