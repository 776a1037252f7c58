"""What was counted by day, for administrators."""

from domain.errors import InvalidRequest
from entrypoints.http.answers import Answer, answer
from entrypoints.http.routing import Access, Call, Rate, Routes
from entrypoints.http.schemas.analytics import Analytics, AnalyticsQuery

routes = Routes("Administration: analytics")


@routes.add(
    "GET",
    "/v1/admin/analytics",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=AnalyticsQuery,
    answers=Analytics,
    refuses=(InvalidRequest,),
)
async def get_analytics(call: Call[None, AnalyticsQuery]) -> Answer:
    """People, turns, credits, revenue and costs by day; they are counted every few minutes."""
    query = call.query
    found = await call.services.get_analytics(first=query.first, last=query.last)
    return answer(Analytics.of(found))
