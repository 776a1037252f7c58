"""In at the console, and out again. The ID token is kept in a cookie that only it can read."""

import secrets
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from application.accounts.authenticate import AuthenticateCommand
from application.accounts.issue_token import IssueTokenCommand
from domain.errors import AccountSuspended, DomainError, Forbidden, NotFound, Unauthenticated
from entrypoints.console.assets import MEDIA_TYPES, asset
from entrypoints.http.answers import Answer
from entrypoints.http.console import HEADERS, HOME, SIGN_IN, action, check_form, rendered
from entrypoints.http.console_errors import page_to_return_to
from entrypoints.http.errors import outcome_of
from entrypoints.http.forms import Form
from entrypoints.http.guard import CONSOLE_COOKIE, checked_token
from entrypoints.http.query_input import MAX_TEXT, NoQuery
from entrypoints.http.routing import Access, Call, Rate, Reader, Routes

routes = Routes("Console: sign-in")
development = Routes("Console: sign-in in development")

FORM_COOKIE: Final = "companion_console_form"
"""Binds the form of the sign-in, when nobody is signed in yet, to the browser that asked for it."""
_SECONDS: Final = 3_600
"""No ID token lives longer."""
_MOST_IN_COOKIE: Final = 3_900
"""Characters: browsers keep cookies of 4,096 bytes."""
_ASSET_HEADERS: Final = {
    "Cache-Control": "public, max-age=3600",
    "X-Content-Type-Options": "nosniff",
}


class SignInQuery(Struct, frozen=True):
    """Where to go afterwards."""

    next: Annotated[str, Meta(max_length=MAX_TEXT)] = HOME


@routes.add(
    "GET", "/admin/assets/<name>", access=Access.PUBLIC, rate=Rate.NONE, is_documented=False
)
async def get_console_asset(_call: Reader, name: str) -> Answer:
    """A file that the pages load."""
    contents = asset(name)
    if contents is None:
        raise NotFound("There is no such file.")
    media = MEDIA_TYPES[name.rpartition(".")[2]]
    return Answer(contents, headers=_ASSET_HEADERS, content_type=media)


@routes.add(
    "GET",
    SIGN_IN,
    access=Access.PUBLIC,
    rate=Rate.NONE,
    query=SignInQuery,
    is_documented=False,
)
async def get_console_sign_in(call: Call[None, SignInQuery]) -> Answer:
    """The form to sign in with."""
    return _form(call, page_to_return_to(call.query.next))


@routes.add(
    "POST", SIGN_IN, access=Access.PUBLIC, rate=Rate.NORMAL, is_form=True, is_documented=False
)
async def sign_in_to_console(call: Call[Form, NoQuery]) -> Answer:
    """Take an administrator's ID token."""
    _check(call)
    return await _signed_in(call, call.body.text("token"))


@development.add(
    "POST",
    "/admin/sign-in/development",
    access=Access.PUBLIC,
    rate=Rate.NORMAL,
    is_form=True,
    is_documented=False,
)
async def sign_in_in_development(call: Call[Form, NoQuery]) -> Answer:
    """Sign in as an administrator that the local issuer makes up."""
    _check(call)
    wish = IssueTokenCommand(call.body.text("user_id") or "admin", {"admin": True})
    return await _signed_in(call, (await call.services.issue_token(wish)).id_token)


@action(routes, "/admin/sign-out")
async def sign_out_of_console(call: Call[Form, NoQuery]) -> Answer:
    """Forget the token in this browser."""
    headers = {**HEADERS, "Location": SIGN_IN, "Set-Cookie": _cookie(call, CONSOLE_COOKIE, "", 0)}
    return Answer(b"", 303, headers, None)


async def _signed_in(call: Call[Form, NoQuery], token: str) -> Answer:
    back = page_to_return_to(call.body.text("next"))
    try:
        await _check_admin(call, token)
    except (Unauthenticated, AccountSuspended, Forbidden) as refused:
        return _form(call, back, refused)
    cookie = _cookie(call, CONSOLE_COOKIE, token, _SECONDS)
    return Answer(b"", 303, {**HEADERS, "Location": back, "Set-Cookie": cookie}, None)


async def _check_admin(call: Call[Form, NoQuery], token: str) -> None:
    if len(token) > _MOST_IN_COOKIE:
        raise Unauthenticated("This token is too long for a browser to keep.")
    command = AuthenticateCommand(checked_token(token), call.address, fresh=True)
    caller = await call.services.authenticate(command)
    if not caller.identity.is_admin:
        raise Forbidden("This account is not an administrator's.")


def _form(call: Call[Any, Any], back: str, refused: DomainError | None = None) -> Answer:
    csrf = secrets.token_hex(32)
    answer = rendered(
        "sign_in.html",
        code=outcome_of(type(refused)).status if refused else 200,
        problem=refused.message if refused else None,
        has_local_issuer=call.settings.has_local_issuer,
        next=back,
        csrf=csrf,
    )
    headers = {**answer.headers, "Set-Cookie": _cookie(call, FORM_COOKIE, csrf, _SECONDS)}
    return Answer(answer.body, answer.status, headers, answer.content_type)


def _check(call: Call[Form, NoQuery]) -> None:
    check_form(call.request, call.body, call.request.cookies.get(FORM_COOKIE, ""))


def _cookie(call: Call[Any, Any], name: str, value: str, seconds: int) -> str:
    # Development is served without TLS.
    secure = "" if call.settings.is_development else "; Secure"
    return f"{name}={value}; Path={HOME}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
