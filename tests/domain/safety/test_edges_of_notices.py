"""The edges of the rules on notices: the very moment, the very day, and the clock's zone."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from domain.accounts import AgeBand
from domain.notices import NoticeKind
from domain.safety.helplines import base_language
from domain.safety.jurisdictions import Jurisdiction, NoticeRules
from domain.safety.policy import SafetyPolicy
from domain.safety.verdicts import Category
from tests.domain.test_safety_policy import HELP, NOON, TEXTS, THREE

DISCLOSURE, BREAK = NoticeKind.AI_DISCLOSURE, NoticeKind.BREAK_REMINDER
HOURLY = evolve(THREE, effective_from=date(2027, 1, 1), disclosure_hours=1)


def place(name: str, *countries: str, rules: tuple[NoticeRules, ...] = (THREE,)) -> Jurisdiction:
    return Jurisdiction(name, name, "1", rules, frozenset(countries))


def policy(*jurisdictions: Jurisdiction) -> SafetyPolicy:
    return SafetyPolicy("p1", jurisdictions or (place("all"),), TEXTS, HELP)


def due(
    said: SafetyPolicy,
    told: Mapping[NoticeKind, datetime],
    now: datetime,
    age_band: AgeBand = AgeBand.ADULT,
) -> list[NoticeKind]:
    notices = said.due_notices(country=None, age_band=age_band, noticed_at=told, now=now)
    return [notice.kind for notice in notices]


@pytest.fixture(params=["FAR-14", "OFF+11"])
def _far_away(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose own clock is another day than UTC for most of it."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_far_away")
def test_the_day_is_that_of_utc_wherever_the_server_stands() -> None:
    said = policy(place("all", rules=(evolve(THREE, disclosure_hours=24), HOURLY)))
    for hour in range(23):
        told = datetime(2026, 12, 30, hour, 10, tzinfo=UTC)
        assert due(said, {DISCLOSURE: told}, told + timedelta(minutes=40)) == []
    midnight = datetime(2026, 12, 31, tzinfo=UTC)
    assert due(said, {DISCLOSURE: midnight}, midnight + timedelta(hours=23)) == []
    assert due(said, {DISCLOSURE: midnight - timedelta(seconds=1)}, midnight) == [DISCLOSURE]


@pytest.mark.usefixtures("_far_away")
def test_new_rules_begin_at_midnight_in_utc() -> None:
    said = policy(place("all", rules=(evolve(THREE, disclosure_hours=24), HOURLY)))
    for now, expected in (
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), []),
        (datetime(2027, 1, 1, 2, 0, tzinfo=UTC), [DISCLOSURE]),
        (datetime(2027, 1, 1, 22, 0, tzinfo=UTC), [DISCLOSURE]),
    ):
        assert due(said, {DISCLOSURE: now - timedelta(hours=1)}, now) == expected


def test_a_break_is_due_the_very_moment_that_its_beat_is_over() -> None:
    said = policy(place("all", rules=(evolve(THREE, break_hours=2),)))
    told = {DISCLOSURE: NOON}
    minor = AgeBand.FROM_16_TO_17
    assert due(said, told, NOON + timedelta(hours=2, seconds=-1), minor) == []
    assert due(said, told, NOON + timedelta(hours=2), minor) == [BREAK]


def test_a_country_of_no_law_has_the_last_rules() -> None:
    said = policy(place("us", "US"), place("eu", "DE", "FR"), place("others"))
    found = {country: said.jurisdiction(country).id for country in ("us", "FR", "JP", "", None)}
    assert found == {"us": "us", "FR": "eu", "JP": "others", "": "others", None: "others"}


def test_two_rules_cannot_begin_on_one_day() -> None:
    with pytest.raises(ValueError, match="begin later"):
        place("us", "US", rules=(THREE, evolve(THREE, break_hours=1)))


def test_help_in_place_of_a_reply_is_in_the_language_of_the_person() -> None:
    said = policy().replacement(Category.SELF_HARM, country="US", language="de")
    assert said.startswith("Sprich now:\n• 988: 988\n")


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("pt-BR", "pt"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("zh_Hant_TW", "zh"),
        ("DE", "de"),
        ("", None),
        (None, None),
    ],
)
def test_of_a_language_tag_the_language_counts(tag: str | None, language: str | None) -> None:
    assert base_language(tag) == language
