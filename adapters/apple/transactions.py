"""A transaction of the App Store in the market's words.

The same transaction says the same facts by whichever way it comes: from the app, in a
notification, from the history.
"""

from datetime import UTC, datetime, timedelta

from appstoreserverlibrary.models.InAppOwnershipType import InAppOwnershipType
from appstoreserverlibrary.models.JWSTransactionDecodedPayload import JWSTransactionDecodedPayload
from appstoreserverlibrary.models.RevocationType import RevocationType
from appstoreserverlibrary.models.TransactionReason import TransactionReason
from appstoreserverlibrary.models.Type import Type
from attrs import frozen

from domain.market.facts import Fact, FactKind, Share
from domain.market.products import Catalogue, Money, Product, Provider
from domain.market.reports import Errand, Report

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WHOLE_PERCENTAGE = 100_000
"""Apple counts percentages in thousandths: 40 % is 40,000."""
_MOST_PLAIN_PERCENT = 100

# ISO 4217: how many digits the minor unit has, where it is not two.
_WITHOUT_MINOR_UNIT = (
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
    "XAF", "XOF", "XPF",
)  # fmt: skip
_IN_THOUSANDTHS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_DIGITS = {**dict.fromkeys(_WITHOUT_MINOR_UNIT, 0), **dict.fromkeys(_IN_THOUSANDTHS, 3)}


class OddTransaction(Exception):
    """It is genuine, but nothing can be made of it; says why, without anything personal."""


@frozen
class Sale:
    """A transaction, and which of our products it is about."""

    transaction: JWSTransactionDecodedPayload
    product: Product
    id: str
    reference: str
    """The original transaction: of a subscription, the same for all of its periods."""
    bought_at: datetime

    @property
    def is_family_shared(self) -> bool:
        """Whether another member of the family has paid for it."""
        return self.transaction.inAppOwnershipType is InAppOwnershipType.FAMILY_SHARED

    @property
    def is_a_relatives(self) -> bool:
        """Whether it is shared with somebody whom nothing ties to an account of ours.

        Packs cannot be shared, whoever says so.
        """
        has_account = bool(self.transaction.appAccountToken) and self.product.is_subscription
        return self.is_family_shared and not has_account

    @property
    def expires_at(self) -> datetime:
        """The end of the period that a subscription's transaction paid."""
        if self.transaction.expiresDate is None:
            raise OddTransaction("A period of a subscription has no end.")
        return moment(self.transaction.expiresDate)

    def facts(self, *, is_upgrade: bool = False) -> tuple[Fact, ...]:
        """What was paid, and what of it was taken back.

        ``is_upgrade`` says that it is one where the transaction itself does not tell.
        """
        bought = self._renewed(is_upgrade) if self.product.is_subscription else self._paid()
        return (bought, *self.taken_back())

    def taken_back(self, at: datetime | None = None, *, is_known: bool = False) -> tuple[Fact, ...]:
        """The refund that the transaction tells of; ``is_known`` says that there is one, ``at``."""
        told = self.transaction.revocationDate
        if told is None and not is_known:
            return ()
        if self._was_only_replaced and not is_known:
            return ()
        when = at or self.bought_at if told is None else moment(told)
        if self.transaction.revocationType is RevocationType.FAMILY_REVOKE or (
            self.transaction.rawRevocationType is None and self.is_family_shared
        ):
            return (Fact(FactKind.REVOKED, when, self.id),)
        return (Fact(FactKind.REFUNDED, when, self.id, share=self._refunded_share()),)

    def report(self, facts: tuple[Fact, ...], errands: tuple[Errand, ...] = ()) -> Report:
        """These facts, as said of the purchase that the transaction belongs to."""
        token = self.transaction.appAccountToken
        return Report(
            provider=Provider.APPLE,
            reference=self.reference,
            facts=facts,
            aliases=tuple(dict.fromkeys((self.id, self.reference))),
            product_id=self.product.id,
            store_token=token.lower() if token else None,
            errands=errands,
        )

    def _paid(self) -> Fact:
        quantity = self.transaction.quantity
        if quantity is not None and quantity < 1:
            raise OddTransaction("Nothing was bought: the quantity is not positive.")
        return Fact(
            FactKind.PAID,
            self.bought_at,
            self.id,
            product_id=self.product.id,
            quantity=quantity or 1,
            paid=_money(self.transaction),
        )

    def _renewed(self, is_upgrade: bool) -> Fact:  # noqa: FBT001 - private, one caller
        # Somebody bought within a subscription: another product, at once. Where nothing was
        # running any more, an upgrade is the same as a new beginning.
        was_bought = (
            self.transaction.transactionReason is TransactionReason.PURCHASE
            and self.id != self.reference
        )
        return Fact(
            FactKind.UPGRADED if was_bought or is_upgrade else FactKind.RENEWED,
            self.bought_at,
            self.id,
            product_id=self.product.id,
            starts_at=self.bought_at,
            ends_at=self.expires_at,
            paid=_money(self.transaction),
        )

    @property
    def _was_only_replaced(self) -> bool:
        """Whether the money for its rest went into an upgrade, which the upgrade itself tells."""
        return (
            self.transaction.isUpgraded is True
            and self.transaction.rawRevocationReason is None
            and self.transaction.rawRevocationType is None
        )

    def _refunded_share(self) -> Share:
        percentage = self.transaction.revocationPercentage
        if self.transaction.revocationType is RevocationType.REFUND_FULL or percentage is None:
            percentage = WHOLE_PERCENTAGE
        if 0 < percentage <= _MOST_PLAIN_PERCENT:
            # Nobody gives a tenth of a percent back: a test environment counted in whole percent.
            percentage *= WHOLE_PERCENTAGE // _MOST_PLAIN_PERCENT
        return Share(min(max(percentage, 0), WHOLE_PERCENTAGE), WHOLE_PERCENTAGE)


def read_sale(transaction: JWSTransactionDecodedPayload, catalogue: Catalogue) -> Sale:
    """The sale that a transaction is; raises ``OddTransaction``."""
    identifier, bought = transaction.transactionId, transaction.purchaseDate
    if not identifier or bought is None or not transaction.productId:
        raise OddTransaction("The transaction lacks its id, product or date.")
    product = catalogue.find(Provider.APPLE, transaction.productId)
    if product is None:
        raise OddTransaction("The transaction is for a product that is not in the catalogue.")
    expected = Type.AUTO_RENEWABLE_SUBSCRIPTION if product.is_subscription else Type.CONSUMABLE
    if transaction.rawType is not None and transaction.type is not expected:
        raise OddTransaction("The App Store calls the product something else than the catalogue.")
    reference = transaction.originalTransactionId or identifier
    sale = Sale(
        transaction=transaction,
        product=product,
        id=identifier,
        reference=reference if product.is_subscription else identifier,
        bought_at=moment(bought),
    )
    if product.is_subscription and sale.expires_at <= sale.bought_at:
        raise OddTransaction("A period of a subscription ends before it begins.")
    return sale


def moment(milliseconds: int) -> datetime:
    """A time of Apple's; raises ``OddTransaction`` when it is beyond any calendar."""
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise OddTransaction("A time lies beyond any calendar.") from error


def _money(transaction: JWSTransactionDecodedPayload) -> Money | None:
    """The price of the whole quantity; Apple tells it in thousandths of the currency."""
    if transaction.price is None or not transaction.currency:
        return None
    currency = transaction.currency.upper()
    scaled = transaction.price * 10 ** _DIGITS.get(currency, 2)
    return Money(currency, (scaled + 500) // 1000)
