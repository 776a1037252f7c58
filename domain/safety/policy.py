"""What people are told and when, as one value made of data: notices, referrals, refusals."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from attrs import field, frozen
from attrs.validators import min_len

from domain.accounts import AgeBand
from domain.notices import Notice, NoticeKind
from domain.safety.helplines import CountryHelp, Helplines, ReferralText, in_language
from domain.safety.jurisdictions import Jurisdiction, NoticeRules
from domain.safety.verdicts import Category

_REFERRED = frozenset({Category.SELF_HARM, Category.SELF_HARM_METHOD})
KNOWN_MINORS = frozenset({AgeBand.UNDER_13, AgeBand.FROM_13_TO_15, AgeBand.FROM_16_TO_17})


def is_minor(age_band: AgeBand) -> bool:
    """Whether content rules treat this person as a minor: whoever is not known to be an adult."""
    return age_band is not AgeBand.ADULT


@frozen
class Texts:
    """Every sentence that people are told, by language (ISO 639-1)."""

    version: str = field(validator=min_len(1))
    disclosure: Mapping[str, Mapping[str, str]]
    """By wording, then language."""
    break_reminder: Mapping[str, Mapping[str, str]]
    """By wording, then language."""
    referral: Mapping[str, ReferralText]
    refusal: Mapping[str, str]
    """What stands where a reply was cut."""
    conduct: str
    """For the model, whoever it talks to."""
    conduct_minor: str
    """For the model, when the person is not known to be an adult."""
    conduct_known_minor: str
    """For the model, when the person is known to be a minor."""


@frozen
class SafetyPolicy:
    """The published protocol as a value. ``jurisdictions`` ends with the one for all others."""

    version: str = field(validator=min_len(1))
    jurisdictions: tuple[Jurisdiction, ...] = field(validator=min_len(1))
    texts: Texts
    helplines: Helplines

    def jurisdiction(self, country: str | None) -> Jurisdiction:
        """Whose rules count there; where the country is not known, the strictest do."""
        wanted = (country or "").upper()
        found = (one for one in self.jurisdictions if wanted in one.countries)
        return next(found, self.jurisdictions[-1])

    def due_notices(
        self,
        *,
        country: str | None,
        age_band: AgeBand,
        noticed_at: Mapping[NoticeKind, datetime] | Mapping[str, datetime],
        now: datetime,
        language: str | None = None,
    ) -> tuple[Notice, ...]:
        """What this turn has to tell first; give each back as noticed ``now``, also backwards.

        ``noticed_at`` is when each kind was last told. A time in the future (the clock was set
        back) proves nothing: the notice is due again. When in doubt, people are told once more.
        Without a ``language`` the text is in that of the country.
        """
        last = {str(kind): moment for kind, moment in noticed_at.items()}
        jurisdiction = self.jurisdiction(country)
        rules = jurisdiction.rules_on(now.astimezone(UTC).date())
        due = []
        is_disclosed = _is_disclosure_due(last, rules.disclosure_beat(age_band), now)
        if is_disclosed:
            due.append(NoticeKind.AI_DISCLOSURE)
        if age_band in rules.minors and _is_break_due(last, rules, now, is_disclosed=is_disclosed):
            due.append(NoticeKind.BREAK_REMINDER)
        languages = _languages(language, self.helplines.find(country))
        return tuple(self._notice(kind, jurisdiction, *languages) for kind in due)

    def referral(self, *, country: str | None, language: str | None) -> Notice:
        """Where to find help now: in ``language``, or in that of the country."""
        help_ = self.helplines.find(country)
        language, text = in_language(self.texts.referral, *_languages(language, help_))
        version = f"{self.helplines.version}/{self.texts.version}.{language}"
        written = text.written(self.helplines.referral(country, language))
        return Notice(NoticeKind.CRISIS_REFERRAL, written, version)

    def replacement(self, category: Category, *, country: str | None, language: str | None) -> str:
        """What stands instead of a reply that was cut because of ``category``."""
        if category in _REFERRED:
            return self.referral(country=country, language=language).text
        languages = _languages(language, self.helplines.find(country))
        return in_language(self.texts.refusal, *languages)[1]

    def conduct(self, age_band: AgeBand) -> str:
        """How the model is to behave towards somebody of this age, for its system prompt."""
        lines = [self.texts.conduct]
        if is_minor(age_band):
            lines.append(self.texts.conduct_minor)
        if age_band in KNOWN_MINORS:
            lines.append(self.texts.conduct_known_minor)
        return "\n".join(lines)

    def _notice(
        self, kind: NoticeKind, jurisdiction: Jurisdiction, *languages: str | None
    ) -> Notice:
        wordings = {
            NoticeKind.AI_DISCLOSURE: self.texts.disclosure,
            NoticeKind.BREAK_REMINDER: self.texts.break_reminder,
        }[kind]
        texts = wordings.get(jurisdiction.wording, wordings["plain"])
        language, text = in_language(texts, *languages)
        return Notice(kind, text, f"{jurisdiction.version}/{self.texts.version}.{language}")


def _languages(language: str | None, help_: CountryHelp | None) -> tuple[str | None, ...]:
    return (language,) if language or help_ is None else (help_.language,)


def _is_disclosure_due(last: Mapping[str, datetime], beat: timedelta, now: datetime) -> bool:
    told = last.get(NoticeKind.AI_DISCLOSURE)
    return told is None or told > now or _is_another_day(told, now) or now - told >= beat


def _is_break_due(
    last: Mapping[str, datetime], rules: NoticeRules, now: datetime, *, is_disclosed: bool
) -> bool:
    """Whether a known minor has gone on for a beat, as far as can be told.

    Every notice begins the count anew, so whoever is told within a day once more that this is an
    AI (``is_disclosed``) is reminded as well. A notice of the day before cannot tell whether
    somebody has gone on through midnight: within two beats it is taken to be so; after more, a
    day's first turn begins something new.
    """
    told = [
        last[kind] for kind in (NoticeKind.AI_DISCLOSURE, NoticeKind.BREAK_REMINDER) if kind in last
    ]
    if not told:
        return False
    passed = now - max(told)
    if passed < timedelta():
        return True
    if _is_another_day(max(told), now):
        return passed < 2 * rules.break_beat
    return is_disclosed or passed >= rules.break_beat


def _is_another_day(told: datetime, now: datetime) -> bool:
    return told.astimezone(UTC).date() != now.astimezone(UTC).date()
