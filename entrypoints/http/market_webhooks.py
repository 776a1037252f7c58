"""Where the stores send their messages: checked, kept, answered; applied soon after."""

from domain.errors import Forbidden, NotFound, NotGenuine, Unauthenticated
from domain.market.products import Provider
from entrypoints.http.answers import Answer, answer
from entrypoints.http.query_input import NoQuery
from entrypoints.http.routing import Access, Call, Rate, RouteOptions, Routes, Upload
from entrypoints.http.schemas.market import Received

routes = Routes("Market: webhooks")

_MESSAGE: RouteOptions = {
    "access": Access.PUBLIC,
    "rate": Rate.NORMAL,
    "upload": Upload(limit=256 * 1024, media=("application/json",)),
    "answers": Received,
    "refuses": (NotFound, NotGenuine, Unauthenticated, Forbidden),
}


@routes.add("POST", "/v1/market/webhooks/stripe", **_MESSAGE)
async def receive_stripe(call: Call[bytes, NoQuery]) -> Answer:
    """An event from Stripe, signed by the endpoint's secret."""
    return await _receive(call, Provider.STRIPE)


@routes.add("POST", "/v1/market/webhooks/apple", **_MESSAGE)
async def receive_apple(call: Call[bytes, NoQuery]) -> Answer:
    """An App Store Server Notification, version 2."""
    return await _receive(call, Provider.APPLE)


@routes.add("POST", "/v1/market/webhooks/google", **_MESSAGE)
async def receive_google(call: Call[bytes, NoQuery]) -> Answer:
    """A real-time developer notification, pushed by Google Cloud Pub/Sub."""
    return await _receive(call, Provider.GOOGLE)


async def _receive(call: Call[bytes, NoQuery], provider: Provider) -> Answer:
    headers = {name.lower(): value for name, value in call.request.headers.items()}
    await call.services.receive_store_event(provider, call.raw, headers)
    return answer(Received())
