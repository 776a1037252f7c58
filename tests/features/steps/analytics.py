"""Days in figures."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from pytest_bdd import parsers, then, when

from tests.features.steps.words import character_id, moment
from tests.features.world import ADMIN, World

_FLOWS = {
    "grant": "granted",
    "daily_refresh": "granted",
    "purchase": "granted",
    "subscription": "granted",
    "charge": "spent",
}


@then(parsers.parse("the administrator sees these figures of {day}"))
def sees_figures(world: World, day: str, datatable: list[list[str]]) -> None:
    figures = _figures(world, day)
    assert {name: _figure(figures, name) for name, _ in datatable} == {
        name: int(number) for name, number in datatable
    }


@then(parsers.parse("the figures of {day} are those of the ledgers of {first:w} and {second:w}"))
def figures_are_of_ledgers(world: World, day: str, first: str, second: str) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for name in (first, second):
        for entry in world.ask(name, "GET", "/v1/wallet/transactions?limit=100")["data"]:
            expected[entry["bucket"], _FLOWS[entry["kind"]]] += abs(entry["amount"])
    shown = {
        (flow["bucket"], name): flow[name]
        for flow in _figures(world, day)["credits"]
        for name in ("granted", "spent", "clawed_back", "expired", "repaid", "reinstated")
        if flow[name]
    }
    assert shown == dict(expected)


@then(parsers.parse("the figures of {day} say what {character:w} brought and cost"))
def character_has_figures(world: World, day: str, character: str) -> None:
    figures = _figures(world, day)
    [use] = figures["models"]
    assert use["character_id"] == character_id(character)
    assert use["turns"] == figures["turns"]["completed"]
    assert use["credits"] == sum(flow["spent"] for flow in figures["credits"])
    assert use["prompt_tokens"] > use["completion_tokens"] > 0
    assert use["cost"] is not None
    assert use["margin"] == -use["cost"], "the credits were given"


@then(parsers.parse("the figures of {day} do not mention {name:w}"))
def figures_name_nobody(world: World, day: str, name: str) -> None:
    person, shown = world.person(name), json.dumps(_figures(world, day))
    assert person.subject not in shown
    assert person.user_id is not None
    assert person.user_id not in shown


@then(parsers.parse("the safety counters are among the figures of {day}"))
def safety_is_shown(world: World, day: str) -> None:
    assert _figures(world, day)["safety"]["crisis_referral_input"] == 1


@when(parsers.parse("the administrator asks for the figures from {first} to {last}"))
def asks_for_figures(world: World, first: str, last: str) -> None:
    world.answer = world.send(ADMIN, "GET", f"/v1/admin/analytics?from={first}&to={last}")


@when(parsers.parse("{name:w} tries to see the figures"))
def tries_to_see_figures(world: World, name: str) -> None:
    world.answer = world.send(name, "GET", "/v1/admin/analytics")


def _figures(world: World, words: str) -> Any:
    day: date = moment(f"{words} at 00:00").date()
    shown = world.ask(ADMIN, "GET", f"/v1/admin/analytics?from={day}&to={day}")
    assert (shown["from"], shown["to"], shown["is_recounting"]) == (f"{day}", f"{day}", False)
    [figures] = shown["days"]
    return figures


def _figure(figures: Any, name: str) -> int:
    for pattern, find in _NAMES.items():
        found = re.fullmatch(pattern, name)
        if found:
            return find(figures, *found.groups())
    message = f"there is no figure {name!r}"
    raise AssertionError(message)


def _revenue(figures: Any, what: str, product: str) -> int:
    name = {"revenue": "amount", "refunds": "refunds"}[what]
    return sum(one[name] for one in figures["revenue"] if one["product_id"] == product)


def _flow(figures: Any, bucket: str, what: str) -> int:
    name = what.replace(" ", "_")
    return sum(flow[name] for flow in figures["credits"] if flow["bucket"] == bucket)


_NAMES: dict[str, Callable[..., int]] = {
    r"(active users|new payers)": lambda figures, what: figures[what.replace(" ", "_")],
    r"(\w+) turns": lambda figures, what: figures["turns"].get(what, 0),
    r"(\w+) credits (granted|spent|clawed back|expired)": _flow,
    r"(revenue|refunds) of (\w+)": _revenue,
    r"back after (\d+) days?": lambda figures, days: figures["cohort"][f"day_{days}"],
}
