"""The ledger, and what administrators give."""

from typing import Any

from pytest_bdd import parsers, then, when

from tests.features.world import ADMIN, World


def ledger(world: World, name: str, limit: int = 100) -> list[Any]:
    """All entries of the person's ledger, oldest first."""
    return world.pages(name, "/v1/wallet/transactions", limit)[::-1]


def _give(world: World, who: str, to: str, body: dict[str, Any], key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    path = f"/v1/admin/users/{to}/credits"
    world.answer = world.send(who, "POST", path, body, headers=headers)


@when(
    parsers.re(
        r"the administrator gives (?P<name>\w+) (?P<amount>-?\d+) (?P<bucket>\w+) credits "
        r'because "(?P<reason>[^"]*)"(?P<how> with the key "[^"]*"| without a key)?'
    )
)
def admin_gives(
    world: World, name: str, amount: str, bucket: str, reason: str, how: str | None
) -> None:
    key = f"{name}-{how.split(chr(34))[1]}" if how and chr(34) in how else world.new_key()
    body = {"amount": int(amount), "bucket": bucket, "reason": reason}
    _give(world, ADMIN, world.user_id(name), body, None if how == " without a key" else key)


@when(parsers.parse("the administrator gives a stranger {amount:d} credits"))
def admin_gives_stranger(world: World, amount: int) -> None:
    body = {"amount": amount, "bucket": "promo", "reason": "Welcome"}
    _give(world, ADMIN, "usr_unknown", body, world.new_key())


@when(parsers.parse("{name:w} tries to give {to:w} {amount:d} credits"))
def person_gives(world: World, name: str, to: str, amount: int) -> None:
    body = {"amount": amount, "bucket": "promo", "reason": "A present"}
    _give(world, name, world.user_id(to), body, world.new_key())


@then(parsers.parse("the ledger of {name:w} has {count:d} entries of the kind {kind:w}"))
def has_entries(world: World, name: str, count: int, kind: str) -> None:
    world.balance(name)  # a first look of the day is what brings its credits
    assert [one["kind"] for one in ledger(world, name)].count(kind) == count


@then(parsers.parse("the ledger of {name:w} ends with"))
def ends_with(world: World, name: str, datatable: list[list[str]]) -> None:
    fields, *rows = datatable
    shown = [[str(one[field]) for field in fields] for one in ledger(world, name)]
    assert shown[-len(rows) :] == rows


@then(parsers.parse("the ledger of {name:w} adds up to her balance"))
def adds_up(world: World, name: str) -> None:
    entries = ledger(world, name)
    assert len(entries) > 1
    assert sum(one["amount"] for one in entries) == world.balance(name)["balance"]


@then(parsers.parse("each entry of {name:w} shows the balance after it"))
def running_balance(world: World, name: str) -> None:
    balance = 0
    for one in ledger(world, name):
        balance += one["amount"]
        assert one["balance_after"] == balance


@then(parsers.parse("the latest entry of {name:w} is a charge for that reply"))
def latest_is_charge(world: World, name: str) -> None:
    latest = ledger(world, name)[-1]
    told = world.person(name).companion
    assert latest["kind"] == "charge"
    assert latest["reference"] == told["turn_id"]
    assert latest["amount"] == -told["receipt"]["charged"]
    assert latest["balance_after"] == told["balance"]


@then(
    parsers.parse("the ledger of {name:w} is the same when it is read {limit:d} entries at a time")
)
def same_in_pages(world: World, name: str, limit: int) -> None:
    assert ledger(world, name, limit) == ledger(world, name)
