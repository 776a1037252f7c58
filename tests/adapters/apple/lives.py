"""Lives of purchases at the App Store, and what should be so after each thing that happens."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from appstoreserverlibrary.models.JWSRenewalInfoDecodedPayload import JWSRenewalInfoDecodedPayload
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload
from appstoreserverlibrary.models.LibraryUtility import _get_cattrs_converter
from appstoreserverlibrary.models.ResponseBodyV2DecodedPayload import ResponseBodyV2DecodedPayload
from attrs import define, field, frozen

from adapters.apple.notifications import Told, report_on
from adapters.apple.transactions import read_sale
from domain.market.facts import Fact
from domain.market.standing import Status
from tests.adapters.apple.shop import CATALOGUE, TOKEN
from tests.loopback.apple_chain import AppleChain
from tests.loopback.apple_store import MONTH, AppleStore, Fields, changed, kept

BEGIN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GRACE = 16 * DAY
CHAIN = AppleChain()


@frozen
class Happening:
    """A notification's facts, what the app could have posted then, and what is so after it."""

    name: str
    facts: tuple[Fact, ...]
    posted: tuple[Fact, ...]
    at: datetime
    status: Status
    renews: bool = True
    refunded: int = 0
    """Thousandths of the latest payment."""


def _structured(kind: Any, fields: Mapping[str, Any]) -> Any:
    """As the library reads it, without the signature: thousands of them are read."""
    return _get_cattrs_converter(kind).structure(dict(fields), kind)


def _told(
    kind: str,
    subtype: str | None,
    transaction: Fields,
    renewal: Fields | None,
    at: datetime,
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    sale = read_sale(_structured(JWSTransactionDecodedPayload, transaction), CATALOGUE)
    notification = changed({"notificationType": kind, "subtype": subtype, "signedDate": at}, {})
    report = report_on(
        Told(
            notification=_structured(ResponseBodyV2DecodedPayload, notification),
            sale=sale,
            renewal=_structured(JWSRenewalInfoDecodedPayload, renewal) if renewal else None,
            catalogue=CATALOGUE,
            at=at,
        )
    )
    assert report is not None
    return report.facts, sale.facts()


@define
class SubscriptionLife:
    """A subscription on which one thing after another happens."""

    store: AppleStore
    period: Fields
    now: datetime
    status: Status = Status.ACTIVE
    renews: bool = True
    happened: list[Happening] = field(factory=list)

    @classmethod
    def begin(cls) -> "SubscriptionLife":
        store = AppleStore(chain=CHAIN)
        period = store.period("apple.basic", token=TOKEN, at=BEGIN)
        life = cls(store, period, BEGIN)
        life._tell("SUBSCRIBED", "INITIAL_BUY")
        return life

    @property
    def end(self) -> datetime:
        return datetime.fromtimestamp(self.period["expiresDate"] / 1000, UTC)

    def live(self, choice: int) -> None:
        """Let one of the things happen that can."""
        possible = self._possible()
        possible[choice % len(possible)]()

    def _possible(self) -> list[Callable[[], None]]:
        match self.status:
            case Status.ACTIVE if self.renews:
                return [self.renew, self.cancel, self.fail, self.fall_in_grace, self.refund] + [
                    self.upgrade
                ] * (self.period["productId"] == "apple.basic")
            case Status.ACTIVE:
                return [self.resume, self.expire, self.refund]
            case Status.IN_GRACE:
                return [self.recover_in_grace, self.leave_grace]
            case Status.ON_HOLD:
                return [self.recover, self.give_up]
            case Status.REFUNDED:
                return [self.reverse, self.expire_refunded]
            case _:
                return [self.subscribe_again]

    def renew(self) -> None:
        """Paid, and told, two hours before the period begins."""
        self.now = max(self.now, self.end - 2 * HOUR)
        self.period = self.store.next_period(self.period)
        self._tell("DID_RENEW")

    def cancel(self) -> None:
        self.renews = False
        self._tell("DID_CHANGE_RENEWAL_STATUS", "AUTO_RENEW_DISABLED", autoRenewStatus=0)

    def resume(self) -> None:
        self.renews = True
        self._tell("DID_CHANGE_RENEWAL_STATUS", "AUTO_RENEW_ENABLED")

    def upgrade(self) -> None:
        start = datetime.fromtimestamp(self.period["purchaseDate"] / 1000, UTC)
        self.now = max(self.now, start) + HOUR
        self.period = self.store.upgrade(self.period, "apple.plus", at=self.now)
        self._tell("DID_CHANGE_RENEWAL_PREF", "UPGRADE")

    def fail(self) -> None:
        self.now = max(self.now, self.end + MINUTE)
        self.status = Status.ON_HOLD
        self._tell("DID_FAIL_TO_RENEW", isInBillingRetryPeriod=True)

    def fall_in_grace(self) -> None:
        self.now = max(self.now, self.end + MINUTE)
        self.status = Status.IN_GRACE
        self._tell("DID_FAIL_TO_RENEW", "GRACE_PERIOD", gracePeriodExpiresDate=self.end + GRACE)

    def leave_grace(self) -> None:
        self.now = max(self.now, self.end + GRACE)
        self.status = Status.ON_HOLD
        self._tell("GRACE_PERIOD_EXPIRED")

    def recover_in_grace(self) -> None:
        """The period begins where the last one ended, days before it was paid."""
        self.now += 3 * DAY
        self.status = Status.ACTIVE
        self.period = self.store.next_period(self.period)
        self._tell("DID_RENEW", "BILLING_RECOVERY")

    def recover(self) -> None:
        self.now += 5 * DAY
        self.status = Status.ACTIVE
        until = self.now + MONTH
        self.period = self.store.next_period(self.period, purchaseDate=self.now, expiresDate=until)
        self._tell("DID_RENEW", "BILLING_RECOVERY")

    def give_up(self) -> None:
        self.now = max(self.now, self.end + 60 * DAY)
        self.status, self.renews = Status.EXPIRED, False
        self._tell("EXPIRED", "BILLING_RETRY", expirationIntent=2)

    def expire(self) -> None:
        """Told half an hour later, which may be after it was bought again."""
        self.now = max(self.now, self.end + HOUR / 2)
        self.status = Status.EXPIRED
        self._tell("EXPIRED", "VOLUNTARY", expirationIntent=1)

    def subscribe_again(self) -> None:
        """Bought at once when it ended, before the end was told."""
        self.now += MINUTE
        self.status, self.renews = Status.ACTIVE, True
        bought = max(self.end + MINUTE, self.now - 20 * MINUTE)
        self.period = self.store.next_period(
            self.period,
            purchaseDate=bought,
            expiresDate=bought + MONTH,
            transactionReason="PURCHASE",
        )
        self._tell("SUBSCRIBED", "RESUBSCRIBE")

    def refund(self) -> None:
        self.status = Status.REFUNDED
        self.now += MINUTE
        self.period = self.store.refund(self.period, at=self.now)
        self._tell("REFUND", refunded=1000)

    def reverse(self) -> None:
        self.status = Status.ACTIVE
        self.period = kept(self.period)
        self._tell("REFUND_REVERSED")

    def expire_refunded(self) -> None:
        self.now = max(self.now, self.end + HOUR / 2)
        self.renews = False
        self._tell("EXPIRED", "VOLUNTARY", expirationIntent=1, refunded=1000)
        self.status = Status.EXPIRED

    def _tell(
        self, kind: str, subtype: str | None = None, *, refunded: int = 0, **renewal: Any
    ) -> None:
        self.now += HOUR
        info = self.store.renewal(self.period, **renewal)
        facts, posted = _told(kind, subtype, self.period, info, self.now)
        name = f"{kind}/{subtype}" if subtype else kind
        self.happened.append(
            Happening(name, facts, posted, self.now, self.status, self.renews, refunded=refunded)
        )


def pack_life(percentages: list[int]) -> list[Happening]:
    """A pack that is refunded by so many per cent, one after the other; 0 reverses it."""
    store = AppleStore(chain=CHAIN)
    pack = store.pack("apple.large", token=TOKEN, at=BEGIN)
    happened = []
    facts, posted = _told("ONE_TIME_CHARGE", None, pack, None, BEGIN)
    happened.append(Happening("ONE_TIME_CHARGE", facts, posted, BEGIN, Status.COMPLETED))
    for number, percentage in enumerate(percentages):
        at = BEGIN + (number + 1) * DAY
        kind = "REFUND" if percentage else "REFUND_REVERSED"
        after = store.refund(pack, at=at, percentage=percentage) if percentage else pack
        facts, posted = _told(kind, None, after, None, at + MINUTE)
        status = Status.REFUNDED if percentage == 100 else Status.PARTIALLY_REFUNDED
        happened.append(
            Happening(
                f"{kind} {percentage}",
                facts,
                posted,
                at + MINUTE,
                status if percentage else Status.COMPLETED,
                refunded=percentage * 10,
            )
        )
    return happened
