"""Notifications of the App Store, version 2: ``{"signedPayload": …}``."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec
from appstoreserverlibrary.models.ResponseBodyV2DecodedPayload import ResponseBodyV2DecodedPayload

from adapters.apple.notifications import Told, concerns_nobody, name_of, report_on
from adapters.apple.signed_data import AppleSignedData
from adapters.apple.transactions import OddTransaction, moment, read_sale
from domain.errors import InvalidRequest
from domain.market.products import Catalogue, Provider
from domain.market.reports import Parked, Report, StoreEvent

CHECK_SECONDS = 2.5
_LONGEST_ID = 128


class Envelope(msgspec.Struct, rename="camel"):
    """What Apple posts."""

    signed_payload: str


class AppleEvents:
    """Reads notifications; what they say stands in them, so Apple is never asked."""

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

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> StoreEvent:  # noqa: ARG002 - Apple signs the body alone
        notification = await self._signed_data.check_notification(
            _signed_payload(body), within=self._check_seconds
        )
        identifier, signed = notification.notificationUUID, notification.signedDate
        if not identifier or len(identifier) > _LONGEST_ID or signed is None:
            raise InvalidRequest("The notification lacks its id or date.")
        data = notification.data
        if data is not None:
            # They are signed on their own, and are read for good later on.
            if data.signedTransactionInfo:
                self._signed_data.read_transaction(data.signedTransactionInfo)
            if data.signedRenewalInfo:
                self._signed_data.read_renewal(data.signedRenewalInfo)
        try:
            at = moment(signed)
        except OddTransaction as error:
            raise InvalidRequest(str(error)) from error
        return StoreEvent(
            provider=Provider.APPLE, id=identifier, name=name_of(notification), at=at, body=body
        )

    async def interpret(self, event: StoreEvent) -> Sequence[Report]:
        try:
            return await self.explain(_signed_payload(event.body))
        except InvalidRequest as error:
            # It was received, so the settings have changed since: another app, another root.
            raise Parked("The notification is not for this app any more.") from error

    async def explain(self, signed_payload: str) -> Sequence[Report]:
        """What a signed notification says, wherever it was found.

        Raises as ``interpret`` does, and ``InvalidRequest`` for what is not genuine.
        """
        notification = self._signed_data.read_notification(signed_payload)
        if concerns_nobody(notification):
            return []
        try:
            report = report_on(await self._told(notification))
        except OddTransaction as error:
            raise Parked(str(error)) from error
        return [report] if report else []

    async def _told(self, notification: ResponseBodyV2DecodedPayload) -> Told:
        data = notification.data
        if data is None or data.signedTransactionInfo is None or notification.signedDate is None:
            raise OddTransaction("The notification lacks its transaction or date.")
        catalogue = await self._catalogue()
        renewal = data.signedRenewalInfo
        return Told(
            notification=notification,
            sale=read_sale(
                self._signed_data.read_transaction(data.signedTransactionInfo), catalogue
            ),
            renewal=self._signed_data.read_renewal(renewal) if renewal else None,
            catalogue=catalogue,
            at=moment(notification.signedDate),
        )


def _signed_payload(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=Envelope).signed_payload
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest("The body is no notification.") from error
