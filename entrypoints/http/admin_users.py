"""Accounts in an administrator's hands. An id is ours or the identity provider's."""

from application.accounts.manage_user import ManageUserCommand
from application.wallet.grant_credits import GrantCreditsCommand
from domain.errors import NotFound
from entrypoints.http import admin_actions
from entrypoints.http.answers import Answer, answer
from entrypoints.http.idempotency import HEADER
from entrypoints.http.query_input import NoQuery
from entrypoints.http.routing import Access, Call, Keys, Rate, Reader, Routes
from entrypoints.http.schemas.accounts import (
    ManagedUser,
    ManagedUserPage,
    Suspension,
    UserChange,
    UserQuery,
)
from entrypoints.http.schemas.wallet import Balance, Grant, Granted

routes = Routes("Administration: users")


@routes.add(
    "GET",
    "/v1/admin/users",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    query=UserQuery,
    answers=ManagedUserPage,
)
async def find_users(call: Call[None, UserQuery]) -> Answer:
    """Accounts, newest first, or the one with an id."""
    query = call.query
    page = await call.services.find_users(
        search=query.search, limit=query.limit, cursor=query.cursor
    )
    return answer(ManagedUserPage([ManagedUser.of(one) for one in page.items], page.next_cursor))


@routes.add(
    "GET",
    "/v1/admin/users/<user_id>",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    answers=ManagedUser,
    refuses=(NotFound,),
)
async def get_user(call: Reader, user_id: str) -> Answer:
    """Show an account."""
    return answer(ManagedUser.of(await call.services.find_users.one(user_id)))


@routes.add(
    "PATCH",
    "/v1/admin/users/<user_id>",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    body=UserChange,
    answers=ManagedUser,
    refuses=(NotFound,),
)
async def change_user(call: Call[UserChange, NoQuery], user_id: str) -> Answer:
    """Suspend or readmit an account, set its tier or its age band."""
    user = await call.services.find_users.one(user_id)
    changed = await admin_actions.manage_user(call, "user.change", call.body.command(user))
    return answer(ManagedUser.of(changed))


@routes.add(
    "POST",
    "/v1/admin/users/<user_id>/suspend",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    body=Suspension,
    is_body_optional=True,
    answers=ManagedUser,
    refuses=(NotFound,),
)
async def suspend_user(call: Call[Suspension, NoQuery], user_id: str) -> Answer:
    """Close an account for now."""
    user = await call.services.find_users.one(user_id)
    command = ManageUserCommand(user, suspended=True, reason=call.body.reason)
    return answer(ManagedUser.of(await admin_actions.manage_user(call, "user.suspend", command)))


@routes.add(
    "POST",
    "/v1/admin/users/<user_id>/unsuspend",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.OPTIONAL,
    answers=ManagedUser,
    refuses=(NotFound,),
)
async def unsuspend_user(call: Reader, user_id: str) -> Answer:
    """Open an account again."""
    user = await call.services.find_users.one(user_id)
    command = ManageUserCommand(user, suspended=False)
    changed = await admin_actions.manage_user(call, "user.readmit", command)
    return answer(ManagedUser.of(changed))


@routes.add(
    "GET",
    "/v1/admin/users/<user_id>/balance",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    answers=Balance,
    refuses=(NotFound,),
)
async def get_user_balance(call: Reader, user_id: str) -> Answer:
    """Show what somebody has to spend."""
    user = await call.services.find_users.one(user_id)
    return answer(Balance.of(await call.services.get_balance(user)))


@routes.add(
    "POST",
    "/v1/admin/users/<user_id>/credits",
    access=Access.ADMIN,
    rate=Rate.STRICT,
    keys=Keys.REQUIRED,
    body=Grant,
    status=201,
    answers=Granted,
    refuses=(NotFound,),
)
async def grant_credits(call: Call[Grant, NoQuery], user_id: str) -> Answer:
    """Give credits, once per idempotency key, also when the first answer was lost."""
    user = await call.services.find_users.one(user_id)
    command = GrantCreditsCommand(
        user_id=user.id,
        amount=call.body.amount,
        bucket=call.body.bucket,
        reason=call.body.reason,
        key=call.request.headers[HEADER],
    )
    return answer(Granted.of(call.body, await admin_actions.grant_credits(call, command)), 201)
