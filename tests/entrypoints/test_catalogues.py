"""Catalogues of products as operators write them: what would sell wrongly is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import InvalidRequest
from entrypoints.seed import seed_products
from entrypoints.seed.catalogues import catalogue_from_json

PACK: dict[str, Any] = {
    "id": "pack",
    "kind": "credits",
    "name": "A pack",
    "credits": 100,
    "price": {"currency": "USD", "amount": 500},
    "store_ids": {"stripe": "price_pack", "apple": "pack"},
}
PLUS = PACK | {
    "id": "plus",
    "kind": "subscription",
    "store_ids": {"stripe": "price_plus"},
    "tier": "plus",
    "period": "month",
    "promotion": {
        "credits": 10,
        "starts_at": "2026-11-01T00:00:00Z",
        "ends_at": "2026-12-01T00:00:00Z",
        "valid_days": 30,
    },
}


def written(*products: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"version": 2, "products": products, **more}).encode()


def changed(product: dict[str, Any], change: Callable[[Any], object]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(product))
    change(copy)
    return copy


def test_what_is_sold_can_be_read() -> None:
    assert [one.id for one in catalogue_from_json(written(PACK, PLUS)).products] == ["pack", "plus"]
    assert seed_products().products


@pytest.mark.parametrize("currency", ["usd", "Dollars", "", "US", "$", "\uff35\uff33\uff24"])
def test_a_currency_is_written_as_payments_are_compared_with_it(currency: str) -> None:
    wrong = changed(PACK, lambda one: one["price"].update(currency=currency))
    with pytest.raises(InvalidRequest, match=r"pack: a currency"):
        catalogue_from_json(written(wrong))


@pytest.mark.parametrize(
    ("product", "change"),
    [
        (PACK, lambda one: one.update(promotions=PLUS["promotion"])),
        (PLUS, lambda one: one["promotion"].update(promotions=1)),
        (PLUS, lambda one: one["price"].update(promotions=1)),
    ],
)
def test_a_misspelt_field_is_named(
    product: dict[str, Any], change: Callable[[Any], object]
) -> None:
    with pytest.raises(InvalidRequest, match="'promotions'"):
        catalogue_from_json(written(PACK if product is PLUS else PLUS, changed(product, change)))


def test_a_misspelt_field_of_the_whole_is_named() -> None:
    with pytest.raises(InvalidRequest, match="'valid_from'"):
        catalogue_from_json(written(PACK, valid_from="today"))


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(id=""),
        lambda one: one.update(name="  "),
        lambda one: one.update(credits=0),
        lambda one: one["price"].update(amount=0),
        lambda one: one.update(tier="plus"),
    ],
)
def test_what_cannot_be_sold_is_refused(change: Callable[[Any], object]) -> None:
    with pytest.raises(InvalidRequest):
        catalogue_from_json(written(changed(PACK, change)))
