"""What all pages of the console share: how they are declared, shown, and their forms believed.

Who is signed in is checked at each request as at the API's administration, by ``Access.CONSOLE``.
Templates and plots are imported when the first page is asked for: other routes need neither.
"""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from msgspec import Struct

from domain.errors import Forbidden
from entrypoints.http.answers import Answer
from entrypoints.http.forms import Form
from entrypoints.http.guard import CONSOLE_COOKIE
from entrypoints.http.query_input import NoQuery, PageQuery
from entrypoints.http.request import HttpRequest
from entrypoints.http.routing import Access, Call, Rate, Routes, Upload
from entrypoints.http.uploads import FORM

HOME: Final = "/admin"
SIGN_IN: Final = "/admin/sign-in"
HTML: Final = "text/html; charset=utf-8"
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
_SAME_SITE: Final = frozenset({"same-origin", "none"})
_DONE: Final = {
    "assigned": "The message was assigned and applied.",
    "changed": "The account was changed.",
    "granted": "The credits were granted.",
    "imported": "The card was imported.",
    "published": "The character was published.",
    "readmitted": "The account is open again.",
    "replayed": "The message was applied again.",
    "reviewed": "The decision was kept.",
    "run": "The job has run.",
    "same": "Nothing was new: the character stays as it is.",
    "suspended": "The account is suspended.",
}
Handler = Callable[..., Awaitable[Answer]]


class DonePageQuery(PageQuery, frozen=True):
    """Which part of a list, and what has just been done."""

    done: str = ""


class DoneQuery(Struct, frozen=True):
    """What has just been done."""

    done: str = ""


def page(
    routes: Routes, path: str, query: type[Struct] = DoneQuery
) -> Callable[[Handler], Handler]:
    """Declare a page for whoever is signed in."""
    return routes.add(
        "GET", path, access=Access.CONSOLE, rate=Rate.STRICT, query=query, is_documented=False
    )


def action(routes: Routes, path: str, *, limit: int | None = None) -> Callable[[Handler], Handler]:
    """Declare what a form of a page does; ``limit`` are the bytes of one that has a file."""

    def declare(handler: Handler) -> Handler:
        @wraps(handler)
        async def believed(call: Call[Form, NoQuery], **path: str) -> Answer:
            check_form(call.request, call.body, csrf_token(call.request))
            return await handler(call, **path)

        if limit is not None:
            return routes.add(
                "POST",
                path,
                access=Access.CONSOLE,
                rate=Rate.STRICT,
                is_form=True,
                upload=Upload(limit, (FORM,)),
                is_documented=False,
            )(believed)
        return routes.add(
            "POST",
            path,
            access=Access.CONSOLE,
            rate=Rate.STRICT,
            is_form=True,
            is_documented=False,
        )(believed)

    return declare


def shown(call: Call[Any, Any], template: str, *, code: int = 200, **facts: object) -> Answer:
    """The page for whoever is signed in; ``facts`` are what its template speaks of."""
    caller = call.known_caller
    return rendered(
        template,
        code=code,
        admin=caller.identity.email or caller.identity.subject,
        csrf=csrf_token(call.request),
        once=secrets.token_hex(16),
        done=_DONE.get(getattr(call.query, "done", "")),
        path=call.request.path,
        **facts,
    )


def rendered(template: str, *, code: int = 200, **facts: object) -> Answer:
    """The page out of its template."""
    from entrypoints.console.rendering import PAGES  # noqa: PLC0415 - only pages need templates

    return Answer(PAGES.render(template, **facts), code, HEADERS, HTML)


def redirect(path: str, done: str | None = None, **query: str) -> Answer:
    """Lead on to a page, which says what was done."""
    said = {"done": done, **query} if done else query
    location = f"{path}?{urlencode(said)}" if said else path
    return Answer(b"", 303, {**HEADERS, "Location": location}, None)


def csrf_token(request: HttpRequest) -> str:
    """What the forms of this sign-in carry: nobody without the cookie can know it."""
    token = request.cookies.get(CONSOLE_COOKIE, "")
    return hmac.new(token.encode(), b"a form of the console", hashlib.sha256).hexdigest()


def check_form(request: HttpRequest, form: Form, expected: str) -> None:
    """Raise ``Forbidden`` for a form that no page of ours has sent."""
    site = request.headers.get("Sec-Fetch-Site")
    is_ours = site is None or site in _SAME_SITE
    if not (
        is_ours and expected and hmac.compare_digest(form.text("csrf").encode(), expected.encode())
    ):
        raise Forbidden("This form did not come from the console, or is too old: load it again.")
