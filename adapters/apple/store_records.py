"""What the App Store has on record of a purchase, and what it sent lately."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta

from appstoreserverlibrary.models.AutoRenewStatus import AutoRenewStatus
from appstoreserverlibrary.models.JWSRenewalInfoDecodedPayload import JWSRenewalInfoDecodedPayload
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload
from appstoreserverlibrary.models.NotificationHistoryResponseItem import (
    NotificationHistoryResponseItem,
)
from appstoreserverlibrary.models.SendAttemptResult import SendAttemptResult
from appstoreserverlibrary.models.Status import Status
from attrs import evolve

from adapters.apple.app_store_api import AppStoreApi, Refused
from adapters.apple.phases import in_grace, lapsed, next_product, on_hold, renewal_wish
from adapters.apple.signed_data import AppleSignedData
from adapters.apple.store_events import AppleEvents
from adapters.apple.transactions import OddTransaction, Sale, moment, read_sale
from domain.errors import InvalidRequest, Unavailable
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue
from domain.market.purchases import Purchase
from domain.market.reports import Parked, Report

ANSWERS_WITHIN = timedelta(hours=12)
"""Apple decides on a refund without us after that."""

_STATES = {
    Status.EXPIRED: FactKind.LAPSED,
    Status.BILLING_RETRY: FactKind.ON_HOLD,
    Status.BILLING_GRACE_PERIOD: FactKind.IN_GRACE,
}

_log = logging.getLogger(__name__)


class AppleRecords:
    """Asks the App Store; without ``api``, for which a key is needed, it has no records."""

    def __init__(
        self,
        api: AppStoreApi | None,
        signed_data: AppleSignedData,
        events: AppleEvents,
        *,
        catalogue: Callable[[], Awaitable[Catalogue]],
    ) -> None:
        self._api = api
        self._signed_data = signed_data
        self._events = events
        self._catalogue = catalogue

    async def look_up(self, purchase: Purchase, now: datetime) -> Report | None:
        if self._api is None or purchase.reference is None:
            return None
        try:
            if purchase.is_subscription:
                return await self._look_up_subscription(self._api, purchase, now)
            return await self._look_up_pack(self._api, purchase, now)
        except Refused as error:
            _log.warning("the App Store refuses to look a purchase up: %d", error.code)
        except (OddTransaction, InvalidRequest) as error:
            # What is on record is not for this app, or for a product that is no longer known.
            _log.warning("a record of the App Store cannot be used: %s", error)
        return None

    async def list_changed(self, since: datetime, until: datetime) -> AsyncIterator[Report]:
        if self._api is None:
            return
        try:
            async for sent in self._api.list_notifications(since, until):
                is_answerable = _is_answerable(sent, until)
                for report in await self._explain(sent.signedPayload or ""):
                    yield report if is_answerable else evolve(report, errands=())
                await asyncio.sleep(0)
        except Refused as error:
            _log.error("the App Store refuses to list notifications: %d", error.code)
            raise Unavailable("The App Store does not list its notifications.") from error

    async def _explain(self, payload: str) -> Sequence[Report]:
        try:
            return await self._events.explain(payload)
        except (Parked, InvalidRequest) as error:
            _log.warning("a notification in the history cannot be used: %s", error)
            return ()

    async def _look_up_pack(
        self, api: AppStoreApi, purchase: Purchase, now: datetime
    ) -> Report | None:
        signed = await api.find_transaction(str(purchase.reference))
        if signed is None:
            return None
        sale = read_sale(self._signed_data.read_transaction(signed), await self._catalogue())
        facts = sale.facts()
        return sale.report((*facts, *_reversals(purchase, [sale], facts, now)))

    async def _look_up_subscription(
        self, api: AppStoreApi, purchase: Purchase, now: datetime
    ) -> Report | None:
        catalogue = await self._catalogue()
        transactions = []
        async for signed in api.list_history(str(purchase.reference)):
            transaction = self._signed_data.read_transaction(signed)
            if transaction.originalTransactionId == purchase.reference:
                transactions.append(transaction)
            # Each takes a millisecond, and there may be many: others get their turn.
            await asyncio.sleep(0)
        if not transactions:
            return None
        transactions.sort(key=lambda one: (one.purchaseDate or 0, one.transactionId or ""))
        latest = read_sale(transactions[-1], catalogue)
        sales = [*_still_known(transactions[:-1], catalogue), latest]
        facts = tuple(fact for sale in sales for fact in sale.facts())
        facts += _reversals(purchase, sales, facts, now)
        status = await api.find_status(str(purchase.reference))
        if status is not None and status.status and status.signedRenewalInfo:
            renewal = self._signed_data.read_renewal(status.signedRenewalInfo)
            known = purchase.learn(facts, now)
            facts += _phase(known, latest, status.status, renewal)
            facts += _wishes(known, latest, catalogue, renewal)
        return latest.report(facts)


def _still_known(
    transactions: Sequence[JWSTransactionDecodedPayload], catalogue: Catalogue
) -> Iterator[Sale]:
    """Earlier periods; one for a product that is no longer sold must not hide the others."""
    for transaction in transactions:
        try:
            yield read_sale(transaction, catalogue)
        except OddTransaction as error:
            _log.warning("an earlier record of the App Store cannot be used: %s", error)


def _is_answerable(sent: NotificationHistoryResponseItem, now: datetime) -> bool:
    """Whether what it asks for is still to be given: it never arrived, and is young enough."""
    attempts = sent.sendAttempts or []
    if any(attempt.sendAttemptResult is SendAttemptResult.SUCCESS for attempt in attempts):
        return False
    dates = [attempt.attemptDate for attempt in attempts if attempt.attemptDate is not None]
    return not dates or now - moment(min(dates)) < ANSWERS_WITHIN


def _reversals(
    purchase: Purchase, sales: list[Sale], facts: tuple[Fact, ...], now: datetime
) -> tuple[Fact, ...]:
    """Refunds that we know of and the App Store no longer does: they were taken back."""
    returned = {payment.id for payment in purchase.learn(facts, now).standing.payments
                if payment.refunded.part}  # fmt: skip
    told = {
        fact.payment
        for fact in purchase.facts
        if fact.kind in {FactKind.REFUNDED, FactKind.REVOKED}
    }
    return tuple(
        Fact(FactKind.REFUND_REVERSED, moment(sale.transaction.signedDate), sale.id)
        for sale in sales
        if sale.id in returned & told
        and sale.transaction.revocationDate is None
        and sale.transaction.signedDate is not None
    )


def _phase(
    known: Purchase, latest: Sale, status: Status, renewal: JWSRenewalInfoDecodedPayload
) -> tuple[Fact, ...]:
    """The state that is told, unless it is known: a state has no date of its own."""
    phases = [
        fact for fact in known.facts if fact.kind in _STATES.values() and fact.payment == latest.id
    ]
    told_at = _told_at(latest, renewal)
    wanted = _STATES.get(status)
    last = phases[-1] if phases else None
    if wanted is None or (last is not None and last.kind is wanted):
        return ()
    if wanted is FactKind.LAPSED:
        fact = lapsed(latest, renewal, told_at)
    elif wanted is FactKind.ON_HOLD:
        fact = on_hold(latest, told_at)
    else:
        fact = in_grace(latest, renewal, told_at)
    if last is not None and fact.at <= last.at:
        fact = evolve(fact, at=max(told_at, last.at + timedelta(milliseconds=1)))
    return (fact,)


def _wishes(
    known: Purchase, latest: Sale, catalogue: Catalogue, renewal: JWSRenewalInfoDecodedPayload
) -> tuple[Fact, ...]:
    """What its owner wants of it, where that is not what we know."""
    if not known.status.is_open:
        return ()
    told_at = _told_at(latest, renewal)
    wishes: tuple[Fact, ...] = ()
    renews = known.standing.renews
    if renewal.autoRenewStatus is not None:
        renews = renewal.autoRenewStatus is AutoRenewStatus.ON
        if renews is not known.standing.renews:
            wishes += (renewal_wish(latest, told_at, renews=renews),)
    if renewal.autoRenewProductId and renews:
        change = next_product(latest, renewal, catalogue, told_at)
        current = known.standing.next_product_id or known.standing.product_id
        if change.product_id != current:
            wishes += (change,)
    return wishes


def _told_at(latest: Sale, renewal: JWSRenewalInfoDecodedPayload) -> datetime:
    signed = renewal.signedDate or latest.transaction.signedDate
    return moment(signed) if signed is not None else latest.expires_at
