"""Credits: what people have, what they pay, and why."""

from datetime import datetime
from typing import Any

from attrs import evolve
from pytest_bdd import parsers, step, then

from domain.pricing import PriceTable, Rate
from tests.features.product import MODEL
from tests.features.steps.words import last_reply, moment
from tests.features.world import ADMIN, World


@step(parsers.parse("1,000 tokens cost {read:d} credits to read and {written:d} to write"))
def prices_are(world: World, read: int, written: int) -> None:
    def change(table: PriceTable) -> PriceTable:
        models = {**table.models, MODEL: Rate(input=read, cached_input=read, output=written)}
        return evolve(table, version=table.version + 1, models=models)

    world.local.publish_prices(change)


@step(parsers.parse("{name:w} is given {credits:d} {bucket:w} credits"))
def is_given(world: World, name: str, credits: int, bucket: str) -> None:  # noqa: A002 - a word of the step
    path = f"/v1/admin/users/{world.user_id(name)}/credits"
    world.ask(ADMIN, "POST", path, {"amount": credits, "bucket": bucket, "reason": "Welcome"})


@then(parsers.parse("{name:w} pays {credits:d} credits"))
def pays(world: World, name: str, credits: int) -> None:  # noqa: A002 - a word of the step
    before, after = world.person(name).known["before"], world.balance(name)
    assert before["balance"] - after["balance"] == credits
    assert after["held"] == 0


@then(parsers.parse("{name:w} pays nothing"))
def pays_nothing(world: World, name: str) -> None:
    pays(world, name, 0)


@then(parsers.parse("{name:w} pays what the receipt says"))
def pays_receipt(world: World, name: str) -> None:
    charged = last_reply(world, name)["receipt"]["charged"]
    assert charged > 0
    pays(world, name, charged)


@then(parsers.parse("{name:w} pays something, and at most {most:d} credits"))
def pays_something(world: World, name: str, most: int) -> None:
    before, after = world.person(name).known["before"], world.balance(name)
    assert 0 < before["balance"] - after["balance"] <= most
    assert after["held"] == 0


@step(parsers.parse("{credits:d} credits of {name:w} are held"))
def are_held(world: World, name: str, credits: int) -> None:  # noqa: A002 - a word of the step
    balance = world.balance(name)
    assert balance["held"] == credits
    assert balance["available"] == balance["balance"] - credits


@step(parsers.parse("{name:w} has {credits:d} credits"))
def has_credits(world: World, name: str, credits: int) -> None:  # noqa: A002 - a word of the step
    assert world.balance(name)["available"] == credits


@then(parsers.parse("the administrator sees that {name:w} has {credits:d} credits"))
def admin_sees(world: World, name: str, credits: int) -> None:  # noqa: A002 - a word of the step
    shown = world.ask(ADMIN, "GET", f"/v1/admin/users/{world.user_id(name)}/balance")
    assert (shown["available"], shown["held"]) == (credits, 0)


@then(
    parsers.parse(
        "the receipt of {name:w} shows {held:d} held, {charged:d} charged and {released:d} released"
    )
)
def receipt_shows(world: World, name: str, held: int, charged: int, released: int) -> None:
    receipt = last_reply(world, name)["receipt"]
    shown = receipt["held"], receipt["charged"], receipt["released"]
    assert shown == (held, charged, released)


@then(parsers.parse("the receipt of {name:w} says that the usage was {source:w}"))
def receipt_source(world: World, name: str, source: str) -> None:
    assert last_reply(world, name)["receipt"]["usage_source"] == source


@then(
    parsers.parse(
        "{name:w} has {daily:d} daily, {promo:d} promo, {subscription:d} subscription "
        "and {purchased:d} purchased credits"
    )
)
def has_in_buckets(
    world: World, name: str, daily: int, promo: int, subscription: int, purchased: int
) -> None:
    wanted = {"daily": daily, "promo": promo, "subscription": subscription, "purchased": purchased}
    shown = dict.fromkeys(wanted, 0)
    for one in world.balance(name)["buckets"]:
        shown[one["bucket"]] += one["credits"]
    assert shown == wanted


@then(parsers.parse("the receipt of {name:w} takes"))
def receipt_takes(world: World, name: str, datatable: list[list[str]]) -> None:
    spent = last_reply(world, name)["receipt"]["buckets"]
    assert [[one["bucket"], str(one["credits"])] for one in spent] == datatable[1:]


@then(parsers.parse("the receipt of {name:w} is of an earlier price list than the one in force"))
def receipt_of_earlier_prices(world: World, name: str) -> None:
    version = last_reply(world, name)["receipt"]["price_version"]
    assert version < world.ask(name, "GET", "/v1/wallet/pricing")["price_version"]


@then(parsers.parse("the receipt of {name:w} follows from the published prices"))
def receipt_follows(world: World, name: str) -> None:
    table = world.ask(name, "GET", "/v1/wallet/pricing")
    usage, receipt = world.last.json["usage"], world.last.json["companion"]["receipt"]
    tier = world.balance(name)["tier"]
    percent = next(one["percent"] for one in table["tiers"] if one["tier"] == tier)
    prices = {
        max(table["minimum"], -(-percent * _thousandths(rate, usage) // 100_000))
        for rate in table["models"]
    }
    assert receipt["charged"] in prices
    assert receipt["price_version"] == table["price_version"]
    assert last_reply(world, name)["receipt"] == receipt


def _thousandths(rate: Any, usage: Any) -> int:
    cached = usage["prompt_tokens_details"]["cached_tokens"]
    return int(
        (usage["prompt_tokens"] - cached) * rate["input"]
        + cached * rate["cached_input"]
        + usage["completion_tokens"] * rate["output"]
    )


@then(parsers.parse("the next daily credits of {name:w} come on {when}"))
def next_refresh(world: World, name: str, when: str) -> None:
    told = world.balance(name)["next_daily_refresh_at"]
    assert datetime.fromisoformat(told) == moment(when)
