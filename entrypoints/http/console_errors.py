"""Refusals and faults, as pages of the console; imported when there is one to show."""

import re
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import msgspec

from domain.errors import AccountSuspended, Unauthenticated
from entrypoints.http.answers import Answer
from entrypoints.http.console import HEADERS, HOME, HTML, SIGN_IN, csrf_token, rendered
from entrypoints.http.errors import error_answer
from entrypoints.http.request import HttpRequest
from entrypoints.http.schemas.errors import ErrorAnswer

_PAGE: Final = re.compile(r"/admin(/(?!\.)[\w.:%-]+)*", re.ASCII)
_KEPT: Final = ("Retry-After", "Allow")


def is_console(path: str) -> bool:
    """Whether this is one of the console's addresses."""
    return path == HOME or path.startswith(f"{HOME}/")


def page_to_return_to(path: str) -> str:
    """The path, if it is one of our pages; the first page otherwise."""
    return path if _PAGE.fullmatch(path) and not path.startswith(SIGN_IN) else HOME


def console_error(error: Exception, request: HttpRequest) -> Answer:
    """The page that says what went wrong; whoever is not signed in is led there."""
    plain = error_answer(error, request.id)
    if isinstance(error, Unauthenticated):
        if request.method != "GET" or "HX-Request" in request.headers:
            text = "Your sign-in is over. Sign in again."
            return Answer(text.encode(), 401, {**HEADERS, "HX-Redirect": SIGN_IN}, HTML)
        back = page_to_return_to(request.path)
        query = f"?{urlencode({'next': back})}" if back != HOME else ""
        return Answer(b"", 303, {**HEADERS, "Location": f"{SIGN_IN}{query}"}, None)
    told = msgspec.json.decode(plain.body, type=ErrorAnswer).error
    answer = rendered(
        "error.html",
        code=plain.status,
        heading=HTTPStatus(plain.status).phrase,
        message=told.message,
        param=told.param,
        request_id=told.request_id,
        may_sign_out=not isinstance(error, AccountSuspended),
        csrf=csrf_token(request),
        back=page_to_return_to(request.path.rpartition("/")[0] or HOME),
    )
    kept = {name: plain.headers[name] for name in _KEPT if name in plain.headers}
    return Answer(answer.body, answer.status, {**answer.headers, **kept}, HTML)
