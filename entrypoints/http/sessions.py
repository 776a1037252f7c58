"""Conversations and their messages."""

from application.chat.create_session import CreateSessionCommand
from domain.errors import Forbidden, NotFound, TierRequired
from entrypoints.http.answers import NO_CONTENT, Answer, answer
from entrypoints.http.query_input import NoQuery, NumberedPageQuery, PageQuery
from entrypoints.http.routing import Access, Call, Keys, Rate, Reader, Routes
from entrypoints.http.schemas.chat import (
    Message,
    MessagePage,
    NewReport,
    NewSession,
    Report,
    Session,
    SessionChange,
    SessionPage,
)

routes = Routes("Sessions")


@routes.add(
    "GET",
    "/v1/chat/sessions",
    access=Access.USER,
    rate=Rate.NORMAL,
    query=PageQuery,
    answers=SessionPage,
)
async def list_sessions(call: Call[None, PageQuery]) -> Answer:
    """One's own sessions, newest first."""
    page = await call.services.list_sessions(
        call.user.id, limit=call.query.limit, cursor=call.query.cursor
    )
    return answer(SessionPage([Session.of(one) for one in page.items], page.next_cursor))


@routes.add(
    "POST",
    "/v1/chat/sessions",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    body=NewSession,
    status=201,
    answers=Session,
    refuses=(NotFound, TierRequired, Forbidden),
)
async def create_session(call: Call[NewSession, NoQuery]) -> Answer:
    """Begin a session; its first message is the character's greeting."""
    command = CreateSessionCommand(call.user, call.body.character_id, call.body.title, call.first)
    return answer(Session.of(await call.services.create_session(command)), 201)


@routes.add(
    "GET",
    "/v1/chat/sessions/<session_id>",
    access=Access.USER,
    rate=Rate.NORMAL,
    answers=Session,
    refuses=(NotFound,),
)
async def get_session(call: Reader, session_id: str) -> Answer:
    """Show a session."""
    return answer(Session.of(await call.services.get_session(call.user.id, session_id)))


@routes.add(
    "PATCH",
    "/v1/chat/sessions/<session_id>",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    body=SessionChange,
    answers=Session,
    refuses=(NotFound,),
)
async def rename_session(call: Call[SessionChange, NoQuery], session_id: str) -> Answer:
    """Give a session another title."""
    renamed = await call.services.rename_session(call.user.id, session_id, call.body.title)
    return answer(Session.of(renamed))


@routes.add(
    "DELETE",
    "/v1/chat/sessions/<session_id>",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    status=204,
    refuses=(NotFound,),
)
async def delete_session(call: Reader, session_id: str) -> Answer:
    """Delete a session with its messages and with what was remembered of it."""
    await call.services.delete_session(call.user.id, session_id)
    return NO_CONTENT


@routes.add(
    "GET",
    "/v1/chat/sessions/<session_id>/messages",
    access=Access.USER,
    rate=Rate.NORMAL,
    query=NumberedPageQuery,
    answers=MessagePage,
    refuses=(NotFound,),
)
async def list_messages(call: Call[None, NumberedPageQuery], session_id: str) -> Answer:
    """A session's messages, newest first."""
    page = await call.services.list_messages(
        call.user.id, session_id, limit=call.query.limit, cursor=call.query.cursor
    )
    return answer(MessagePage([Message.of(one) for one in page.items], page.next_cursor))


@routes.add(
    "DELETE",
    "/v1/chat/messages/<message_id>",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    status=204,
    refuses=(NotFound,),
)
async def delete_message(call: Reader, message_id: str) -> Answer:
    """Take back what was said, and what was learnt from it.

    One's own message goes with the replies to it, a reply goes alone.
    """
    await call.services.delete_message(call.user.id, message_id)
    return NO_CONTENT


@routes.add(
    "POST",
    "/v1/chat/messages/<message_id>/report",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    body=NewReport,
    is_body_optional=True,
    status=201,
    answers=Report,
    refuses=(NotFound,),
)
async def report_message(call: Call[NewReport, NoQuery], message_id: str) -> Answer:
    """Report what a character said; reporting it again keeps the first report."""
    report_id = await call.services.report_message(call.user.id, message_id, call.body.reason)
    return answer(Report(report_id, message_id), 201)
