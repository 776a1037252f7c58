"""What is on sale, and what a person has bought."""

from application.market.place_order import PlaceOrderCommand
from domain.errors import Conflict, Forbidden, NotFound, NotGenuine
from domain.market.products import Provider
from entrypoints.http.answers import Answer, answer
from entrypoints.http.idempotency import HEADER
from entrypoints.http.query_input import NoQuery, PageQuery
from entrypoints.http.routing import Access, Call, Keys, Rate, Reader, Routes
from entrypoints.http.schemas.market import (
    NewPurchase,
    PaymentInstructions,
    PlacedPurchase,
    Portal,
    PortalRequest,
    Product,
    ProductPage,
    Purchase,
    PurchasePage,
    StoreAccount,
    Subscription,
)

routes = Routes("Market")


@routes.add("GET", "/v1/market/products", access=Access.USER, rate=Rate.NORMAL, answers=ProductPage)
async def list_products(call: Reader) -> Answer:
    """Everything on sale, in the order in which it is to be shown."""
    catalogue = await call.services.get_catalogue()
    return answer(ProductPage([Product.of(product) for product in catalogue.products]))


@routes.add(
    "GET", "/v1/market/account", access=Access.FRESH, rate=Rate.NORMAL, answers=StoreAccount
)
async def get_store_account(call: Reader) -> Answer:
    """What an app must tell Apple and Google, so that a purchase there belongs to this account."""
    return answer(StoreAccount.of(await call.services.get_holder(call.user.id)))


@routes.add(
    "POST",
    "/v1/market/purchases",
    access=Access.FRESH,
    rate=Rate.NORMAL,
    keys=Keys.REQUIRED,
    body=NewPurchase,
    status=201,
    answers=PlacedPurchase,
    refuses=(NotFound, Forbidden, Conflict, NotGenuine),
)
async def place_order(call: Call[NewPurchase, NoQuery]) -> Answer:
    """Buy something, or hand in what an app store sold.

    An order for another product than that of the subscription that runs changes its plan.
    """
    order = call.body
    is_apple = order.provider is Provider.APPLE
    placed = await call.services.place_order(
        PlaceOrderCommand(
            user=call.user,
            product_id=order.product_id,
            provider=order.provider,
            key=call.request.headers[HEADER],
            proof=order.signed_transaction if is_apple else order.purchase_token,
            on_web=order.checkout,
            return_url=order.return_url or "",
            outcome=order.sandbox_outcome,
        )
    )
    sheet = PaymentInstructions.of(placed.sheet) if placed.sheet else None
    return answer(PlacedPurchase(Purchase.of(placed.purchase), sheet), 201)


@routes.add(
    "GET",
    "/v1/market/purchases",
    access=Access.FRESH,
    rate=Rate.NORMAL,
    query=PageQuery,
    answers=PurchasePage,
)
async def list_purchases(call: Call[None, PageQuery]) -> Answer:
    """What one has bought, newest first."""
    page = await call.services.list_purchases(
        call.user.id, limit=call.query.limit, cursor=call.query.cursor
    )
    return answer(PurchasePage([Purchase.of(one) for one in page.items], page.next_cursor))


@routes.add(
    "GET",
    "/v1/market/purchases/<purchase_id>",
    access=Access.FRESH,
    rate=Rate.NORMAL,
    answers=Purchase,
    refuses=(NotFound,),
)
async def get_purchase(call: Reader, purchase_id: str) -> Answer:
    """One purchase."""
    return answer(Purchase.of(await call.services.get_purchase(call.user.id, purchase_id)))


@routes.add(
    "GET", "/v1/market/subscription", access=Access.FRESH, rate=Rate.NORMAL, answers=Subscription
)
async def get_subscription(call: Reader) -> Answer:
    """The subscription that is not over, if there is one."""
    found = await call.services.get_subscription(call.user.id)
    return answer(Subscription(Purchase.of(found) if found else None, call.user.tier))


@routes.add(
    "POST",
    "/v1/market/subscription/cancel",
    access=Access.FRESH,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    answers=Purchase,
    refuses=(NotFound, Conflict),
)
async def cancel_subscription(call: Reader) -> Answer:
    """Let the subscription end with the period that is paid."""
    return answer(Purchase.of(await call.services.cancel_subscription(call.user.id)))


@routes.add(
    "POST",
    "/v1/market/portal",
    access=Access.FRESH,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    body=PortalRequest,
    is_body_optional=True,
    answers=Portal,
    refuses=(NotFound,),
)
async def open_portal(call: Call[PortalRequest | None, NoQuery]) -> Answer:
    """The store's own page for cards, invoices and ending a subscription."""
    wanted = call.body.return_url if call.body else None
    url = await call.services.open_portal(
        call.user.id, return_url=wanted or str(call.request.host_url)
    )
    return answer(Portal(url))
