"""What the providers of models take for them."""

from collections.abc import Mapping
from datetime import date

from attrs import frozen


@frozen
class TokenPrice:
    """What a model costs from a day on: in millionths of a US dollar for a million tokens."""

    since: date
    input: int
    cached_input: int
    output: int


@frozen
class ModelCosts:
    """The prices of each model, in any order."""

    models: Mapping[str, tuple[TokenPrice, ...]]

    def cost(
        self, model: str, day: date, *, prompt: int, cached: int, completion: int
    ) -> int | None:
        """Millionths of a US dollar, rounded up; None for a model, or a day, without a price.

        ``cached`` of the ``prompt`` tokens came from the provider's cache.
        """
        if not prompt and not completion:
            return 0
        known = [price for price in self.models.get(model, ()) if price.since <= day]
        if not known:
            return None
        price = max(known, key=lambda one: one.since)
        read = min(cached, prompt)
        whole = (prompt - read) * price.input + read * price.cached_input
        return -(-(whole + completion * price.output) // 1_000_000)
