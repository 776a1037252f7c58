"""The data that says who is told what: complete in each language, and what the law asks for."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.accounts import AgeBand
from domain.notices import NoticeKind
from domain.safety.helplines import CountryHelp
from domain.safety.policy import KNOWN_MINORS
from domain.safety.verdicts import Action, Category
from entrypoints.safety.policy import load_policy, load_score_rules

POLICY = load_policy()
LANGUAGES = sorted(POLICY.texts.refusal)
COUNTRIES = POLICY.helplines.countries
AN_AI = {
    "en": "AI", "es": "IA", "fr": "IA", "de": "KI", "it": "IA", "pt": "IA", "nl": "AI",
    "pl": "AI", "ru": "ИИ", "uk": "ШІ", "tr": "yapay zek", "ar": "ذكاء اصطناعي", "hi": "AI",
    "ja": "AI", "zh": "AI", "ko": "AI",
}  # fmt: skip
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_sixteen_languages_have_every_text() -> None:
    texts = POLICY.texts
    assert set(LANGUAGES) == set(AN_AI)
    for by_language in (
        *texts.disclosure.values(), *texts.break_reminder.values(), texts.referral,
    ):  # fmt: skip
        assert sorted(by_language) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_says_that_this_is_an_ai(language: str) -> None:
    for country in ("US", "DE", None):
        later = {NoticeKind.AI_DISCLOSURE: NOON - timedelta(hours=3)}
        notices = POLICY.due_notices(
            country=country,
            age_band=AgeBand.FROM_13_TO_15,
            noticed_at=later,
            now=NOON,
            language=language,
        )
        assert [str(notice.kind) for notice in notices] == ["ai_disclosure", "break_reminder"]
        assert all(AN_AI[language] in notice.text for notice in notices)
        assert all(notice.version.endswith(f".{language}") for notice in notices)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["US", "TR", "HR", None])
def test_a_referral_names_help_first_and_is_complete(language: str, country: str | None) -> None:
    text = POLICY.referral(country=country, language=language).text
    opening, *bullets, danger, closing = text.split("\n")
    assert len(opening) < 80
    assert bullets
    assert all(line.startswith("• ") for line in bullets)
    assert AN_AI[language] in closing
    assert not re.search(r"[{}]", text)
    assert "findahelpline.com" in text
    assert ("911" in danger) or country != "US"


def test_the_numbers_of_countries_stand_in_their_referrals() -> None:
    for country, number in {
        "US": "988", "GB": "116 123", "DE": "0800 111 0 111", "FR": "3114", "ES": "024",
        "BR": "188", "AU": "13 11 14", "JP": "0120", "KR": "109", "IN": "14416", "NL": "0800-0113",
    }.items():  # fmt: skip
        assert number in POLICY.referral(country=country, language="en").text


def test_forty_countries_and_more_have_lines_of_their_own() -> None:
    assert len([one for one in COUNTRIES if one.for_everybody]) >= 40
    codes = [one.country for one in COUNTRIES]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch("[A-Z]{2}", code) for code in codes)


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda one: one.country)
def test_each_number_can_be_dialled(country: CountryHelp) -> None:
    assert country.language in LANGUAGES
    assert re.fullmatch(r"\d{2,4}( / \d{2,5})*", country.emergency)
    for line in country.lines:
        assert re.search(r"\d{3}", re.sub(r"\D", "", line.contact)), line


def test_every_language_but_two_has_a_line_to_name_without_a_country() -> None:
    """Where there is none (Turkish, say) the directory still is."""
    named = {
        language
        for language in LANGUAGES
        if POLICY.referral(country=None, language=language).text.count("• ") > 1
    }
    assert set(LANGUAGES) - named == {"tr", "hi"}


def test_what_the_law_asks_for_counts_from_its_day_on() -> None:
    before, after = date(2026, 12, 31), date(2027, 1, 1)
    us = POLICY.jurisdiction("US")
    assert us.rules_on(before).break_hours == 3
    assert us.rules_on(after).break_hours == us.rules_on(after).minor_disclosure_hours == 1
    for country in ("US", "DE", "FR", "IE", "NO", "BR", "JP", None, "ZZ"):
        for day in (date(2025, 1, 1), before, after, date(2040, 1, 1)):
            rules = POLICY.jurisdiction(country).rules_on(day)
            assert rules.disclosure_hours <= 3
            assert rules.minor_disclosure_hours <= rules.disclosure_hours
            assert rules.minors == KNOWN_MINORS


def test_whoever_may_be_anywhere_gets_the_strictest_rules() -> None:
    for day in (date(2026, 11, 23), date(2027, 1, 1)):
        unknown = POLICY.jurisdiction(None).rules_on(day)
        for jurisdiction in POLICY.jurisdictions:
            rules = jurisdiction.rules_on(day)
            assert unknown.disclosure_hours <= rules.disclosure_hours
            assert unknown.minor_disclosure_hours <= rules.minor_disclosure_hours
            assert unknown.break_hours <= rules.break_hours


def test_only_the_last_jurisdiction_is_for_all_others() -> None:
    assert [bool(one.countries) for one in POLICY.jurisdictions] == [True, True, False]
    assert not POLICY.jurisdictions[0].countries & POLICY.jurisdictions[1].countries
    assert {"DE", "FR", "IE", "PL", "HR"} <= POLICY.jurisdiction("AT").countries


def test_every_wording_that_a_jurisdiction_names_is_there() -> None:
    wordings = {one.wording for one in POLICY.jurisdictions}
    assert wordings <= set(POLICY.texts.disclosure)


def test_versions_are_named() -> None:
    for version in (POLICY.version, POLICY.texts.version, POLICY.helplines.version):
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}(\.\d+)?", version)


def test_thresholds_are_shares_and_minors_are_never_worse_off() -> None:
    for rule in load_score_rules().rules:
        for thresholds in (rule.minor, rule.adult):
            assert all(0 < least <= 1 for least in thresholds.values())
        for hundredth in range(101):
            score = hundredth / 100
            minor, adult = rule.action(score, is_minor=True), rule.action(score, is_minor=False)
            assert minor >= adult, (rule.name, score)


def test_some_things_are_never_let_through() -> None:
    for name, category, action in (
        ("sexual/minors", Category.SEXUAL_MINORS, Action.BLOCK),
        ("self-harm/intent", Category.SELF_HARM, Action.REFER),
        ("self-harm/instructions", Category.SELF_HARM_METHOD, Action.REFER),
    ):
        [rule] = [one for one in load_score_rules().rules if one.name == name]
        assert rule.category is category
        assert rule.action(0.5, is_minor=False) is action
