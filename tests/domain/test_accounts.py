"""Tiers and accounts."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import AgeBand, AgeSource, Tier, User

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


IDENTITY, STORE, DECLARED, ADMIN = (
    AgeSource.IDENTITY, AgeSource.STORE, AgeSource.DECLARED, AgeSource.ADMINISTRATOR,
)  # fmt: skip
BANDS = st.sampled_from(AgeBand)
WORDS = st.lists(st.tuples(st.sampled_from(AgeSource), BANDS), max_size=8)


def after(*words: tuple[AgeSource, AgeBand]) -> User:
    """An account about which these said this, one after the other."""
    user = User("usr_1", "subject", Tier.FREE, NOW)
    for number, (source, band) in enumerate(words):
        user = user.with_age_band(band, source, NOW + timedelta(days=number))
    return user


@pytest.mark.parametrize(
    ("words", "band", "source"),
    [
        ([(STORE, AgeBand.ADULT)], AgeBand.ADULT, STORE),
        ([(STORE, AgeBand.UNKNOWN)], AgeBand.UNKNOWN, None),
        ([(DECLARED, AgeBand.ADULT)], AgeBand.UNKNOWN, None),
        ([(DECLARED, AgeBand.FROM_16_TO_17)], AgeBand.FROM_16_TO_17, DECLARED),
        # A birthday, told by the same source.
        ([(STORE, AgeBand.FROM_16_TO_17), (STORE, AgeBand.ADULT)], AgeBand.ADULT, STORE),
        ([(IDENTITY, AgeBand.ADULT), (IDENTITY, AgeBand.UNDER_13)], AgeBand.UNDER_13, IDENTITY),
        # Two sources that disagree: the younger counts.
        ([(IDENTITY, AgeBand.ADULT), (STORE, AgeBand.UNDER_13)], AgeBand.UNDER_13, STORE),
        ([(STORE, AgeBand.UNDER_13), (IDENTITY, AgeBand.ADULT)], AgeBand.UNDER_13, STORE),
        # What people say of themselves lowers, and is not raised by anybody but a person.
        ([(STORE, AgeBand.ADULT), (DECLARED, AgeBand.UNDER_13)], AgeBand.UNDER_13, DECLARED),
        ([(DECLARED, AgeBand.UNDER_13), (STORE, AgeBand.ADULT)], AgeBand.UNDER_13, DECLARED),
        ([(DECLARED, AgeBand.UNDER_13), (DECLARED, AgeBand.ADULT)], AgeBand.UNDER_13, DECLARED),
        ([(DECLARED, AgeBand.UNDER_13), (STORE, AgeBand.UNDER_13)], AgeBand.UNDER_13, STORE),
        ([(DECLARED, AgeBand.UNDER_13), (ADMIN, AgeBand.ADULT)], AgeBand.ADULT, ADMIN),
        # An administrator's word stands, but for what people say of themselves.
        ([(ADMIN, AgeBand.ADULT), (STORE, AgeBand.UNDER_13)], AgeBand.ADULT, ADMIN),
        ([(ADMIN, AgeBand.ADULT), (DECLARED, AgeBand.UNDER_13)], AgeBand.UNDER_13, DECLARED),
        ([(STORE, AgeBand.ADULT), (ADMIN, AgeBand.UNKNOWN)], AgeBand.UNKNOWN, ADMIN),
        ([(ADMIN, AgeBand.UNKNOWN), (STORE, AgeBand.ADULT)], AgeBand.ADULT, STORE),
    ],
)  # fmt: skip
def test_an_age_band_is_the_word_of_somebody(
    words: list[tuple[AgeSource, AgeBand]], band: AgeBand, source: AgeSource | None
) -> None:
    user = after(*words)
    assert (user.age_band, user.age_band_source) == (band, source)
    assert (user.age_band_at is None) == (source is None)


@given(WORDS, BANDS)
def test_what_people_declare_can_only_lower_what_is_known(
    words: list[tuple[AgeSource, AgeBand]], declared: AgeBand
) -> None:
    known = after(*words)
    told = known.with_age_band(declared, DECLARED, NOW)
    order = [*list(AgeBand)[1:]]
    if told is not known:
        ceiling = AgeBand.ADULT if known.age_band is AgeBand.UNKNOWN else known.age_band
        assert order.index(told.age_band) < order.index(ceiling)
        assert told.age_band_source is DECLARED


@given(WORDS, BANDS)
def test_nobody_undoes_a_declaration_but_an_administrator(
    words: list[tuple[AgeSource, AgeBand]], band: AgeBand
) -> None:
    known = after(*words)
    if known.age_band_source is DECLARED:
        for source in (IDENTITY, STORE):
            told = known.with_age_band(band, source, NOW)
            assert told is known or not known.age_band.is_younger_than(told.age_band)
