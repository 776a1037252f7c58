"""Each route says who may come, how often, and what becomes of a repeated request."""

import pytest

from entrypoints.config import Settings
from entrypoints.container import build_adapters, build_use_cases
from entrypoints.http.app import HttpApp
from entrypoints.http.routing import Access, Keys, Rate, Route
from entrypoints.metrics import Metrics
from entrypoints.server import make_app

OPEN_TO_ANYBODY = {
    "GET /",
    "GET /chat/<name>",
    "GET /admin/assets/<name>",
    "GET /admin/sign-in",
    "GET /docs",
    "GET /docs/<name>",
    "GET /docs/start.js",
    "GET /healthz",
    "GET /metrics",
    "GET /openapi.json",
    "GET /readyz",
    "GET /safety",
    "GET /safety/style.css",
    "GET /sandbox",
    "GET /sandbox/dom.js",
    "GET /sandbox/script.js",
    "GET /sandbox/style.css",
    "GET /v1/config/characters",
    "GET /v1/config/characters/<character_id>",
    "GET /v1/config/characters/<character_id>/avatar",
    "GET /v1/config/characters/<character_id>/card",
    "GET /v1/models",
    "GET /v1/models/<character_id>",
    "POST /admin/sign-in",
    "POST /admin/sign-in/development",
    "POST /v1/auth/dev-token",
    "POST /v1/auth/login",
    "POST /v1/market/webhooks/apple",
    "POST /v1/market/webhooks/google",
    "POST /v1/market/webhooks/stripe",
}
UNCOUNTED = {
    one
    for one in OPEN_TO_ANYBODY
    if not one.split()[1].startswith("/v1/") and not one.startswith("POST /admin/")
}
REPEATABLE_WITHOUT_KEY = {
    "POST /v1/auth/login",  # signing in twice is signing in
    "POST /v1/auth/dev-token",  # belongs to nobody yet
    "DELETE /v1/auth/me",  # its keys are erased with the account
    "POST /v1/market/webhooks/apple",  # a message has an id of its own
    "POST /v1/market/webhooks/google",
    "POST /v1/market/webhooks/stripe",
}
PRICE_LISTS = {"GET /v1/wallet/pricing", "GET /v1/market/products"}


@pytest.fixture(scope="module")
def app() -> HttpApp:
    settings, metrics = Settings(stack="memory"), Metrics()
    adapters = build_adapters(settings, metrics.model_outcome)
    made = make_app(settings, build_use_cases(settings, adapters), adapters, metrics)
    assert isinstance(made, HttpApp)
    return made


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def is_of_console(route: Route) -> bool:
    return route.path == "/admin" or route.path.startswith("/admin/")


def test_nothing_is_served_but_what_is_declared(app: HttpApp) -> None:
    served = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == {named(route) for route in app.routes}
    assert len(served) == len(app.routes) > 40


def test_no_two_routes_have_one_name(app: HttpApp) -> None:
    names = [route.name for route in app.routes]
    assert sorted(names) == sorted(set(names))


def test_only_a_short_list_is_open_to_anybody(app: HttpApp) -> None:
    is_open = {Access.PUBLIC, Access.OPTIONAL}
    assert {named(one) for one in app.routes if one.access in is_open} == OPEN_TO_ANYBODY


def test_administration_is_for_administrators_and_strictly_counted(app: HttpApp) -> None:
    for route in app.routes:
        is_administration = route.path.startswith("/v1/admin/")
        is_console = is_of_console(route) and named(route) not in OPEN_TO_ANYBODY
        assert (route.access is Access.ADMIN) == is_administration, named(route)
        assert (route.access is Access.CONSOLE) == is_console, named(route)
        assert (route.rate is Rate.STRICT) == (is_administration or is_console), named(route)


def test_what_the_console_changes_comes_in_forms(app: HttpApp) -> None:
    """Their own secret is looked for in each: a cookie alone proves nothing."""
    changing = [one for one in app.routes if is_of_console(one) and not one.is_reading]
    assert len(changing) > 10
    assert all(one.is_form and one.method == "POST" for one in changing)
    assert not any(one.is_form for one in app.routes if one not in changing)


def test_money_asks_whether_the_account_stands_now(app: HttpApp) -> None:
    money = {
        named(route): route.access
        for route in app.routes
        if route.path.startswith(("/v1/wallet/", "/v1/market/"))
        and named(route) not in PRICE_LISTS | OPEN_TO_ANYBODY
    }
    assert set(money.values()) == {Access.FRESH}


def test_all_but_probes_and_pages_is_counted(app: HttpApp) -> None:
    assert {named(one) for one in app.routes if one.rate is Rate.NONE} == UNCOUNTED


def test_every_change_takes_an_idempotency_key(app: HttpApp) -> None:
    for route in app.routes:
        # A form of the console brings a key as a field where repeating it would matter.
        is_free = named(route) in REPEATABLE_WITHOUT_KEY or is_of_console(route)
        takes_none = route.is_reading or is_free
        assert (route.keys is Keys.NONE) == takes_none, named(route)


def test_purchases_and_grants_demand_one(app: HttpApp) -> None:
    required = {named(route) for route in app.routes if route.keys is Keys.REQUIRED}
    assert required == {"POST /v1/admin/users/<user_id>/credits", "POST /v1/market/purchases"}


def test_every_route_of_the_contract_is_documented(app: HttpApp) -> None:
    hidden = {named(route) for route in app.routes if not route.is_documented}
    assert not any(one.split()[1].startswith("/v1/") for one in hidden)


def test_no_body_or_query_names_the_user(app: HttpApp) -> None:
    """Who calls is the token's subject; only administrators say who is meant, in the path."""
    naming = {
        named(route)
        for route in app.routes
        for type_ in (route.body, route.query)
        if type_ is not None and {"user_id", "subject"} & set(type_.__struct_fields__)
    }
    assert naming == {"POST /v1/auth/dev-token"}
