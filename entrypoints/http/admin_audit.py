"""What administrators did, for administrators."""

from entrypoints.http.answers import Answer, answer
from entrypoints.http.routing import Access, Call, Rate, Routes
from entrypoints.http.schemas.audit import AuditEntry, AuditPage, AuditQuery

routes = Routes("Administration: audit")


@routes.add(
    "GET",
    "/v1/admin/audit",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=AuditQuery,
    answers=AuditPage,
)
async def list_audit(call: Call[None, AuditQuery]) -> Answer:
    """Who changed what, newest first, here and on the console."""
    query = call.query
    page = await call.services.list_audit(
        actor_id=query.actor_id, subject=query.about, limit=query.limit, cursor=query.cursor
    )
    return answer(AuditPage([AuditEntry.of(one) for one in page.items], page.next_cursor))
