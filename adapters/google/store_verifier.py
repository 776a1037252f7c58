"""Checks a purchase token that an app hands in."""

from collections.abc import Awaitable, Callable

from adapters.google.play_api import PlayApi
from adapters.google.purchases import Purchases, TestPurchase, UnknownPurchase
from adapters.google.subscriptions import Told
from application.ports.clock import Clock
from domain.errors import InvalidRequest, NotFound
from domain.market.products import Catalogue, Provider
from domain.market.reports import Parked, Report

LONGEST_TOKEN = 2048
"""Characters. Google's own have up to some 200; their form is not promised."""


class GoogleStoreVerifier:
    """Asks Google, for this app only, so another app's token is unknown there.

    A payment that is under way is a report like any other, of which nothing follows yet.
    """

    def __init__(
        self,
        api: PlayApi,
        catalogue: Callable[[], Awaitable[Catalogue]],
        clock: Clock,
        *,
        allow_test_purchases: bool = False,
    ) -> None:
        self._purchases = Purchases(api, catalogue, clock, takes_tests=allow_test_purchases)

    async def verify(self, proof: str, *, product_id: str) -> Report:
        if not 0 < len(proof) <= LONGEST_TOKEN or not proof.isprintable() or proof in {".", ".."}:
            raise _unknown()
        try:
            product = (await self._purchases.catalogue()).get(product_id)
        except NotFound:
            raise InvalidRequest("There is no such product.", param="product_id") from None
        if Provider.GOOGLE not in product.store_ids:
            raise InvalidRequest("This product is not sold at Google.", param="product_id")
        try:
            if product.is_subscription:
                report = (await self._purchases.subscription(proof, Told()))[0]
            else:
                report = await self._purchases.pack(proof)
        except UnknownPurchase:
            raise _unknown() from None
        except TestPurchase as refused:
            raise InvalidRequest(refused.reason, param="purchase_token") from None
        except Parked as parked:
            message = "What Google sold is not for sale here."
            raise InvalidRequest(message, param="purchase_token") from parked
        bought = {report.product_id, *(fact.product_id for fact in report.facts)}
        if product.id not in bought:
            raise InvalidRequest("The purchase is of another product.", param="product_id")
        return report


def _unknown() -> InvalidRequest:
    return InvalidRequest("Google knows no such purchase.", param="purchase_token")
