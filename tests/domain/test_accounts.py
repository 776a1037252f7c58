"""Tiers and accounts."""

from datetime import UTC, datetime

from attrs import evolve

from domain.accounts import Tier, User

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def test_a_tier_opens_itself_and_what_is_below() -> None:
    opened = {tier: [required for required in Tier if tier.opens(required)] for tier in Tier}
    assert opened == {
        Tier.FREE: [Tier.FREE],
        Tier.PLUS: [Tier.FREE, Tier.PLUS],
        Tier.PREMIUM: [Tier.FREE, Tier.PLUS, Tier.PREMIUM],
    }


def test_an_account_is_suspended_from_when_it_says_so() -> None:
    user = User("usr_1", "subject", Tier.FREE, NOW)
    assert not user.is_suspended
    assert evolve(user, suspended_at=NOW).is_suspended
