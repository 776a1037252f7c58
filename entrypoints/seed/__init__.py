"""What a new database begins with: prices, products and characters, as data files beside this."""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from domain.accounts import Tier
from domain.cards import character_from_card
from domain.characters import Character
from domain.market.products import Catalogue
from domain.pricing import PriceTable, Rate, TierTerms
from entrypoints.seed.catalogues import catalogue_from_json


def seed_characters() -> list[Character]:
    """The characters of ``characters/*.json``, by file name."""
    folder = resources.files(__name__) / "characters"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")),
        key=lambda file: file.name,
    )
    return [character_from_card(json.loads(file.read_text("utf-8"))) for file in files]


def seed_products() -> Catalogue:
    """The catalogue of ``products.json``."""
    return catalogue_from_json((resources.files(__name__) / "products.json").read_bytes())


def seed_prices() -> PriceTable:
    """The price table of ``prices.json``."""
    text = (resources.files(__name__) / "prices.json").read_text("utf-8")
    return price_table_from_json(json.loads(text))


def price_table_from_json(document: Mapping[str, Any]) -> PriceTable:
    """A price table out of the shape of ``prices.json``; raises ``KeyError`` or ``TypeError``."""
    return PriceTable(
        version=document["version"],
        minimum=document["minimum"],
        models={name: Rate(**rate) for name, rate in document["models"].items()},
        tiers={Tier(name): TierTerms(**terms) for name, terms in document["tiers"].items()},
    )
