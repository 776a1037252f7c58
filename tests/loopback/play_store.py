"""What Google Play knows of one app's purchases, and how it changes.

Each change shows at once in what ``play_api`` answers, and its notification, as Google sends it,
is the last of ``notifications`` (an upgrade leaves two: of the new purchase, then of the old).
"""

from tests.loopback.play_books import Json, text
from tests.loopback.play_subscriptions import PlaySubscriptions


class PlayStore(PlaySubscriptions):
    """Packs too: something bought once, of which several units may be given back."""

    def sell(
        self,
        *products: str,
        account: str | None = None,
        quantity: int = 1,
        is_pending: bool = False,
        is_test: bool = False,
    ) -> str:
        """Somebody buys a pack (or several in one order); the token that the app gets."""
        token, order = self._names()
        offer = {
            "quantity": quantity,
            "refundableQuantity": quantity,
            "consumptionState": "CONSUMPTION_STATE_YET_TO_BE_CONSUMED",
        }
        self.packs[token] = {
            "kind": "androidpublisher#productPurchaseV2",
            "productLineItem": [
                {"productId": product, "productOfferDetails": dict(offer)} for product in products
            ],
            "purchaseStateContext": {"purchaseState": "PENDING"},
            "orderId": order,
            "regionCode": "NL",
            "acknowledgementState": "ACKNOWLEDGEMENT_STATE_PENDING",
        }
        if account is not None:
            self.packs[token]["obfuscatedExternalAccountId"] = account
        if is_test:
            self.packs[token]["testPurchaseContext"] = {"fopType": "TEST"}
        if not is_pending:
            self.complete(token)
        return token

    def complete(self, token: str) -> None:
        """The payment that was under way succeeds."""
        pack = self.packs[token]
        pack["purchaseStateContext"] = {"purchaseState": "PURCHASED"}
        pack["purchaseCompletionTime"] = text(self.now())
        self._tell_pack(token, 1)

    def give_up(self, token: str) -> None:
        """The payment that was under way fails."""
        self.packs[token]["purchaseStateContext"] = {"purchaseState": "CANCELLED"}
        self._tell_pack(token, 2)

    def void_pack(self, token: str, quantity: int | None = None) -> Json:
        """Give back some of several units, or (None) all of the order; the list's entry."""
        pack = self.packs[token]
        for line in pack["productLineItem"]:
            offer = line["productOfferDetails"]
            left = offer["refundableQuantity"]
            offer["refundableQuantity"] = 0 if quantity is None else max(0, left - quantity)
        if quantity is None:
            pack["purchaseStateContext"] = {"purchaseState": "CANCELLED"}
        return self._void(token, pack["orderId"], quantity, product_type=2)

    def _tell_pack(self, token: str, kind: int) -> None:
        product = self.packs[token]["productLineItem"][0]["productId"]
        change = {"version": "1.0", "notificationType": kind, "purchaseToken": token}
        self.notification(oneTimeProductNotification=change | {"sku": product})
