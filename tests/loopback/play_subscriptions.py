"""Subscriptions at Google Play: each with its orders, numbered as Google numbers them."""

from datetime import datetime, timedelta

from domain.market.calendar import add_months
from tests.loopback.play_books import Json, PlayBooks, text

RECOVERED, RENEWED, CANCELED, PURCHASED, ON_HOLD, IN_GRACE, RESTARTED = 1, 2, 3, 4, 5, 6, 7
PAUSED, REVOKED, EXPIRED, PENDING_CANCELED = 10, 12, 13, 20


class PlaySubscriptions(PlayBooks):
    """What people do with subscriptions, and what happens to them."""

    def subscribe(
        self,
        product: str,
        *,
        account: str | None = None,
        months: int = 1,
        replaces: str | None = None,
        is_pending: bool = False,
        is_test: bool = False,
    ) -> str:
        """Somebody subscribes; ``replaces`` is the token of what is changed at once by this."""
        token, order = self._names()
        self.months[token] = months
        subscription: Json = {
            "kind": "androidpublisher#subscriptionPurchaseV2",
            "regionCode": "NL",
            "subscriptionState": "SUBSCRIPTION_STATE_PENDING",
            "acknowledgementState": "ACKNOWLEDGEMENT_STATE_PENDING",
            "latestOrderId": order,
            "lineItems": [{"productId": product, "autoRenewingPlan": {"autoRenewEnabled": True}}],
        }
        if account is not None:
            subscription["externalAccountIdentifiers"] = {"obfuscatedExternalAccountId": account}
        if replaces is not None:
            subscription["linkedPurchaseToken"] = replaces
        if is_test:
            subscription["testPurchase"] = {}
        self.subscriptions[token] = subscription
        if not is_pending:
            self.begin(token)
        return token

    def begin(self, token: str) -> None:
        """The first payment succeeds; what it replaces is over."""
        one = self.subscriptions[token]
        one["startTime"] = text(self.now())
        self._pay(token, one["latestOrderId"], self.now())
        self._tell(token, PURCHASED)
        old = self.subscriptions.get(one.get("linkedPurchaseToken", ""))
        if old is not None:
            old["subscriptionState"] = "SUBSCRIPTION_STATE_EXPIRED"
            old["canceledStateContext"] = {"replacementCancellation": {}}
            old["lineItems"][0]["expiryTime"] = text(self.now())
            old["lineItems"][0]["autoRenewingPlan"] = {}
            self._tell(one["linkedPurchaseToken"], EXPIRED)

    def give_up_subscription(self, token: str) -> None:
        """The first payment fails."""
        one = self.subscriptions[token]
        one["subscriptionState"] = "SUBSCRIPTION_STATE_PENDING_PURCHASE_CANCELED"
        self._tell(token, PENDING_CANCELED)

    def renew(self, token: str) -> str:
        """The next period is paid, from the end of the last one; its order."""
        return self._renew(token, self._paid_until(token), RENEWED)

    def recover(self, token: str) -> str:
        """A payment that failed succeeds, or a pause ends: from now after hold and pause."""
        state = self.subscriptions[token]["subscriptionState"]
        is_grace = state == "SUBSCRIPTION_STATE_IN_GRACE_PERIOD"
        return self._renew(token, self._paid_until(token) if is_grace else self.now(), RECOVERED)

    def enter_grace(self, token: str, days: int = 3) -> None:
        """A renewal fails; access goes on for some days beyond what was paid."""
        until = self._paid_until(token) + timedelta(days=days)
        failed = self._next_order(token)
        self.subscriptions[token] |= {
            "latestOrderId": failed,
            "inGracePeriodStateContext": {"renewalDeclined": {"pendingOrderId": failed}},
        }
        self._set(token, "IN_GRACE_PERIOD", IN_GRACE, until)

    def hold(self, token: str) -> None:
        """A renewal fails; there is no access, since it ended."""
        self.subscriptions[token]["latestOrderId"] = self._next_order(token)
        self._set(token, "ON_HOLD", ON_HOLD)

    def pause(self, token: str) -> None:
        self._set(token, "PAUSED", PAUSED)

    def cancel(self, token: str, *, by_person: bool = True) -> None:
        """It will not renew."""
        context = {"cancelTime": text(self.now())} if by_person else {}
        kind = "userInitiatedCancellation" if by_person else "developerInitiatedCancellation"
        one = self.subscriptions[token]
        one["canceledStateContext"] = {kind: context}
        one["lineItems"][0]["autoRenewingPlan"] = {}
        self._set(token, "CANCELED", CANCELED)

    def restart(self, token: str) -> None:
        """The person takes the cancellation back."""
        one = self.subscriptions[token]
        one.pop("canceledStateContext", None)
        one["lineItems"][0]["autoRenewingPlan"] = {"autoRenewEnabled": True}
        self._set(token, "ACTIVE", RESTARTED)

    def expire(self, token: str) -> None:
        self.subscriptions[token]["lineItems"][0]["autoRenewingPlan"] = {}
        self._set(token, "EXPIRED", EXPIRED)

    def revoke(self, token: str) -> Json:
        """The latest payment is given back and access ends now; the list's entry."""
        one = self.subscriptions[token]
        order = one["lineItems"][0]["latestSuccessfulOrderId"]
        one["lineItems"][0]["autoRenewingPlan"] = {}
        self._set(token, "EXPIRED", REVOKED, self.now())
        return self.void_order(token, order)

    def void_order(self, token: str, order: str) -> Json:
        """One payment of a subscription is given back."""
        self.orders[order]["state"] = "REFUNDED"
        self.orders[order]["orderHistory"]["refundEvent"] = {"eventTime": text(self.now())}
        return self._void(token, order, None, product_type=1)

    def change_next(self, token: str, product: str, *, months: int = 1) -> str:
        """The next period will be of another product; its token, known at once."""
        old = self.subscriptions[token]
        new = self.subscribe(product, months=months, replaces=token, is_pending=True)
        coming = self.subscriptions[new]
        running = old["lineItems"][0] | {"deferredItemReplacement": {"productId": product}}
        coming["lineItems"].insert(0, running)
        coming["startTime"] = text(self.now())
        coming["subscriptionState"] = "SUBSCRIPTION_STATE_ACTIVE"
        if "externalAccountIdentifiers" in old:
            coming["externalAccountIdentifiers"] = old["externalAccountIdentifiers"]
        self._tell(new, PURCHASED)
        old["subscriptionState"] = "SUBSCRIPTION_STATE_EXPIRED"
        old["canceledStateContext"] = {"replacementCancellation": {}}
        self._tell(token, EXPIRED)
        return new

    def begin_changed(self, token: str) -> None:
        """The period that ``change_next`` announced is paid, from the end of the last one."""
        one = self.subscriptions[token]
        replaced = one["lineItems"].pop(0)
        one["lineItems"][0]["itemReplacement"] = {
            "productId": replaced["productId"],
            "replacementMode": "DEFERRED",
        }
        starts_at = datetime.fromisoformat(replaced["expiryTime"])
        self._pay(token, one["latestOrderId"], starts_at)
        self._tell(token, RENEWED)

    def _paid_until(self, token: str) -> datetime:
        order = self.subscriptions[token]["lineItems"][0]["latestSuccessfulOrderId"]
        period = self.orders[order]["lineItems"][0]["subscriptionDetails"]
        return datetime.fromisoformat(period["servicePeriodEndTime"])

    def _next_order(self, token: str) -> str:
        latest = self.subscriptions[token]["lineItems"][0]["latestSuccessfulOrderId"]
        base, _, number = latest.partition("..")
        return f"{base}..{int(number) + 1 if number else 0}"

    def _renew(self, token: str, starts_at: datetime, kind: int) -> str:
        order = self._next_order(token)
        self._pay(token, order, starts_at)
        self._tell(token, kind)
        return order

    def _pay(self, token: str, order: str, starts_at: datetime) -> None:
        one = self.subscriptions[token]
        line = one["lineItems"][0]
        ends_at = add_months(starts_at, self.months[token])
        currency, amount = self.prices.get(line["productId"], ("EUR", 999))
        self.orders[order] = {
            "orderId": order,
            "purchaseToken": token,
            "state": "PROCESSED",
            "createTime": text(self.now()),
            "lineItems": [
                {
                    "productId": line["productId"],
                    "subscriptionDetails": {
                        "servicePeriodStartTime": text(starts_at),
                        "servicePeriodEndTime": text(ends_at),
                    },
                }
            ],
            "orderHistory": {"processedEvent": {"eventTime": text(self.now())}},
            "total": {
                "currencyCode": currency,
                "units": str(amount // 100),
                "nanos": amount % 100 * 10_000_000,
            },
        }
        line |= {"expiryTime": text(ends_at), "latestSuccessfulOrderId": order}
        one["latestOrderId"] = order
        one["subscriptionState"] = "SUBSCRIPTION_STATE_ACTIVE"
        for context in ("inGracePeriodStateContext", "pausedStateContext"):
            one.pop(context, None)

    def _set(self, token: str, state: str, kind: int, until: datetime | None = None) -> None:
        one = self.subscriptions[token]
        one["subscriptionState"] = f"SUBSCRIPTION_STATE_{state}"
        if until is not None:
            one["lineItems"][0]["expiryTime"] = text(until)
        self._tell(token, kind)

    def _tell(self, token: str, kind: int) -> None:
        change = {"version": "1.0", "notificationType": kind, "purchaseToken": token}
        self.notification(subscriptionNotification=change)
