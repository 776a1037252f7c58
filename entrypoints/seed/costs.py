"""What models cost us, as operators write it: JSON in the shape of ``costs.json``."""

from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from domain.analytics_costs import ModelCosts, TokenPrice
from domain.errors import InvalidRequest

_MILLION = 1_000_000

_Dollars = Annotated[Decimal, Meta(description="US dollars for a million tokens.")]


class _Price(Struct, frozen=True, forbid_unknown_fields=True):
    since: date
    input: _Dollars
    cached_input: _Dollars
    output: _Dollars

    def to_price(self) -> TokenPrice:
        return TokenPrice(
            self.since, _micro(self.input), _micro(self.cached_input), _micro(self.output)
        )


class _Costs(Struct, frozen=True, forbid_unknown_fields=True):
    usd_per_million_tokens: dict[str, list[_Price]]


_decode = msgspec.json.Decoder(_Costs).decode


def costs_from_json(text: bytes) -> ModelCosts:
    """The prices; raises ``InvalidRequest`` that says what is wrong with them."""
    try:
        models = _decode(text).usd_per_million_tokens
    except msgspec.MsgspecError as error:
        message = f"These are not the costs of models: {error}."
        raise InvalidRequest(message) from error
    costs = {name: tuple(one.to_price() for one in prices) for name, prices in models.items()}
    if any(
        min(one.input, one.cached_input, one.output) < 0 for some in costs.values() for one in some
    ):
        message = "A model costs nothing or more."
        raise InvalidRequest(message)
    return ModelCosts(costs)


def read_costs(path: Path | None = None) -> ModelCosts:
    """The file's prices; without one those that ship with the product."""
    shipped = resources.files(__package__) / "costs.json"
    return costs_from_json(path.read_bytes() if path else shipped.read_bytes())


def _micro(dollars: Decimal) -> int:
    return int(dollars * _MILLION)
