"""What was flagged and reported, for those who review it, and the counts for the yearly report."""

from domain.errors import InvalidRequest, NotFound
from entrypoints.http import admin_actions
from entrypoints.http.answers import Answer, answer
from entrypoints.http.query_input import NoQuery
from entrypoints.http.routing import Access, Call, Keys, Rate, Routes
from entrypoints.http.schemas.safety import (
    CounterQuery,
    Counters,
    ManagedReport,
    ManagedReportPage,
    ModerationFlag,
    ModerationFlagPage,
    NewReview,
    ReviewQuery,
)

routes = Routes("Administration: safety")


@routes.add(
    "GET",
    "/v1/admin/moderation",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=ReviewQuery,
    answers=ModerationFlagPage,
)
async def list_flags(call: Call[None, ReviewQuery]) -> Answer:
    """What the safety rules found, of all people, newest first."""
    query = call.query
    page = await call.services.list_flags(
        status=query.status, limit=query.limit, cursor=query.cursor
    )
    found = [ModerationFlag.of(one) for one in page.items]
    return answer(ModerationFlagPage(found, page.next_cursor))


@routes.add(
    "POST",
    "/v1/admin/moderation/<user_id>/<flag_id>/review",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    body=NewReview,
    answers=ModerationFlag,
    refuses=(NotFound,),
)
async def review_flag(call: Call[NewReview, NoQuery], user_id: str, flag_id: str) -> Answer:
    """Decide on a flag; deciding again replaces the decision."""
    reviewed = await admin_actions.review_flag(
        call, user_id, flag_id, call.body.decision, call.body.note
    )
    return answer(ModerationFlag.of(reviewed))


@routes.add(
    "GET",
    "/v1/admin/reports",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=ReviewQuery,
    answers=ManagedReportPage,
)
async def list_reports(call: Call[None, ReviewQuery]) -> Answer:
    """What people reported, newest first, each with its message."""
    query = call.query
    page = await call.services.list_reports(
        status=query.status, limit=query.limit, cursor=query.cursor
    )
    found = [ManagedReport.of(one) for one in page.items]
    return answer(ManagedReportPage(found, page.next_cursor))


@routes.add(
    "POST",
    "/v1/admin/reports/<user_id>/<report_id>/review",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    body=NewReview,
    answers=ManagedReport,
    refuses=(NotFound,),
)
async def review_report(call: Call[NewReview, NoQuery], user_id: str, report_id: str) -> Answer:
    """Decide on a report; deciding again replaces the decision."""
    reviewed = await admin_actions.review_report(
        call, user_id, report_id, call.body.decision, call.body.note
    )
    return answer(ManagedReport.of(reviewed))


@routes.add(
    "GET",
    "/v1/admin/safety/counters",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=CounterQuery,
    answers=Counters,
    refuses=(InvalidRequest,),
)
async def get_counters(call: Call[None, CounterQuery]) -> Answer:
    """How often what happened, by day, without texts and without people."""
    query = call.query
    found = await call.services.get_counters(year=query.year, first=query.first, last=query.last)
    return answer(Counters.of(found))
