"""Routes as values: who may come, how often, what goes in, what comes out.

A module of routes declares each one with a decorator; ``app`` serves them and ``openapi``
describes them from the same declaration.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum, auto
from typing import Any, Generic, Required, TypedDict, TypeVar, Unpack

from attrs import Factory, define, frozen
from msgspec import Struct

from application.accounts.callers import Caller
from domain.accounts import User
from domain.errors import DomainError, Unauthenticated
from domain.first_time import FirstTime
from entrypoints.http.answers import JSON, Answer
from entrypoints.http.query_input import NoQuery
from entrypoints.http.request import HttpRequest, HttpResponse
from entrypoints.http.services import HttpSettings, Services

BodyT = TypeVar("BodyT")
QueryT = TypeVar("QueryT")

READING = frozenset({"GET"})


class Access(Enum):
    """Who may call a route."""

    PUBLIC = auto()
    OPTIONAL = auto()
    """Everybody; whoever sends a token must send a good one, and sees more."""
    USER = auto()
    FRESH = auto()
    """A user whose account stands at this moment, not merely within the last minute: money."""
    ADMIN = auto()
    """Fresh, and with the claim ``admin``."""
    CONSOLE = auto()
    """The same, but the token comes in the cookie of the console's sign-in, and only there."""


class Rate(Enum):
    """What a call is counted against."""

    NONE = auto()
    """Nothing: probes and pages that cost next to nothing."""
    NORMAL = auto()
    """The address's limit and, once one is known, the user's."""
    STRICT = auto()
    """The same, but refused when the shared counter is away."""


class Keys(Enum):
    """What a mutating route does with an ``Idempotency-Key``."""

    NONE = auto()
    """Nothing to do: the route reads, or its user is not known or will be gone."""
    OPTIONAL = auto()
    REQUIRED = auto()
    TURN = auto()
    """The key belongs to the turn, which keeps it for itself."""


@frozen
class Call(Generic[BodyT, QueryT]):
    """One call of a route, admitted and read; ``body`` and ``query`` are what it declares."""

    services: Services
    settings: HttpSettings
    request: HttpRequest
    address: str
    caller: Caller | None
    raw: bytes
    """The body as it came, for fingerprints."""
    body: BodyT
    query: QueryT
    first: FirstTime | None = None
    """Where what this call creates has its ids from, if it came with an ``Idempotency-Key``."""

    @property
    def user(self) -> User:
        """The account of whoever calls; raises ``Unauthenticated`` on a route open to anybody."""
        return self.known_caller.user

    @property
    def known_caller(self) -> Caller:
        """Whoever calls, as identified; raises as ``user`` does."""
        if self.caller is None:
            raise Unauthenticated("Sign in first.")
        return self.caller


Reader = Call[None, NoQuery]
"""A call without a body and without a query string."""
Handler = Callable[..., Awaitable[Answer | HttpResponse]]
HandlerT = TypeVar("HandlerT", bound=Handler)


Urgency = Callable[..., Awaitable[bool]]
"""Tells of a ``Call`` whether it must be answered although its guard refuses it.

Such a call may have no ``caller``: one whose token is good, but whose account cannot be had.
"""


@frozen
class Upload:
    """A body that is a file: the handler finds its bytes in ``Call.body``."""

    limit: int
    """Bytes, in place of what bodies may have otherwise."""
    media: tuple[str, ...]
    """What it may say that it is; nothing is believed of it."""


class RouteOptions(TypedDict, total=False):
    """What a declaration says of its route; see ``Route``."""

    access: Required[Access]
    rate: Required[Rate]
    keys: Keys
    body: type[Any]
    is_body_optional: bool
    upload: Upload
    is_form: bool
    query: type[Struct]
    status: int
    answers: type[Any]
    media: str
    files: tuple[str, ...]
    revalidates: bool
    events: type[Struct]
    also: Mapping[int, type[Struct]]
    refuses: tuple[type[DomainError], ...]
    is_documented: bool
    is_urgent: Urgency


@frozen(kw_only=True)
class Route:
    """One route; ``path`` is in the router's own syntax, such as ``/v1/things/<thing_id>``."""

    method: str
    path: str
    handler: Handler
    tag: str
    access: Access
    rate: Rate
    keys: Keys = Keys.NONE
    body: type[Any] | None = None
    is_body_optional: bool = False
    upload: Upload | None = None
    is_form: bool = False
    """Whether the body is what browsers send for a form; with ``upload``, also one with a file."""
    query: type[Struct] = NoQuery
    status: int = 200
    answers: type[Any] | None = None
    """The shape of a success; None for one without a body."""
    media: str = JSON
    """The media type of that shape."""
    files: tuple[str, ...] = ()
    """The media types of a success that is a file."""
    revalidates: bool = False
    """Whether somebody who has the latest is told so, by its ``ETag``."""
    events: type[Struct] | None = None
    """The data of the events, where a success may come as a stream of them."""
    also: Mapping[int, type[Struct]] = Factory(dict)
    """Other answers that are not errors in our usual shape, by status."""
    refuses: tuple[type[DomainError], ...] = ()
    """The refusals of this route beyond those that all routes of its kind have."""
    is_documented: bool = True
    is_urgent: Urgency | None = None
    """Asked when the limit refuses a call, or limit or account cannot be had; None: refused."""

    @property
    def name(self) -> str:
        """Its name in the document and in metrics, unique over all routes."""
        return self.handler.__name__

    @property
    def is_reading(self) -> bool:
        """Whether calling it changes nothing."""
        return self.method in READING


@define
class Routes:
    """The routes of one subject; ``tag`` is their heading in the documentation."""

    tag: str
    all: list[Route] = Factory(list)

    def add(
        self, method: str, path: str, **options: Unpack[RouteOptions]
    ) -> Callable[[HandlerT], HandlerT]:
        """Declare the decorated function as the route's handler.

        It is called with the ``Call`` and with the variables of the path by name.
        """

        def declare(handler: HandlerT) -> HandlerT:
            route = Route(method=method, path=path, handler=handler, tag=self.tag, **options)
            self.all.append(route)
            return handler

        return declare
