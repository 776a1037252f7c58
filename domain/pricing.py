"""What a turn costs, in whole credits, from a published and versioned table."""

from collections.abc import Mapping

from attrs import frozen

from domain.accounts import Tier
from domain.errors import ModelUnavailable


@frozen
class Usage:
    """Tokens of one reply.

    ``cached`` is the part of ``prompt`` that the provider read from its cache. ``reported`` tells
    whether the provider counted or we estimated.
    """

    prompt: int
    cached: int
    completion: int
    reported: bool


@frozen
class Rate:
    """Credits per 1,000 tokens of one model."""

    input: int
    cached_input: int
    output: int


@frozen
class TierTerms:
    """What a tier grants: the share of the price that it pays and its credits a day."""

    percent: int
    daily_credits: int
    requests_per_minute: int


@frozen
class PriceTable:
    """One published version of the prices; a turn is settled by the version it was held by."""

    version: int
    minimum: int
    """The least that a charged turn costs."""
    models: Mapping[str, Rate]
    tiers: Mapping[Tier, TierTerms]

    def terms(self, tier: Tier) -> TierTerms:
        """What this tier grants."""
        return self.tiers[tier]

    def price(self, model: str, tier: Tier, usage: Usage) -> int:
        """``max(minimum, ceil(percent/100 · ((prompt − cached)·input + … ) / 1000))``.

        The formula of the HTTP contract, in integers throughout. Raises ``ModelUnavailable`` for
        a model without a price.
        """
        rate = self.models.get(model)
        if rate is None:
            message = "The model has no published price, so it cannot be used."
            raise ModelUnavailable(message)
        cached = min(usage.cached, usage.prompt)
        thousandths = (
            (usage.prompt - cached) * rate.input
            + cached * rate.cached_input
            + usage.completion * rate.output
        )
        credits_, rest = divmod(self.terms(tier).percent * thousandths, 100 * 1000)
        return max(self.minimum, credits_ + (rest > 0))

    def worst_case(
        self, models: tuple[str, ...], tier: Tier, *, prompt: int, completion: int
    ) -> int:
        """The most that a turn of these sizes can cost, whichever of ``models`` answers.

        Raises ``ModelUnavailable`` when one of them has no price or there are none.
        """
        if not models:
            message = "No model is configured."
            raise ModelUnavailable(message)
        # Nothing says that cached tokens are the cheaper ones.
        return max(
            self.price(model, tier, Usage(prompt, cached, completion, reported=False))
            for model in models
            for cached in (0, prompt)
        )
