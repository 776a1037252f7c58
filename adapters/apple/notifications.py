"""What a notification of the App Store says (version 2)."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from appstoreserverlibrary.models.AutoRenewStatus import AutoRenewStatus
from appstoreserverlibrary.models.JWSRenewalInfoDecodedPayload import JWSRenewalInfoDecodedPayload
from appstoreserverlibrary.models.NotificationTypeV2 import NotificationTypeV2
from appstoreserverlibrary.models.ResponseBodyV2DecodedPayload import ResponseBodyV2DecodedPayload
from appstoreserverlibrary.models.Status import Status
from appstoreserverlibrary.models.Subtype import Subtype
from attrs import frozen

from adapters.apple.phases import in_grace, lapsed, next_product, on_hold, renewal_wish
from adapters.apple.transactions import OddTransaction, Sale
from domain.market.facts import Fact, FactKind
from domain.market.products import Catalogue, Provider
from domain.market.reports import Errand, ErrandKind, Parked, Report

_Type = NotificationTypeV2

ONLY_THE_TRANSACTION = frozenset(
    {
        _Type.DID_RENEW,
        _Type.METADATA_UPDATE,
        _Type.MIGRATION,
        _Type.ONE_TIME_CHARGE,
        _Type.PRICE_CHANGE,
        _Type.PRICE_INCREASE,
        _Type.REFUND_DECLINED,
        _Type.RENEWAL_EXTENDED,
        _Type.RENEWAL_EXTENSION,
        _Type.SUBSCRIBED,
    }
)
"""What they are about, the transaction in them says in full."""

FOR_A_PERSON: Mapping[NotificationTypeV2, str] = {
    _Type.RESCIND_CONSENT: "A guardian withdrew the consent to a child's use of the app.",
    _Type.EXTERNAL_PURCHASE_TOKEN: "The App Store misses a report of an external purchase.",
}


@frozen
class Told:
    """A notification about a sale, with all that it carries."""

    notification: ResponseBodyV2DecodedPayload
    sale: Sale
    renewal: JWSRenewalInfoDecodedPayload | None
    catalogue: Catalogue
    at: datetime

    @property
    def subtype(self) -> Subtype | None:
        """Details of what it is about."""
        return self.notification.subtype

    @property
    def is_active(self) -> bool:
        """Whether the App Store calls the subscription active, whatever the notification."""
        data = self.notification.data
        return data is not None and data.status is Status.ACTIVE


def concerns_nobody(notification: ResponseBodyV2DecodedPayload) -> bool:
    """Whether there is nothing to do; raises ``Parked`` for what a person must look at."""
    kind = notification.notificationType
    if kind is None:
        raise Parked(f"The App Store sent an unknown notification: {name_of(notification)}.")
    if kind in FOR_A_PERSON:
        raise Parked(FOR_A_PERSON[kind])
    has_sale = notification.data is not None and notification.data.signedTransactionInfo
    return kind is _Type.TEST or not has_sale


def name_of(notification: ResponseBodyV2DecodedPayload) -> str:
    """Apple's name for it, such as ``DID_RENEW`` or ``EXPIRED/VOLUNTARY``."""
    parts = (notification.rawNotificationType, notification.rawSubtype)
    return "/".join(re.sub(r"\W", "", part)[:48] for part in parts if part) or "UNKNOWN"


def report_on(told: Told) -> Report | None:
    """What it says about the purchase; raises ``OddTransaction``."""
    kind = told.notification.notificationType
    if kind is not _Type.REVOKE and told.sale.is_a_relatives:
        return None
    if kind is None or kind in ONLY_THE_TRANSACTION:
        return told.sale.report(told.sale.facts())
    if kind is _Type.CONSUMPTION_REQUEST:
        return told.sale.report(told.sale.facts(), (_tell_consumption(told.sale),))
    return told.sale.report(_TELLS[kind](told))


def _tell_consumption(sale: Sale) -> Errand:
    return Errand(
        kind=ErrandKind.TELL_CONSUMPTION,
        provider=Provider.APPLE,
        reference=sale.reference,
        payment=sale.id,
        store_product=sale.transaction.productId or "",
    )


def _changed_renewal_status(told: Told) -> tuple[Fact, ...]:
    renews = told.subtype is Subtype.AUTO_RENEW_ENABLED
    if told.subtype not in {Subtype.AUTO_RENEW_ENABLED, Subtype.AUTO_RENEW_DISABLED}:
        status = told.renewal.autoRenewStatus if told.renewal else None
        if status is None:
            raise OddTransaction("The App Store does not say whether it renews.")
        renews = status is AutoRenewStatus.ON
    return (*told.sale.facts(), renewal_wish(told.sale, told.at, renews=renews))


def _changed_product(told: Told) -> tuple[Fact, ...]:
    if told.subtype is Subtype.UPGRADE:
        return told.sale.facts(is_upgrade=True)
    return (
        *told.sale.facts(),
        next_product(told.sale, told.renewal, told.catalogue, told.at),
    )


def _redeemed_offer(told: Told) -> tuple[Fact, ...]:
    """An offer for another product changes the product; any other one pays a period."""
    is_change = told.subtype in {Subtype.UPGRADE, Subtype.DOWNGRADE}
    return _changed_product(told) if is_change else told.sale.facts()


def _failed_to_renew(told: Told) -> tuple[Fact, ...]:
    phase = (
        in_grace(told.sale, told.renewal, told.at)
        if told.subtype is Subtype.GRACE_PERIOD
        else on_hold(told.sale, told.at)
    )
    return (*told.sale.facts(), phase)


def _grace_expired(told: Told) -> tuple[Fact, ...]:
    return (*told.sale.facts(), on_hold(told.sale, told.at, after_grace=True))


def _expired(told: Told) -> tuple[Fact, ...]:
    if told.is_active:
        # Bought again before this was sent: the transaction in it is the new one.
        return told.sale.facts()
    return (*told.sale.facts(), lapsed(told.sale, told.renewal, told.at))


def _refunded(told: Told) -> tuple[Fact, ...]:
    bought = told.sale.facts()[:1]
    return (*bought, *told.sale.taken_back(told.at, is_known=True))


def _revoked(told: Told) -> tuple[Fact, ...]:
    facts = told.sale.facts()
    if len(facts) > 1:
        return facts
    return (*facts, Fact(FactKind.REVOKED, told.at, told.sale.id))


def _refund_reversed(told: Told) -> tuple[Fact, ...]:
    facts = told.sale.facts()
    at = max(told.at, *(fact.at for fact in facts))
    return (*facts, Fact(FactKind.REFUND_REVERSED, at, told.sale.id))


_TELLS: Mapping[NotificationTypeV2, Callable[[Told], tuple[Fact, ...]]] = {
    _Type.DID_CHANGE_RENEWAL_PREF: _changed_product,
    _Type.DID_CHANGE_RENEWAL_STATUS: _changed_renewal_status,
    _Type.DID_FAIL_TO_RENEW: _failed_to_renew,
    _Type.EXPIRED: _expired,
    _Type.GRACE_PERIOD_EXPIRED: _grace_expired,
    _Type.OFFER_REDEEMED: _redeemed_offer,
    _Type.REFUND: _refunded,
    _Type.REFUND_REVERSED: _refund_reversed,
    _Type.REVOKE: _revoked,
}
