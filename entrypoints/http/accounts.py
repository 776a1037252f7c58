"""Signing in, and what belongs to a person's own account."""

from typing import Any

import msgspec

from application.accounts.authenticate import AuthenticateCommand
from application.accounts.update_profile import UpdateProfileCommand
from domain import accounts
from domain.errors import AccountSuspended, Unauthenticated
from entrypoints.http.answers import NO_CONTENT, Answer, answer
from entrypoints.http.guard import checked_token
from entrypoints.http.query_input import NoQuery
from entrypoints.http.routing import Access, Call, Keys, Rate, Reader, Routes
from entrypoints.http.schemas.accounts import (
    Export,
    Notice,
    ProfileChange,
    SignedIn,
    SignIn,
    Standing,
    User,
)

routes = Routes("Accounts")


@routes.add(
    "POST",
    "/v1/auth/login",
    access=Access.PUBLIC,
    rate=Rate.NORMAL,
    body=SignIn,
    answers=SignedIn,
    refuses=(Unauthenticated, AccountSuspended),
)
async def login(call: Call[SignIn, NoQuery]) -> Answer:
    """Sign in.

    Creates the account at first sight of a person. Signing in again changes nothing, so there is
    no need for an idempotency key.
    """
    token = checked_token(call.body.id_token)
    caller = await call.services.authenticate(AuthenticateCommand(token, call.address, fresh=True))
    due = await call.services.find_due_notices(caller.user)
    notices = [Notice.of(notice) for notice in due]
    return answer(SignedIn(await _shown(call, caller.user), caller.is_new, notices))


@routes.add("GET", "/v1/auth/me", access=Access.USER, rate=Rate.NORMAL, answers=User)
async def get_profile(call: Reader) -> Answer:
    """Show one's own profile."""
    # As it is now: the caller may be remembered from before another process changed it.
    return answer(await _shown(call, await call.services.find_users.one(call.user.id)))


@routes.add(
    "PATCH",
    "/v1/auth/me",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    body=ProfileChange,
    answers=User,
)
async def update_profile(call: Call[ProfileChange, NoQuery]) -> Answer:
    """Change one's own profile."""
    change = call.body
    command = UpdateProfileCommand(call.user, change.display_name, change.country, change.age_band)
    return answer(await _shown(call, await call.services.update_profile(command)))


@routes.add("DELETE", "/v1/auth/me", access=Access.FRESH, rate=Rate.NORMAL, status=204)
async def erase_account(call: Reader) -> Answer:
    """Erase one's account.

    Messages, memories and the sign-in are deleted for good; the ledger stays without the person.
    Safe to repeat.
    """
    await call.services.erase_account(call.known_caller)
    return NO_CONTENT


@routes.add("GET", "/v1/auth/me/export", access=Access.FRESH, rate=Rate.NORMAL, answers=Export)
async def export_account(call: Reader) -> Answer:
    """Everything held about oneself, as one JSON document."""
    held = await call.services.export_account(call.user)
    about = {"profile": await _shown(call, call.user), "standing": Standing.of(call.user)}
    return answer({**msgspec.to_builtins(about), **held})


@routes.add(
    "POST",
    "/v1/auth/logout",
    access=Access.USER,
    rate=Rate.NORMAL,
    keys=Keys.OPTIONAL,
    status=204,
)
async def log_out(call: Reader) -> Answer:
    """Sign out everywhere: tokens issued before are refused from now on."""
    await call.services.log_out(call.known_caller)
    return NO_CONTENT


async def _shown(call: Call[Any, Any], user: accounts.User) -> User:
    return User.of(user, await call.services.get_holder(user.id))
