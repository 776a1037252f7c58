"""How every route is served: admit, read, do the work, answer."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, cast

from attrs import evolve
from quart.globals import request_ctx
from werkzeug.exceptions import BadRequest

from domain.errors import NotFound
from domain.first_time import FirstTime
from entrypoints.http.answers import Answer
from entrypoints.http.client_address import client_address
from entrypoints.http.forms import FormReader
from entrypoints.http.guard import Guard
from entrypoints.http.idempotency import HEADER, Repeats, request_key
from entrypoints.http.json_input import JsonReader
from entrypoints.http.query_input import MAX_TEXT, NoQuery, QueryReader, is_unprintable
from entrypoints.http.request import HttpRequest, HttpResponse
from entrypoints.http.routing import Call, Keys, Route
from entrypoints.http.services import HttpSettings, Services
from entrypoints.http.unbroken import unbroken
from entrypoints.http.uploads import UploadReader
from entrypoints.observability.trail import name_user

View = Callable[..., Awaitable[HttpResponse]]
NO_QUERY: Final = NoQuery()


class Dispatcher:
    """Makes the router's view out of a route's declaration."""

    def __init__(self, services: Services, settings: HttpSettings) -> None:
        self._services = services
        self._settings = settings
        self._guard = Guard(services.authenticate, services.limit_request)
        self._repeats = Repeats(services.idempotency, services.clock)

    def view(self, route: Route) -> View:
        """The function that the router calls with the variables of the path."""
        body = _body_reader(route)
        query = None if route.query is NoQuery else QueryReader(route.query)
        runs_to_its_end = not route.is_reading and route.keys is not Keys.TURN

        async def view(**path: str) -> HttpResponse:
            request = cast("HttpRequest", request_ctx.request)
            address = self._address(request)
            admission = await self._guard.admit(request, address, route.access, route.rate)
            if admission.caller is not None:
                name_user(admission.caller.user.id)
            if admission.refusal is not None and route.is_urgent is None:
                raise admission.refusal
            _check_path(path)
            raw, content = (b"", None) if body is None else await body.read(request)
            call = Call(
                self._services,
                self._settings,
                request,
                address,
                admission.caller,
                raw,
                content,
                NO_QUERY if query is None else query.read(request),
            )
            if admission.refusal is not None and not await _is_urgent(route, call):
                raise admission.refusal
            if runs_to_its_end:
                return (await unbroken(self._change(route, call, path), request.id)).response()
            result = await route.handler(call, **path)
            return result.response() if isinstance(result, Answer) else result

        return view

    def _address(self, request: HttpRequest) -> str:
        client = request.scope.get("client")
        hops = self._settings.trusted_proxy_hops
        forwarded = request.headers.getlist("X-Forwarded-For") if hops else ()
        return client_address(client[0] if client else None, forwarded, hops)

    async def _change(self, route: Route, call: Call[Any, Any], path: Mapping[str, str]) -> Answer:
        """Do the work of a route that changes something, once per idempotency key."""

        async def work(first: FirstTime | None = None) -> Answer:
            return cast("Answer", await route.handler(evolve(call, first=first), **path))

        if route.keys is Keys.NONE:
            return await work()
        key = request_key(call.request, call.raw, is_json=route.upload is None)
        if key is None:
            if route.keys is Keys.REQUIRED:
                raise BadRequest(f"This route demands the header {HEADER}.")
            return await work()
        return await self._repeats.once(call.user.id, key, work)


async def _is_urgent(route: Route, call: Call[Any, Any]) -> bool:
    return route.is_urgent is not None and await route.is_urgent(call)


def _body_reader(route: Route) -> JsonReader[Any] | UploadReader | FormReader | None:
    if route.is_form:
        return FormReader(route.upload.limit if route.upload else None)
    if route.upload is not None:
        return UploadReader(route.upload.limit)
    if route.body is None:
        return None
    return JsonReader(route.body, is_optional=route.is_body_optional)


def _check_path(path: Mapping[str, str]) -> None:
    """No id of ours is long or has control characters in it, and no store needs to hear of it."""
    for value in path.values():
        if len(value) > MAX_TEXT or is_unprintable(value):
            raise NotFound("There is no such thing.")
