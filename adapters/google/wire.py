"""The Play Developer API's JSON, as far as it is looked at.

Google writes 64-bit numbers as strings; decoding is lenient, so both forms are read. States are
read as text: a new one must be seen, not be a decoding error.
"""

from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]

_T = TypeVar("_T")


class _Part(msgspec.Struct, rename="camel", frozen=True):
    pass


class OfferDetails(_Part, frozen=True):
    """``refundable_quantity`` is what has not been given back yet."""

    quantity: int = 1
    refundable_quantity: int | None = None
    consumption_state: str = ""


class ProductLine(_Part, frozen=True):
    """One product of an order."""

    product_id: str = ""
    product_offer_details: OfferDetails = OfferDetails()


class PurchaseState(_Part, frozen=True):
    """``PURCHASED``, ``CANCELLED`` or ``PENDING``."""

    purchase_state: str = ""


class ProductPurchase(_Part, frozen=True):
    """``purchases.productsv2``: something bought once."""

    product_line_item: list[ProductLine] = []
    purchase_state_context: PurchaseState = PurchaseState()
    test_purchase_context: dict[str, object] | None = None
    order_id: str = ""
    obfuscated_external_account_id: str = ""
    purchase_completion_time: Moment | None = None


class AutoRenewingPlan(_Part, frozen=True):
    """Whether it goes on by itself; Google leaves false values out."""

    auto_renew_enabled: bool = False


class DeferredReplacement(_Part, frozen=True):
    """What the next period will be of."""

    product_id: str = ""


class ItemReplacement(_Part, frozen=True):
    """How it took the place of another: at once, or (``DEFERRED``) with a new period."""

    replacement_mode: str = ""


class SubscriptionLine(_Part, frozen=True):
    """One product of a subscription. Without an order, the person does not own it yet."""

    product_id: str = ""
    expiry_time: Moment | None = None
    latest_successful_order_id: str = ""
    auto_renewing_plan: AutoRenewingPlan | None = None
    prepaid_plan: dict[str, object] | None = None
    deferred_item_replacement: DeferredReplacement | None = None
    item_replacement: ItemReplacement = ItemReplacement()


class AccountIdentifiers(_Part, frozen=True):
    """What the app named the person by when the purchase was made."""

    obfuscated_external_account_id: str = ""


class OutOfApp(_Part, frozen=True):
    """Of a subscription taken up again in Google's own app, which knows no account of ours."""

    expired_external_account_identifiers: AccountIdentifiers = AccountIdentifiers()


class UserCancellation(_Part, frozen=True):
    """When the person cancelled."""

    cancel_time: Moment | None = None


class Cancellation(_Part, frozen=True):
    """Who cancelled; only the person's own cancellation has a time."""

    user_initiated_cancellation: UserCancellation | None = None
    replacement_cancellation: dict[str, object] | None = None


class Subscription(_Part, frozen=True):
    """``purchases.subscriptionsv2``."""

    subscription_state: str = ""
    line_items: list[SubscriptionLine] = []
    start_time: Moment | None = None
    latest_order_id: str = ""
    linked_purchase_token: str = ""
    acknowledgement_state: str = ""
    external_account_identifiers: AccountIdentifiers = AccountIdentifiers()
    out_of_app_purchase_context: OutOfApp = OutOfApp()
    canceled_state_context: Cancellation = Cancellation()
    test_purchase: dict[str, object] | None = None


class GoogleMoney(_Part, frozen=True):
    """``units`` and billionths."""

    currency_code: str = ""
    units: int = 0
    nanos: int = 0


class SubscriptionDetails(_Part, frozen=True):
    """The period that an order paid, as it was when it was paid."""

    service_period_start_time: Moment | None = None
    service_period_end_time: Moment | None = None


class OrderLine(_Part, frozen=True):
    """One product of an order."""

    product_id: str = ""
    subscription_details: SubscriptionDetails = SubscriptionDetails()


class OrderEvent(_Part, frozen=True):
    """When something happened to an order."""

    event_time: Moment | None = None


class RefundDetails(_Part, frozen=True):
    """What was given back, tax included."""

    total: GoogleMoney = GoogleMoney()


class PartialRefund(_Part, frozen=True):
    """Money given back of an order that otherwise stands."""

    state: str = ""
    create_time: Moment | None = None
    process_time: Moment | None = None
    refund_details: RefundDetails = RefundDetails()


class OrderHistory(_Part, frozen=True):
    """What happened to an order, and when."""

    processed_event: OrderEvent = OrderEvent()
    refund_event: OrderEvent | None = None
    partial_refund_events: list[PartialRefund] = []


class Order(_Part, frozen=True):
    """``orders``: one payment."""

    order_id: str = ""
    purchase_token: str = ""
    state: str = ""
    create_time: Moment | None = None
    line_items: list[OrderLine] = []
    order_history: OrderHistory = OrderHistory()
    total: GoogleMoney | None = None


class Orders(_Part, frozen=True):
    """``orders.batchGet``."""

    orders: list[Order] = []


class VoidedPurchase(_Part, frozen=True):
    """``voided_quantity`` is set when only some of several units were given back."""

    purchase_token: str = ""
    order_id: str = ""
    voided_time_millis: int = 0
    voided_quantity: int | None = None


class TokenPagination(_Part, frozen=True):
    """Where the next page begins."""

    next_page_token: str = ""


class VoidedPurchases(_Part, frozen=True):
    """One page of ``purchases.voidedpurchases``."""

    voided_purchases: list[VoidedPurchase] = []
    token_pagination: TokenPagination = TokenPagination()


class ErrorReason(_Part, frozen=True):
    """Google's word for what is wrong."""

    reason: str = ""


class ErrorBody(_Part, frozen=True):
    """Google's usual error."""

    errors: list[ErrorReason] = []
    status: str = ""


class ErrorAnswer(_Part, frozen=True):
    """What comes with a status that is no success."""

    error: ErrorBody = ErrorBody()


def decode(body: bytes, shape: type[_T]) -> _T:
    """Raises ``msgspec.DecodeError`` for what is no JSON, or JSON of another shape."""
    return msgspec.convert(_told(msgspec.json.decode(body)), type=shape, strict=False)


def _told(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Without what is null: Google leaves out what it does not say, others do not."""
    if isinstance(value, dict):
        return {key: _told(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_told(one) for one in value]
    return value
