"""When people are told what, and what they are told."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import AgeBand
from domain.notices import NoticeKind
from domain.safety.helplines import CountryHelp, Helpline, Helplines, ReferralText
from domain.safety.jurisdictions import Jurisdiction, NoticeRules
from domain.safety.policy import KNOWN_MINORS, SafetyPolicy, Texts, is_minor
from domain.safety.verdicts import Category

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DISCLOSURE, BREAK = NoticeKind.AI_DISCLOSURE, NoticeKind.BREAK_REMINDER
MINOR = AgeBand.FROM_13_TO_15
THREE = NoticeRules(
    effective_from=date(2025, 11, 5),
    disclosure_hours=3,
    minor_disclosure_hours=3,
    break_hours=3,
    minors=KNOWN_MINORS,
)
HOURLY = evolve(THREE, effective_from=date(2027, 1, 1), minor_disclosure_hours=1, break_hours=1)
SLOW = evolve(THREE, minor_disclosure_hours=1)


def referral_text(word: str) -> ReferralText:
    return ReferralText(f"{word} now:", "call {emergency}", "call", "or {directory}", "bye")


TEXTS = Texts(
    version="t1",
    disclosure={"plain": {"en": "an AI", "de": "eine KI"}, "long": {"en": "an AI, mind"}},
    break_reminder={"plain": {"en": "a break", "de": "eine Pause"}},
    referral={"en": referral_text("Talk"), "de": referral_text("Sprich")},
    refusal={"en": "no", "de": "nein"},
    conduct="Be honest.",
    conduct_minor="Be careful.",
    conduct_known_minor="Be very careful.",
)
HELP = Helplines(
    version="h1",
    directory=Helpline("Any", "every.where"),
    countries=(
        CountryHelp("US", "United States", "911", lines=(Helpline("988", "988"),)),
        CountryHelp(
            "DE", "Germany", "112", native="Deutschland", language="de",
            lines=(Helpline("Seelsorge", "0800"), Helpline("Kummer", "116", for_minors=True)),
        ),
        CountryHelp("HR", "Croatia", "112", lines=(Helpline("Hrabri", "116", for_minors=True),)),
        CountryHelp("TR", "Türkiye", "112"),
    ),
)  # fmt: skip


def policy(*rules: NoticeRules) -> SafetyPolicy:
    return SafetyPolicy(
        version="p1",
        jurisdictions=(
            Jurisdiction("us", "US", "us1", (THREE, HOURLY), frozenset({"US"}), "long"),
            Jurisdiction("other", "Others", "o1", rules or (THREE,)),
        ),
        texts=TEXTS,
        helplines=HELP,
    )


def due(
    noticed_at: Mapping[NoticeKind, datetime] | None = None,
    now: datetime = NOON,
    *,
    age_band: AgeBand = MINOR,
    country: str | None = None,
    rules: NoticeRules = THREE,
) -> list[NoticeKind]:
    notices = policy(rules).due_notices(
        country=country, age_band=age_band, noticed_at=noticed_at or {}, now=now
    )
    return [notice.kind for notice in notices]


@pytest.mark.parametrize("age_band", AgeBand)
def test_the_first_turn_ever_tells_that_this_is_an_ai(age_band: AgeBand) -> None:
    assert due(age_band=age_band) == [DISCLOSURE]


@pytest.mark.parametrize(
    ("hours", "adult", "minor"),
    [
        (0, [], []),
        (2.99, [], []),
        (3, [DISCLOSURE], [DISCLOSURE, BREAK]),
        (9, [DISCLOSURE], [DISCLOSURE, BREAK]),
        (13, [DISCLOSURE], [DISCLOSURE]),
        (48, [DISCLOSURE], [DISCLOSURE]),
    ],
)
def test_after_three_hours_it_is_told_again_and_minors_are_to_take_a_break(
    hours: float, adult: list[NoticeKind], minor: list[NoticeKind]
) -> None:
    told, now = {DISCLOSURE: NOON}, NOON + timedelta(hours=hours)
    for age_band in AgeBand:
        expected = minor if age_band in KNOWN_MINORS else adult
        assert due(told, now, age_band=age_band) == expected


def test_a_day_begins_at_midnight_in_utc() -> None:
    late = NOON.replace(hour=23, minute=59)
    told = {DISCLOSURE: late}
    assert due(told, late + timedelta(seconds=59), age_band=AgeBand.ADULT) == []
    assert due(told, late + timedelta(seconds=60), age_band=AgeBand.ADULT) == [DISCLOSURE]


def test_the_names_of_kinds_may_be_plain_text() -> None:
    plain = {"ai_disclosure": NOON, "break_reminder": NOON, "something_else": NOON}
    notices = policy().due_notices(country=None, age_band=MINOR, noticed_at=plain, now=NOON)
    assert notices == ()


def test_who_goes_on_through_midnight_is_reminded_with_the_days_first_turn() -> None:
    evening = NOON.replace(hour=22)
    assert due({DISCLOSURE: evening}, evening + timedelta(hours=2.1)) == [DISCLOSURE, BREAK]
    assert due({DISCLOSURE: evening}, evening + timedelta(hours=6)) == [DISCLOSURE]


def test_told_more_often_than_reminded_is_reminded_each_time() -> None:
    """Otherwise each telling would begin the count to the next reminder anew."""
    assert due({DISCLOSURE: NOON}, NOON + timedelta(hours=1), rules=SLOW) == [DISCLOSURE, BREAK]


def test_a_clock_that_was_set_back_tells_once_more() -> None:
    told = {DISCLOSURE: NOON, BREAK: NOON}
    for now in (NOON - timedelta(minutes=1), NOON - timedelta(days=400)):
        assert due(told, now) == [DISCLOSURE, BREAK]
        assert due(told, now, age_band=AgeBand.ADULT) == [DISCLOSURE]


def test_a_date_picks_the_rules() -> None:
    new_year = datetime(2027, 1, 1, 12, tzinfo=UTC)
    for now, expected in ((NOON, []), (new_year, [DISCLOSURE, BREAK])):
        told = {DISCLOSURE: now - timedelta(hours=1)}
        assert due(told, now, country="US") == expected
        assert due(told, now, country="US", age_band=AgeBand.ADULT) == []


def test_before_the_first_rules_these_count_already() -> None:
    long_ago = datetime(1970, 1, 2, 12, tzinfo=UTC)
    assert due({DISCLOSURE: long_ago}, long_ago + timedelta(hours=3)) == [DISCLOSURE, BREAK]


def test_rules_that_are_out_of_order_or_of_no_beat_are_refused() -> None:
    with pytest.raises(ValueError, match="begin later"):
        Jurisdiction("us", "US", "1", (HOURLY, THREE))
    with pytest.raises(ValueError, match="break_hours"):
        evolve(THREE, break_hours=0)
    with pytest.raises(ValueError, match="rules"):
        Jurisdiction("us", "US", "1", ())


ANY_RULES = st.builds(
    NoticeRules,
    effective_from=st.just(date(2025, 11, 5)),
    disclosure_hours=st.integers(1, 6),
    minor_disclosure_hours=st.integers(1, 6),
    break_hours=st.integers(1, 6),
    minors=st.just(KNOWN_MINORS),
)
BANDS = st.sampled_from(AgeBand)
FORWARD = st.lists(st.timedeltas(timedelta(), timedelta(hours=9)), min_size=1, max_size=40)
ANYWHERE = st.lists(st.timedeltas(timedelta(days=-2), timedelta(days=2)), min_size=1, max_size=40)
STEADY = st.lists(st.timedeltas(timedelta(minutes=1), timedelta(minutes=50)), min_size=40)


def told_over(
    steps: list[timedelta], rules: NoticeRules, age_band: AgeBand
) -> list[tuple[datetime, list[NoticeKind]]]:
    """What each of a row of turns tells, when every turn keeps what it told."""
    now, noticed_at, turns = NOON, dict[NoticeKind, datetime](), []
    for step in steps:
        now += step
        kinds = due(noticed_at, now, age_band=age_band, rules=rules)
        noticed_at |= dict.fromkeys(kinds, now)
        turns.append((now, kinds))
    return turns


@given(ANYWHERE, ANY_RULES, BANDS)
def test_whatever_the_clock_does_nobody_talks_without_having_been_told_today(
    steps: list[timedelta], rules: NoticeRules, age_band: AgeBand
) -> None:
    last: datetime | None = None
    for now, kinds in told_over(steps, rules, age_band):
        if DISCLOSURE in kinds:
            last = now
        assert last is not None
        assert last.date() == now.date()
        assert timedelta() <= now - last < rules.disclosure_beat(age_band)


@given(FORWARD, ANY_RULES, BANDS)
def test_nobody_is_told_twice_within_a_beat_of_a_day(
    steps: list[timedelta], rules: NoticeRules, age_band: AgeBand
) -> None:
    last: datetime | None = None
    for now, kinds in told_over(steps, rules, age_band):
        if DISCLOSURE in kinds:
            is_new = last is None or last.date() != now.date()
            assert is_new or (last and now - last >= rules.disclosure_beat(age_band))
            last = now


@given(STEADY, ANY_RULES, st.sampled_from(sorted(KNOWN_MINORS)))
def test_a_minor_who_goes_on_is_reminded_within_each_beat(
    steps: list[timedelta], rules: NoticeRules, age_band: AgeBand
) -> None:
    turns = told_over(steps, rules, age_band)
    since = turns[0][0]
    for now, kinds in turns:
        assert now - since < rules.break_beat + max(steps)
        if BREAK in kinds:
            since = now


@given(ANYWHERE, ANY_RULES, st.sampled_from([AgeBand.ADULT, AgeBand.UNKNOWN]))
def test_only_known_minors_are_sent_to_take_a_break(
    steps: list[timedelta], rules: NoticeRules, age_band: AgeBand
) -> None:
    assert all(BREAK not in kinds for _, kinds in told_over(steps, rules, age_band))


def test_a_notice_names_its_wording() -> None:
    [here] = policy().due_notices(country="us", age_band=AgeBand.ADULT, noticed_at={}, now=NOON)
    assert (here.text, here.version) == ("an AI, mind", "us1/t1.en")
    [there] = policy().due_notices(
        country="AT", age_band=AgeBand.ADULT, noticed_at={}, now=NOON, language="de-AT"
    )
    assert (there.text, there.version) == ("eine KI", "o1/t1.de")


@pytest.mark.parametrize(
    ("country", "language", "text"),
    [("DE", None, "eine KI"), ("DE", "en", "an AI"), (None, "fr", "an AI"), (None, None, "an AI")],
)
def test_a_notice_is_in_the_language_that_was_asked_for_or_in_that_of_the_country(
    country: str | None, language: str | None, text: str
) -> None:
    [notice] = policy().due_notices(
        country=country, age_band=AgeBand.ADULT, noticed_at={}, now=NOON, language=language
    )
    assert notice.text == text


@pytest.mark.parametrize(
    ("country", "language", "text"),
    [
        ("US", "en", "Talk now:\n• 988: 988\ncall 911 or every.where\nbye"),
        ("us", "de", "Sprich now:\n• 988: 988\ncall 911 or every.where\nbye"),
        ("DE", None, "Sprich now:\n• Seelsorge: 0800\n• Kummer: 116\ncall 112 or every.where\nbye"),
        ("DE", "fr", "Talk now:\n• Seelsorge: 0800\n• Kummer: 116\ncall 112 or every.where\nbye"),
        ("HR", "en", "Talk now:\n• Any: every.where\n• Hrabri: 116\ncall 112\nbye"),
        ("TR", "en", "Talk now:\n• Any: every.where\ncall 112\nbye"),
        (None, "de", "Sprich now:\n• Any: every.where\n• Deutschland – Seelsorge: 0800\ncall\nbye"),
        ("ZZ", None, "Talk now:\n• Any: every.where\n• United States – 988: 988\ncall\nbye"),
    ],
)  # fmt: skip
def test_a_referral_names_help_where_the_person_is(
    country: str | None, language: str | None, text: str
) -> None:
    notice = policy().referral(country=country, language=language)
    assert notice.kind is NoticeKind.CRISIS_REFERRAL
    assert notice.text == text
    assert notice.version.startswith("h1/t1.")


def test_what_was_cut_is_replaced_by_help_or_by_a_refusal() -> None:
    for category in Category:
        text = policy().replacement(category, country="US", language="en")
        is_help = category in {Category.SELF_HARM, Category.SELF_HARM_METHOD}
        assert text == (policy().referral(country="US", language="en").text if is_help else "no")
    assert policy().replacement(Category.HATE, country="DE", language=None) == "nein"
    assert policy().replacement(Category.HATE, country="DE", language="en") == "no"
    assert policy().replacement(Category.HATE, country=None, language=None) == "no"


def test_whoever_is_not_known_to_be_an_adult_is_treated_as_a_minor() -> None:
    assert [band for band in AgeBand if not is_minor(band)] == [AgeBand.ADULT]
    assert policy().conduct(AgeBand.ADULT) == "Be honest."
    assert policy().conduct(AgeBand.UNKNOWN) == "Be honest.\nBe careful."
    for band in KNOWN_MINORS:
        assert policy().conduct(band) == "Be honest.\nBe careful.\nBe very careful."
