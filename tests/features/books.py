"""What must hold after every scenario, whatever happened in it."""

from collections import Counter
from typing import Any

import httpx

from tests.features.world import ADMIN, World

_NO_LONGER_ADMITTED = {
    httpx.codes.UNAUTHORIZED,  # erased, or signed out
    httpx.codes.FORBIDDEN,  # suspended
    httpx.codes.TOO_MANY_REQUESTS,
}


def check_books(world: World) -> None:
    """The product's own audit finds nothing, and each wallet is what its ledger says."""
    audit = world.ask(ADMIN, "GET", "/v1/admin/invariants")
    assert audit["ok"], audit["violations"]
    for name, person in list(world.people.items()):
        if person.user_id is None or name == ADMIN:
            continue
        answer = world.send(name, "GET", "/v1/wallet/balance")
        if answer.status in _NO_LONGER_ADMITTED:
            continue
        _check_wallet(answer.json, world.pages(name, "/v1/wallet/transactions"))


def _check_wallet(balance: Any, transactions: list[Any]) -> None:
    by_bucket: Counter[str] = Counter()
    for one in transactions:
        by_bucket[one["bucket"]] += one["amount"]
    shown: Counter[str] = Counter()
    for one in balance["buckets"]:
        shown[one["bucket"]] += one["credits"]
    assert +by_bucket == +shown
    assert all(amount >= 0 for amount in by_bucket.values())
    assert sum(by_bucket.values()) == balance["balance"]
    assert balance["available"] == balance["balance"] - balance["held"]
    assert balance["available"] >= 0
