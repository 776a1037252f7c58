"""Buying, and what the stores let happen to what was bought."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve
from pytest_bdd import parsers, step, then, when

from domain.market.calendar import add_months
from domain.market.products import Catalogue, Product, Promotion
from tests.features.steps.words import moment
from tests.features.world import Answer, World

BOUGHT = "what was bought last"


def _order(
    world: World, name: str, product: str, *, key: str | None = None, **more: object
) -> Answer:
    world.user_id(name)
    body = {"product_id": product, "provider": "sandbox", **more}
    headers = {"Idempotency-Key": f"{name}-{key}" if key else world.new_key()}
    answer = world.send(name, "POST", "/v1/market/purchases", body, headers=headers)
    world.answer = answer
    if answer.error is None:
        world.person(name).known[BOUGHT] = answer.json["purchase"]["id"]
    return answer


def _buyer(world: World) -> str:
    """Whoever has bought something; in a scenario only one person does."""
    [name] = [one.name for one in world.people.values() if BOUGHT in one.known]
    return name


def _purchase(world: World, name: str) -> Any:
    path = f"/v1/market/purchases/{world.person(name).known[BOUGHT]}"
    return world.ask(name, "GET", path)


def _happens(world: World, action: str, **more: object) -> None:
    name = _buyer(world)
    path = f"/v1/market/sandbox/purchases/{world.person(name).known[BOUGHT]}/simulate"
    world.ask(name, "POST", path, {"action": action, **more})


@when(parsers.parse("{name:w} buys {product:w}"))
@step(parsers.parse("{name:w} bought {product:w}"))
def buys(world: World, name: str, product: str) -> None:
    assert _order(world, name, product).error is None, world.last.error


@when(parsers.parse('{name:w} buys {product:w} with the key "{key}"'))
def buys_with_key(world: World, name: str, product: str, key: str) -> None:
    assert _order(world, name, product, key=key).error is None, world.last.error


@when(parsers.re(r"(?P<name>\w+) buys (?P<product>\w+), and the payment (?P<outcome>fail|wait)s"))
def buys_in_vain(world: World, name: str, product: str, outcome: str) -> None:
    assert _order(world, name, product, sandbox_outcome=outcome).error is None


@when(parsers.parse("{name:w} tries to buy {product:w} at {store:w}"))
def tries_to_buy(world: World, name: str, product: str, store: str) -> None:
    _order(world, name, product, provider=store)


@when(parsers.parse("{name:w} buys {product:w} without a key"))
def buys_without_key(world: World, name: str, product: str) -> None:
    body = {"product_id": product, "provider": "sandbox"}
    world.answer = world.send(name, "POST", "/v1/market/purchases", body)


@when(parsers.re("the store lets the payment (?P<outcome>succeed|fail)"))
def payment_ends(world: World, outcome: str) -> None:
    _happens(world, outcome)


@step(parsers.parse("the store refunds {percent:d} percent"))
def refunds(world: World, percent: int) -> None:
    _happens(world, "refund", percent=percent)


_EVENTS = {
    "the store refunds the rest": "refund",
    "the store undoes the refund": "reverse_refund",
    "the payer's bank opens a dispute": "open_dispute",
    "the dispute is won": "win_dispute",
    "the dispute is lost": "lose_dispute",
    "the store cannot collect the renewal": "fail_renewal",
    "the store gives up for now": "hold",
    "the store collects it after all": "recover",
    "the store ends the subscription": "lapse",
}


@step(parsers.re("(?P<event>" + "|".join(_EVENTS) + ")"))
def happens(world: World, event: str) -> None:
    _happens(world, _EVENTS[event])


@when(parsers.re(r"(?P<name>\w+) (?P<action>pauses the|takes the) subscription( up again)?"))
def changes_subscription(world: World, action: str) -> None:
    _happens(world, "pause" if action.startswith("pauses") else "resume")


@step(parsers.parse("{name:w} cancels the subscription"))
def cancels(world: World, name: str) -> None:
    world.ask(name, "POST", "/v1/market/subscription/cancel")


@when("13 months go by, and the job renew-subscriptions runs in each")
def months_go_by(world: World) -> None:
    began = world.local.clock.now()
    for number in range(1, 14):
        world.local.clock.set(add_months(began, number) + timedelta(hours=1))
        world.sign_in_again()
        world.ask("the administrator", "POST", "/v1/admin/jobs/renew-subscriptions/run")


@then(parsers.parse("the purchase of {name:w} is {status:w}"))
def purchase_is(world: World, name: str, status: str) -> None:
    assert _purchase(world, name)["status"] == status


@then(parsers.parse("{name:w} has {count:d} purchase"))
def has_purchases(world: World, name: str, count: int) -> None:
    assert len(world.pages(name, "/v1/market/purchases")) == count


@then(parsers.parse("{name:w} is told how to pay"))
def told_how_to_pay(world: World) -> None:
    assert world.last.json["payment"]["client_secret"]


@then(parsers.parse("{credits:d} credits of the purchase of {name:w} were taken back"))
def taken_back(world: World, name: str, credits: int) -> None:  # noqa: A002 - a word of the step
    assert _purchase(world, name)["credits_taken_back"] == credits


@then(parsers.parse("{name:w} owes {credits:d} credits"))
def owes(world: World, name: str, credits: int) -> None:  # noqa: A002 - a word of the step
    assert world.balance(name)["debt"] == credits


@then(parsers.parse("{name:w} cannot see the purchase of {other:w}"))
def cannot_see(world: World, name: str, other: str) -> None:
    path = f"/v1/market/purchases/{world.person(other).known[BOUGHT]}"
    assert world.send(name, "GET", path).status == 404
    assert world.pages(name, "/v1/market/purchases") == []


@then(parsers.parse("{name:w} cannot have the purchase of {other:w} refunded"))
def cannot_refund(world: World, name: str, other: str) -> None:
    path = f"/v1/market/sandbox/purchases/{world.person(other).known[BOUGHT]}/simulate"
    assert world.send(name, "POST", path, {"action": "refund"}).status == 404


def _subscription(world: World, name: str) -> Any:
    return world.ask(name, "GET", "/v1/market/subscription")["subscription"]


@then(
    parsers.re(
        r"the subscription of (?P<name>\w+) is (?P<status>\w+)"
        r"(?: and (?P<renewal>renews|does not renew))?"
    )
)
def subscription_is(world: World, name: str, status: str, renewal: str | None) -> None:
    found = _subscription(world, name)
    assert found["status"] == status
    if renewal is not None:
        assert found["renews"] is (renewal == "renews")


@then(parsers.parse("the subscription of {name:w} will be {product:w}"))
def subscription_will_be(world: World, name: str, product: str) -> None:
    assert _subscription(world, name)["next_product_id"] == product


@then(parsers.parse("{name:w} has no subscription"))
def no_subscription(world: World, name: str) -> None:
    assert _subscription(world, name) is None


@then(parsers.parse("{name:w} is of the tier {tier:w} now"))
def is_of_tier(world: World, name: str, tier: str) -> None:
    assert world.balance(name)["tier"] == tier
    assert world.ask(name, "GET", "/v1/auth/me")["tier"] == tier


@then(
    parsers.re(
        r"(?P<name>\w+) has (?P<credits>\d+) (?P<bucket>subscription|purchased|promo) credits"
        r"(?: until (?P<day>\d.*))?"
    )
)
def has_in_bucket(world: World, name: str, credits: str, bucket: str, day: str | None) -> None:  # noqa: A002 - a word of the step
    shown: Counter[str] = Counter()
    for one in world.balance(name)["buckets"]:
        if one["bucket"] == bucket:
            shown[(one["expires_at"] or "never")[:10]] += one["credits"]
    until = _day(day) if day else next(iter(shown), "never")
    assert shown == ({until: int(credits)} if int(credits) else {})


def _day(text: str) -> str:
    return moment(f"{text} at 00:00").date().isoformat()


@then("these products are on sale")
def on_sale(world: World, datatable: list[list[str]]) -> None:
    fields, *rows = datatable
    shown = world.ask("Ann", "GET", "/v1/market/products")["data"]
    assert [[str(one[field] or "") for field in fields] for one in shown] == rows


@step(
    parsers.parse("until {end} {product:w} comes with {credits:d} credits that last {days:d} days")
)
def promotion(world: World, end: str, product: str, credits: int, days: int) -> None:  # noqa: A002 - a word of the step
    offer = Promotion(credits, _long_ago(), moment(end), days)
    _republish(world, product, lambda one: evolve(one, promotion=offer))


@when(parsers.parse("{product:w} brings {credits:d} credits from now on"))
def brings(world: World, product: str, credits: int) -> None:  # noqa: A002 - a word of the step
    _republish(world, product, lambda one: evolve(one, credits=credits))


def _long_ago() -> datetime:
    return moment("1 January 2026 at 00:00")


def _republish(world: World, product_id: str, change: Any) -> None:
    def changed(catalogue: Catalogue) -> Catalogue:
        products: tuple[Product, ...] = tuple(
            change(one) if one.id == product_id else one for one in catalogue.products
        )
        return evolve(catalogue, version=catalogue.version + 1, products=products)

    world.local.publish_products(changed)


@then(parsers.parse("the export shows the purchase of {product:w}"))
def export_shows(world: World, product: str) -> None:
    [purchase] = world.last.json["purchases"]
    assert purchase["product_id"] == product
