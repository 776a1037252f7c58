"""Leaving for good, and taking along what is held."""

import json

from pytest_bdd import parsers, then, when

from tests.features.steps.accounts import signs_in
from tests.features.steps.ledger import ledger
from tests.features.world import ADMIN, World


@when(parsers.parse("{name:w} deletes her account"))
@when(parsers.parse("{name:w} deletes her account with her old token"))
def deletes_account(world: World, name: str) -> None:
    world.user_id(name)
    world.answer = world.send(name, "DELETE", "/v1/auth/me")


@then("nothing went wrong inside")
def nothing_wrong(world: World) -> None:
    assert world.last.status < 500


@when(parsers.parse("{name:w} comes back as a new person"))
def comes_back(world: World, name: str) -> None:
    person = world.person(name)
    person.session_id = None
    world.sign_in_again(name)
    signs_in(world, name)


@then("it is another account than before")
def another_account(world: World) -> None:
    assert any(
        one.known.get("previous id") not in {None, one.user_id} for one in world.people.values()
    )


@then(parsers.parse("the administrator finds nobody by the sign-in of {name:w}"))
def nobody_found(world: World, name: str) -> None:
    subject = world.person(name).subject
    assert world.ask(ADMIN, "GET", f"/v1/admin/users?search={subject}")["data"] == []


@when(parsers.parse("{name:w} exports her data"))
def exports(world: World, name: str) -> None:
    world.answer = world.send(name, "GET", "/v1/auth/me/export")
    assert world.last.error is None, world.last.error


@then(parsers.parse("the export has the profile of {name:w}"))
def export_profile(world: World, name: str) -> None:
    assert world.last.json["profile"] == world.ask(name, "GET", "/v1/auth/me")


@then(parsers.parse("the export has {sessions:d} conversations with {count:d} messages"))
def export_sessions(world: World, sessions: int, count: int) -> None:
    held = world.last.json["sessions"]
    assert len(held) == sessions
    assert sum(len(one["messages"]) for one in held) == count


@then(parsers.parse('the export has the memory "{text}"'))
def export_memory(world: World, text: str) -> None:
    assert text in [one["text"] for one in world.last.json["memories"]]


@then(parsers.parse("the export has the same transactions as the ledger of {name:w}"))
def export_transactions(world: World, name: str) -> None:
    held = sorted(one["amount"] for one in world.last.json["transactions"])
    assert held == sorted(one["amount"] for one in ledger(world, name))
    assert held


@then(parsers.parse('the export does not mention "{word}"'))
def export_without(world: World, word: str) -> None:
    assert world.last.json["profile"]
    assert word not in json.dumps(world.last.json)
