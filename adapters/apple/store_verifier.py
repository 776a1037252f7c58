"""What an app says it bought at the App Store, checked."""

from collections.abc import Awaitable, Callable

from adapters.apple.signed_data import AppleSignedData
from adapters.apple.transactions import OddTransaction, read_sale
from domain.errors import InvalidRequest
from domain.market.products import Catalogue
from domain.market.reports import Report

CHECK_SECONDS = 5.0


class AppleStoreVerifier:
    """Reads the signed transaction that StoreKit gives the app."""

    def __init__(
        self,
        signed_data: AppleSignedData,
        *,
        catalogue: Callable[[], Awaitable[Catalogue]],
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        self._signed_data = signed_data
        self._catalogue = catalogue
        self._check_seconds = check_seconds

    async def verify(self, proof: str, *, product_id: str) -> Report:
        transaction = await self._signed_data.check_transaction(proof, within=self._check_seconds)
        try:
            sale = read_sale(transaction, await self._catalogue())
            facts = sale.facts()
        except OddTransaction as error:
            raise InvalidRequest(str(error)) from error
        if sale.product.id != product_id:
            raise InvalidRequest("The transaction is for another product.", param="product_id")
        if sale.is_family_shared and not sale.product.is_subscription:
            raise InvalidRequest("Another member of the family bought this.")
        return sale.report(facts)
