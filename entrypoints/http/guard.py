"""Who comes in: authentication first, then the rate limit, for every route alike."""

from typing import Final

from attrs import frozen

from application.accounts.authenticate import Authenticate, AuthenticateCommand
from application.accounts.callers import Caller
from application.operations.limit_request import LimitRequest, LimitRequestCommand
from application.ports.rate_limiter import RateDecision
from domain.errors import (
    AccountSuspended,
    AccountUnavailable,
    Forbidden,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from entrypoints.http.errors import outcome_of
from entrypoints.http.request import HttpRequest, HttpResponse
from entrypoints.http.routing import Access, Rate
from entrypoints.http.schemas.accounts import MAX_TOKEN_CHARACTERS

_ADMINS = frozenset({Access.ADMIN, Access.CONSOLE})
_FRESH = frozenset({Access.FRESH, *_ADMINS})
CONSOLE_COOKIE: Final = "companion_console"
"""Holds the ID token of whoever is signed in at the console."""


@frozen
class Admission:
    """Who came in, and why they must go unless what they say is urgent.

    ``caller`` is None on a route that needs nobody, and, with a refusal, for somebody whose token
    is good but whose account cannot be had.
    """

    caller: Caller | None
    refusal: RateLimited | Unavailable | None


class Guard:
    """Lets a request in, as somebody or as nobody."""

    def __init__(self, authenticate: Authenticate, limit_request: LimitRequest) -> None:
        self._authenticate = authenticate
        self._limit = limit_request

    async def admit(
        self, request: HttpRequest, address: str, access: Access, rate: Rate
    ) -> Admission:
        """Who it is, and whether the request is refused unless it is urgent.

        Raises ``Unauthenticated``, ``AccountSuspended``, ``Forbidden``, and ``Unavailable`` when
        nobody can tell whether the token is good.
        Whoever fails to prove who they are is counted by address all the same, and refused with
        ``RateLimited`` at once.
        """
        try:
            caller = await self._identify(request, address, access)
        except (Unauthenticated, AccountSuspended):
            await self._count(request, address, None, rate)
            raise
        except (AccountUnavailable, RateLimited) as refused:
            return Admission(None, refused)
        refusal: RateLimited | Unavailable | None = None
        try:
            await self._count(request, address, caller, rate)
        except (RateLimited, Unavailable) as refused:
            refusal = refused
        is_admin = caller is not None and caller.identity.is_admin
        if refusal is None and access in _ADMINS and not is_admin:
            raise Forbidden("This is for administrators.")
        return Admission(caller, refusal)

    async def _identify(self, request: HttpRequest, address: str, access: Access) -> Caller | None:
        if access is Access.PUBLIC:
            return None
        header = request.headers.get("Authorization")
        if header is None and access is Access.OPTIONAL:
            return None
        if access is Access.CONSOLE:
            token = checked_token(request.cookies.get(CONSOLE_COOKIE, ""))
        else:
            token = bearer_token(header)
        return await self._authenticate(AuthenticateCommand(token, address, fresh=access in _FRESH))

    async def _count(
        self, request: HttpRequest, address: str, caller: Caller | None, rate: Rate
    ) -> None:
        if rate is Rate.NONE:
            return
        user = caller.user if caller else None
        request.decision = await self._limit(
            LimitRequestCommand(address, user, strict=rate is Rate.STRICT)
        )


def bearer_token(header: str | None) -> str:
    """The token in an ``Authorization`` header; raises ``Unauthenticated`` for anything else."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("Send your ID token: Authorization: Bearer <token>.")
    return checked_token(token.strip())


def checked_token(token: str) -> str:
    """The token, if it may be one at all; raises ``Unauthenticated`` otherwise."""
    if not 0 < len(token) <= MAX_TOKEN_CHARACTERS or not (token.isascii() and token.isprintable()):
        raise Unauthenticated("This is not an ID token.")
    return token


def add_rate_headers(response: HttpResponse, decision: RateDecision | None) -> None:
    """Say what is left, as the IETF's draft on rate-limit headers writes it.

    ``decision`` None: nothing was counted, or the request was refused.
    """
    add = response.headers.add
    if decision is None:
        if response.status_code == outcome_of(RateLimited).status:
            add("RateLimit", f'"default";r=0;t={response.headers["Retry-After"]}')
        return
    limit = decision.limit
    add("RateLimit-Policy", f'"default";q={limit.amount};w={limit.seconds}')
    add("RateLimit", f'"default";r={decision.remaining};t={decision.reset_after}')
