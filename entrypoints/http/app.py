"""The HTTP application."""

import asyncio
import re
from typing import TYPE_CHECKING, cast

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from quart import Quart, Websocket
from quart.ctx import RequestContext
from quart.globals import request_ctx
from quart.typing import ResponseTypes
from werkzeug.exceptions import BadRequest

from domain.errors import NotFound
from entrypoints.http import (
    accounts,
    admin_analytics,
    admin_audit,
    admin_characters,
    admin_market,
    admin_operations,
    admin_safety,
    admin_turns,
    admin_users,
    characters,
    console_characters,
    console_market,
    console_operations,
    console_overview,
    console_reviews,
    console_sign_in,
    console_users,
    dev_token,
    docs,
    health,
    home,
    market,
    market_webhooks,
    memories,
    models,
    safety,
    sandbox,
    sessions,
    turns,
    wallet,
)
from entrypoints.http.connection import HttpConnection
from entrypoints.http.console_errors import console_error, is_console
from entrypoints.http.cors import Cors
from entrypoints.http.dispatch import Dispatcher
from entrypoints.http.errors import error_answer
from entrypoints.http.guard import add_rate_headers
from entrypoints.http.headers import SecurityHeaders
from entrypoints.http.metrics import HttpMetrics
from entrypoints.http.request import (
    HttpRequest,
    HttpResponse,
    held_back,
    new_request_id,
    path_of,
)
from entrypoints.http.routing import Route
from entrypoints.http.services import HttpSettings, Services
from entrypoints.http.watch import RequestWatch

if TYPE_CHECKING:
    from entrypoints.observability.otel import Tracing

_VARIABLE = re.compile("<[a-z_]+>")
_SUBJECTS = (
    accounts.routes,
    characters.routes,
    models.routes,
    turns.routes,
    sessions.routes,
    memories.routes,
    wallet.routes,
    market.routes,
    market_webhooks.routes,
    admin_users.routes,
    admin_characters.routes,
    admin_safety.routes,
    admin_turns.routes,
    admin_analytics.routes,
    admin_operations.routes,
    admin_market.routes,
    admin_audit.routes,
    safety.routes,
    health.routes,
    console_sign_in.routes,
    console_overview.routes,
    console_characters.routes,
    console_users.routes,
    console_reviews.routes,
    console_market.routes,
    console_operations.routes,
)


class HttpApp(Quart):
    """Quart with one wrapper around every answer, errors and unknown routes included."""

    request_class = HttpRequest
    response_class = HttpResponse
    asgi_http_class = HttpConnection

    def __init__(
        self, services: Services, settings: HttpSettings, tracing: "Tracing | None"
    ) -> None:
        super().__init__(__name__, static_folder=None)
        self.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
        self.config["BODY_TIMEOUT"] = settings.body_seconds
        # A redirect would be an answer that no document mentions.
        self.url_map.merge_slashes = False
        self.routes: tuple[Route, ...] = ()
        self.uploads: tuple[tuple[str, re.Pattern[str]], ...] = ()
        """Method and path of each route that takes a file."""
        self._watch = RequestWatch(HttpMetrics(services.registry, services.runner), tracing)
        self._cors = Cors(settings.cors_origins)
        self._security = SecurityHeaders(settings.trusted_proxy_hops)

    async def asgi_app(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Find the path of a request line that has none, such as ``GET ?x``, or a whole address."""
        if scope["type"] != "lifespan" and not scope["path"].startswith("/"):
            scope["path"] = path_of(scope["path"])
        if scope["type"] == "http" and self._takes_upload(scope["method"], scope["path"]):
            receive = held_back(scope, receive)
        await super().asgi_app(scope, receive, send)

    def _takes_upload(self, method: str, path: str) -> bool:
        return any(one == method and pattern.fullmatch(path) for one, pattern in self.uploads)

    async def full_dispatch_request(
        self, request_context: RequestContext | None = None
    ) -> ResponseTypes:
        """Answer a request, whatever comes of it."""
        context = request_context or request_ctx
        request = cast("HttpRequest", context.request)
        watched = self._watch.begin(request)
        try:
            response = await self._answer(request, request_context)
        except asyncio.CancelledError:
            watched.left()
            raise
        watched.answered(response.status_code)
        return response

    async def _answer(
        self, request: HttpRequest, request_context: RequestContext | None
    ) -> HttpResponse:
        response = self._cors.preflight(request)
        if request.has_two_lengths:
            response = error_answer(BadRequest("A body has one length."), request.id).response()
            # Whoever stands before us may have taken the other one: what follows is not trusted.
            response.headers["Connection"] = "close"
        elif response is None:
            response = cast("HttpResponse", await super().full_dispatch_request(request_context))
        if request.may_have_body and not request.body.has_arrived:
            await request.body.discard()
        headers = response.headers
        headers.add("X-Request-ID", request.id)
        self._security.add_to(headers, request)
        add_rate_headers(response, request.decision)
        self._cors.add_headers(request, response)
        return response

    async def make_default_options_response(self) -> HttpResponse:
        """What may be asked of a path by its own name.

        Not what is open where anything may stand: ``import`` is nobody's id.
        """
        rule = request_ctx.request.url_rule
        same = [one for one in self.url_map.iter_rules() if rule and one.rule == rule.rule]
        methods = {method for one in same for method in one.methods or ()}
        return HttpResponse("", headers={"Allow": ", ".join(sorted(methods))})

    async def handle_websocket(self, websocket: Websocket) -> ResponseTypes:
        """There are none."""
        request_id = new_request_id(websocket.headers.get("X-Request-ID"))
        return error_answer(NotFound("There is no such route."), request_id).response()

    async def handle_user_exception(self, error: Exception) -> HttpResponse:
        """Our own shape for everything that a route raises."""
        request = cast("HttpRequest", request_ctx.request)
        if is_console(request.path):
            return console_error(error, request).response()
        return error_answer(error, request.id).response()

    async def handle_exception(self, error: Exception) -> HttpResponse:
        """The same for faults outside of routes."""
        return await self.handle_user_exception(error)


def create_app(
    services: Services, settings: HttpSettings, tracing: "Tracing | None" = None
) -> HttpApp:
    """The application, ready to be served; opening and closing what it uses is the caller's."""
    app = HttpApp(services, settings, tracing)
    dispatcher = Dispatcher(services, settings)
    subjects = list(_SUBJECTS)
    if settings.has_local_issuer:
        subjects += [dev_token.routes, console_sign_in.development]
    if settings.is_development:
        subjects.append(home.routes)
    if settings.has_sandbox:
        subjects += [sandbox.routes, sandbox.pages]
    documented = tuple(route for subject in subjects for route in subject.all)
    subjects.append(docs.routes_for(documented, settings))
    # Not as Quart's blueprints: it looks their names up three times for each request.
    for subject in subjects:
        for route in subject.all:
            view = dispatcher.view(route)
            app.add_url_rule(route.path, route.name, view, methods=[route.method])
        app.routes += tuple(subject.all)
    app.uploads = tuple(
        (route.method, re.compile(_VARIABLE.sub("[^/]+", route.path)))
        for route in app.routes
        if route.upload is not None
    )
    return app
