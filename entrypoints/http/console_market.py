"""The inbox of the stores' messages, and what is owed to the stores, on the console."""

from urllib.parse import quote

from application.ports.inbox import InboxState
from domain.errors import InvalidRequest
from entrypoints.http import admin_actions
from entrypoints.http.answers import Answer
from entrypoints.http.console import DonePageQuery, action, page, redirect, shown
from entrypoints.http.forms import Form
from entrypoints.http.query_input import MAX_TEXT, NoQuery
from entrypoints.http.routing import Call, Reader, Routes
from entrypoints.http.schemas.admin_market import Errand, StoreEvent, StoreEventWithBody

routes = Routes("Console: market")


class InboxQuery(DonePageQuery, frozen=True):
    """Which messages to show."""

    state: InboxState | None = None


@page(routes, "/admin/inbox", InboxQuery)
async def get_console_inbox(call: Call[None, InboxQuery]) -> Answer:
    """Messages from the stores, newest first."""
    query = call.query
    found = await call.services.list_store_events(
        state=query.state, limit=query.limit, cursor=query.cursor
    )
    return shown(
        call,
        "inbox.html",
        events=[StoreEvent.of(one) for one in found.items],
        next_cursor=found.next_cursor,
        state=query.state,
        states=list(InboxState),
    )


@page(routes, "/admin/inbox/<event_id>")
async def get_console_event(call: Reader, event_id: str) -> Answer:
    """One message with its body."""
    found = StoreEventWithBody.of(await call.services.get_store_event(event_id))
    return shown(call, "event.html", event=found.event, body=found.body)


@action(routes, "/admin/inbox/<event_id>/replay")
async def replay_console_event(call: Call[Form, NoQuery], event_id: str) -> Answer:
    """Apply a message again."""
    message = await admin_actions.replay_event(call, event_id)
    return redirect(f"/admin/inbox/{quote(message.id, safe=':')}", "replayed")


@action(routes, "/admin/inbox/<event_id>/assign")
async def assign_console_event(call: Call[Form, NoQuery], event_id: str) -> Answer:
    """Say whose a message is, and apply it."""
    name = call.body.text("user_id")
    if not 0 < len(name) <= MAX_TEXT:
        raise InvalidRequest("Whose is it? Give an account's id.", param="user_id")
    user = await call.services.find_users.one(name)
    message = await admin_actions.replay_event(call, event_id, user.id)
    return redirect(f"/admin/inbox/{quote(message.id, safe=':')}", "assigned")


@page(routes, "/admin/errands")
async def get_console_errands(call: Reader) -> Answer:
    """What we owe the stores and could not do."""
    parked = await call.services.list_errands()
    return shown(call, "errands.html", errands=[Errand.of(one) for one in parked])
