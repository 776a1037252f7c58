"""What the stores said that nobody could apply, and what is owed to them, for administrators."""

from domain.errors import NotFound
from entrypoints.http import admin_actions
from entrypoints.http.answers import Answer, answer
from entrypoints.http.query_input import PageQuery
from entrypoints.http.routing import Access, Call, Keys, Rate, Reader, Routes
from entrypoints.http.schemas.admin_market import (
    Errand,
    ErrandPage,
    StoreEvent,
    StoreEventPage,
    StoreEventQuery,
    StoreEventWithBody,
)
from entrypoints.http.schemas.market import Purchase, PurchasePage

routes = Routes("Administration: market")


@routes.add(
    "GET",
    "/v1/admin/market/events",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=StoreEventQuery,
    answers=StoreEventPage,
)
async def list_store_events(call: Call[None, StoreEventQuery]) -> Answer:
    """Messages from the stores, newest first; `?state=parked` are those for a person to look at."""
    query = call.query
    page = await call.services.list_store_events(
        state=query.state, limit=query.limit, cursor=query.cursor
    )
    return answer(StoreEventPage([StoreEvent.of(one) for one in page.items], page.next_cursor))


@routes.add(
    "GET",
    "/v1/admin/market/events/<event_id>",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    answers=StoreEventWithBody,
    refuses=(NotFound,),
)
async def get_store_event(call: Reader, event_id: str) -> Answer:
    """One message, as it came."""
    return answer(StoreEventWithBody.of(await call.services.get_store_event(event_id)))


@routes.add(
    "POST",
    "/v1/admin/market/events/<event_id>/replay",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    answers=StoreEvent,
    refuses=(NotFound,),
)
async def replay_store_event(call: Reader, event_id: str) -> Answer:
    """Apply a message again; what it did before is not done twice."""
    return answer(StoreEvent.of(await admin_actions.replay_event(call, event_id)))


@routes.add(
    "POST",
    "/v1/admin/market/events/<event_id>/assign/<user_id>",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    answers=StoreEvent,
    refuses=(NotFound,),
)
async def assign_store_event(call: Reader, event_id: str, user_id: str) -> Answer:
    """Say whose a message is of which the store does not say so, and apply it."""
    return answer(StoreEvent.of(await admin_actions.replay_event(call, event_id, user_id)))


@routes.add(
    "GET",
    "/v1/admin/market/errands",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    answers=ErrandPage,
)
async def list_errands(call: Reader) -> Answer:
    """What we owe the stores and could not do, oldest first."""
    parked = await call.services.list_errands()
    return answer(ErrandPage([Errand.of(one) for one in parked]))


@routes.add(
    "GET",
    "/v1/admin/users/<user_id>/purchases",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=PageQuery,
    answers=PurchasePage,
)
async def list_purchases_of_user(call: Call[None, PageQuery], user_id: str) -> Answer:
    """What somebody has bought, newest first."""
    page = await call.services.list_purchases(
        user_id, limit=call.query.limit, cursor=call.query.cursor
    )
    return answer(PurchasePage([Purchase.of(one) for one in page.items], page.next_cursor))
