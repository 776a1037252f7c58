"""Products, purchases and subscriptions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from application.ports.payment_gateway import PaymentSheet
from application.ports.purchase_store import Holder
from domain.accounts import Tier
from domain.market import products, purchases, standing
from domain.market.products import Period, ProductKind, Provider
from domain.market.standing import Status
from entrypoints.http.query_input import MAX_TEXT, PRINTABLE

MAX_PROOF = 32_768
MAX_URL = 2_048

StoreId = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT, extra_json_schema=PRINTABLE)]
Url = Annotated[str, Meta(max_length=MAX_URL, pattern=r"^https?://[^\s\\]+$")]


class Price(Struct, frozen=True):
    """Money, in minor units."""

    currency: Annotated[str, Meta(description="ISO 4217.")]
    amount: int

    @classmethod
    def of(cls, money: products.Money) -> "Price":
        """The money as JSON shows it."""
        return cls(money.currency, money.amount)


class Promotion(Struct, frozen=True):
    """Credits on top, for what is paid while it is on."""

    credits: int
    starts_at: datetime
    ends_at: datetime
    valid_days: Annotated[int, Meta(description="How long these credits last.")]


class Product(Struct, frozen=True):
    """Something on sale."""

    id: str
    kind: ProductKind
    name: str
    credits: Annotated[int, Meta(description="With each purchase, or each paid period.")]
    tier: Annotated[Tier | None, Meta(description="What a subscription opens.")]
    period: Period | None
    price: Price
    store_ids: Annotated[Mapping[Provider, str], Meta(description="What the stores call it.")]
    promotion: Promotion | None

    @classmethod
    def of(cls, product: products.Product) -> "Product":
        """The product as JSON shows it."""
        offer = product.promotion
        return cls(
            id=product.id,
            kind=product.kind,
            name=product.name,
            credits=product.credits,
            tier=product.tier,
            period=product.period,
            price=Price.of(product.price),
            store_ids=product.store_ids,
            promotion=Promotion(offer.credits, offer.starts_at, offer.ends_at, offer.valid_days)
            if offer
            else None,
        )


class ProductPage(Struct, frozen=True):
    """Everything on sale, in the order in which it is to be shown."""

    data: list[Product]
    next_cursor: None = None


class Payment(Struct, frozen=True):
    """Something that was paid: the purchase, or a period of a subscription."""

    id: Annotated[str, Meta(description="The store's.")]
    paid_at: datetime
    product_id: str
    quantity: int
    price: Annotated[Price | None, Meta(description="What was paid, if the store says so.")]
    starts_at: datetime | None
    ends_at: datetime | None
    credits: Annotated[int, Meta(description="That it brought.")]
    credits_taken_back: int
    disputed: bool

    @classmethod
    def of(cls, payment: standing.Payment, purchase: purchases.Purchase) -> "Payment":
        """The payment as JSON shows it."""
        lots = [lot for lot in purchase.lots if lot.payment == payment.id]
        return cls(
            id=payment.id,
            paid_at=payment.at,
            product_id=payment.product_id,
            quantity=payment.quantity,
            price=Price.of(payment.paid) if payment.paid else None,
            starts_at=payment.starts_at,
            ends_at=payment.ends_at,
            credits=sum(lot.credits for lot in lots),
            credits_taken_back=sum(lot.clawed_back for lot in lots),
            disputed=payment.is_disputed,
        )


class Purchase(Struct, frozen=True):
    """Something bought, once or as a subscription.

    A pack is `pending`, `failed`, `completed`, `partially_refunded`, `refunded` or `disputed`; a
    subscription `pending`, `failed`, `active`, `in_grace`, `on_hold`, `paused`, `disputed`,
    `refunded` or `expired`. While it is `active` or `in_grace` its tier is open.
    """

    id: str
    status: Status
    kind: ProductKind
    product_id: str
    provider: Provider
    quantity: int
    credits: Annotated[int, Meta(description="That it has brought in all.")]
    credits_taken_back: Annotated[int, Meta(description="After refunds and lost disputes.")]
    created_at: datetime
    payments: list[Payment]
    renews: Annotated[bool, Meta(description="Whether a subscription goes on by itself.")]
    next_product_id: Annotated[str | None, Meta(description="From the next period on, if other.")]
    starts_at: Annotated[datetime | None, Meta(description="Of the period that is paid.")]
    ends_at: datetime | None

    @classmethod
    def of(cls, purchase: purchases.Purchase) -> "Purchase":
        """The purchase as JSON shows it."""
        stands = purchase.standing
        return cls(
            id=purchase.id,
            status=purchase.status,
            kind=ProductKind.SUBSCRIPTION if purchase.is_subscription else ProductKind.CREDITS,
            product_id=purchase.product_id,
            provider=purchase.provider,
            quantity=purchase.quantity,
            credits=purchase.credits,
            credits_taken_back=purchase.credits_taken_back,
            created_at=purchase.created_at,
            payments=[Payment.of(one, purchase) for one in stands.payments],
            renews=stands.renews,
            next_product_id=stands.next_product_id,
            starts_at=stands.starts_at,
            ends_at=stands.ends_at,
        )


class PurchasePage(Struct, frozen=True):
    """Some purchases, newest first."""

    data: list[Purchase]
    next_cursor: str | None


class NewPurchase(Struct, frozen=True):
    """An order.

    Apple's stores send `signed_transaction`, Google's `purchase_token`: what the store gave the
    app. For `stripe` and `sandbox` the answer's `payment` says how to pay.
    """

    product_id: StoreId
    provider: Provider
    signed_transaction: Annotated[str, Meta(min_length=1, max_length=MAX_PROOF)] | None = None
    purchase_token: Annotated[str, Meta(min_length=1, max_length=MAX_PROOF)] | None = None
    checkout: Annotated[bool, Meta(description="Stripe: pay on a page of theirs instead.")] = False
    return_url: Annotated[Url, Meta(description="Where that page leads back to.")] | None = None
    sandbox_outcome: Annotated[
        Literal["succeed", "fail", "wait"],
        Meta(description="What a payment at the sandbox store comes to."),
    ] = "succeed"


class PaymentInstructions(Struct, frozen=True):
    """What the app needs to let the person pay; what does not apply is null."""

    client_secret: str | None
    customer: str | None
    ephemeral_key: str | None
    publishable_key: str | None
    url: Annotated[str | None, Meta(description="The page to pay on.")]

    @classmethod
    def of(cls, sheet: PaymentSheet) -> "PaymentInstructions":
        """The instructions as JSON shows them."""
        return cls(
            client_secret=sheet.client_secret,
            customer=sheet.customer,
            ephemeral_key=sheet.ephemeral_key,
            publishable_key=sheet.publishable_key,
            url=sheet.url,
        )


class PlacedPurchase(Struct, frozen=True):
    """A purchase, and how to pay for it if that is still to be done."""

    purchase: Purchase
    payment: PaymentInstructions | None


class Subscription(Struct, frozen=True):
    """The subscription that is not over, null when there is none, and the tier of the account."""

    subscription: Purchase | None
    tier: Tier


class PortalRequest(Struct, frozen=True):
    """Where the store's page leads back to."""

    return_url: Url | None = None


class Portal(Struct, frozen=True):
    """The store's page on which people manage how they pay; good for a short time."""

    url: str


class StoreAccount(Struct, frozen=True):
    """What the stores are to call the person, so that nobody else can use what they buy."""

    app_account_token: Annotated[str, Meta(description="Apple's `appAccountToken`: a UUID.")]
    obfuscated_account_id: Annotated[str, Meta(description="The same for Google's billing.")]

    @classmethod
    def of(cls, holder: Holder) -> "StoreAccount":
        """The names as JSON shows them."""
        return cls(holder.store_token, holder.store_token)


class Received(Struct, frozen=True):
    """The message is kept."""

    received: bool = True
