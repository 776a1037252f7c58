"""How products are found."""

import pytest
from attrs import evolve

from domain.errors import NotFound
from domain.market.products import Catalogue, Provider
from tests.domain.market.stories import PACK, PLUS

SOLD = evolve(PACK, store_ids={Provider.APPLE: "com.example.pack"})
CATALOGUE = Catalogue(1, (PLUS, SOLD))


def test_a_product_has_its_own_name_at_each_store() -> None:
    assert CATALOGUE.find(Provider.APPLE, "com.example.pack") is SOLD
    assert CATALOGUE.find(Provider.GOOGLE, "com.example.pack") is None
    assert CATALOGUE.find(Provider.APPLE, "pack") is None


def test_a_product_is_found_by_our_name_or_not_at_all() -> None:
    assert CATALOGUE.get("pack") is SOLD
    with pytest.raises(NotFound, match="no such product"):
        CATALOGUE.get("com.example.pack")
