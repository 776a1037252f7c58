"""Flags and reports on the console, with what was decided on them."""

from domain.errors import InvalidRequest
from domain.safety.reviews import Decision, ReviewStatus
from entrypoints.http import admin_actions
from entrypoints.http.answers import Answer
from entrypoints.http.console import DonePageQuery, action, page, redirect, shown
from entrypoints.http.forms import Form
from entrypoints.http.query_input import NoQuery
from entrypoints.http.routing import Call, Routes
from entrypoints.http.schemas.safety import MAX_NOTE, ManagedReport, ModerationFlag

routes = Routes("Console: reviews")


class QueueQuery(DonePageQuery, frozen=True):
    """Which part of a queue to show."""

    status: ReviewStatus | None = None


@page(routes, "/admin/moderation", QueueQuery)
async def get_console_flags(call: Call[None, QueueQuery]) -> Answer:
    """What the safety rules found."""
    query = call.query
    found = await call.services.list_flags(
        status=query.status, limit=query.limit, cursor=query.cursor
    )
    return shown(
        call,
        "moderation.html",
        flags=[ModerationFlag.of(one) for one in found.items],
        next_cursor=found.next_cursor,
        status=query.status,
        decisions=list(Decision),
    )


@action(routes, "/admin/moderation/<user_id>/<flag_id>")
async def review_console_flag(call: Call[Form, NoQuery], user_id: str, flag_id: str) -> Answer:
    """Decide on a flag."""
    decision, note = _decision(call.body)
    await admin_actions.review_flag(call, user_id, flag_id, decision, note)
    return redirect("/admin/moderation", "reviewed", status="open")


@page(routes, "/admin/reports", QueueQuery)
async def get_console_reports(call: Call[None, QueueQuery]) -> Answer:
    """What people reported."""
    query = call.query
    found = await call.services.list_reports(
        status=query.status, limit=query.limit, cursor=query.cursor
    )
    return shown(
        call,
        "reports.html",
        reports=[ManagedReport.of(one) for one in found.items],
        next_cursor=found.next_cursor,
        status=query.status,
        decisions=list(Decision),
    )


@action(routes, "/admin/reports/<user_id>/<report_id>")
async def review_console_report(call: Call[Form, NoQuery], user_id: str, report_id: str) -> Answer:
    """Decide on a report."""
    decision, note = _decision(call.body)
    await admin_actions.review_report(call, user_id, report_id, decision, note)
    return redirect("/admin/reports", "reviewed", status="open")


def _decision(form: Form) -> tuple[Decision, str]:
    note = form.text("note")
    if len(note) > MAX_NOTE:
        raise InvalidRequest(f"A note has at most {MAX_NOTE} characters.", param="note")
    try:
        return Decision(form.text("decision")), note
    except ValueError:
        raise InvalidRequest("Choose a decision.", param="decision") from None
