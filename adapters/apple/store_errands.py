"""What Apple wants to know before it decides on a refund."""

import logging
from collections.abc import Awaitable, Callable

from appstoreserverlibrary.models.ConsumptionRequest import ConsumptionRequest
from appstoreserverlibrary.models.DeliveryStatus import DeliveryStatus
from appstoreserverlibrary.models.RefundPreference import RefundPreference

from adapters.apple.app_store_api import AppStoreApi, Refused
from adapters.apple.transactions import WHOLE_PERCENTAGE
from application.ports.store_errands import Usage
from domain.market.products import Catalogue, Provider
from domain.market.reports import Errand, ErrandKind, Parked

_log = logging.getLogger(__name__)


class AppleErrands:
    """Tells Apple how much of a payment was used.

    Apple wants to hear it only if the customers consented, in the app's terms for example:
    ``customers_consented``. Without that, or without ``api``, it is told nothing. ``gives_samples``
    says whether people could try before they bought.
    """

    def __init__(
        self,
        api: AppStoreApi | None,
        *,
        catalogue: Callable[[], Awaitable[Catalogue]],
        customers_consented: bool,
        gives_samples: bool = True,
    ) -> None:
        self._api = api
        self._catalogue = catalogue
        self._customers_consented = customers_consented
        self._gives_samples = gives_samples

    async def perform(self, errand: Errand, usage: Usage | None) -> None:
        if errand.kind is not ErrandKind.TELL_CONSUMPTION:
            raise Parked(f"Nothing of this kind can be told to Apple: {errand.kind.value}.")
        if usage is None:
            raise Parked("It is not known how much of the payment was used.")
        if self._api is None or not self._customers_consented:
            _log.info("Apple is not told how much was used: no key, or no consent")
            return
        product = (await self._catalogue()).find(Provider.APPLE, errand.store_product)
        is_subscription = product is not None and product.is_subscription
        request = _request(
            usage, is_subscription=is_subscription, gives_samples=self._gives_samples
        )
        try:
            await self._api.send_consumption(errand.payment or errand.reference, request)
        except Refused as error:
            raise Parked(f"Apple refused what it was told of a use: {error.code}.") from error


def _request(usage: Usage, *, is_subscription: bool, gives_samples: bool) -> ConsumptionRequest:
    spent = usage.spent.of(WHOLE_PERCENTAGE)
    preference = RefundPreference.GRANT_PRORATED
    if spent >= WHOLE_PERCENTAGE:
        preference = RefundPreference.DECLINE
    elif not spent:
        preference = RefundPreference.GRANT_FULL
    return ConsumptionRequest(
        customerConsented=True,
        sampleContentProvided=gives_samples,
        deliveryStatus=DeliveryStatus.DELIVERED,
        # Of a subscription, Apple reckons the use by time and refuses to be told.
        consumptionPercentage=None if is_subscription else spent,
        refundPreference=preference,
    )
