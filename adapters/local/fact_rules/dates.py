"""Finding when something is: dates, and words such as "tomorrow" seen from when they were said."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from attrs import frozen

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"a": 1, "an": 1, "a couple of": 2, "a few": 3, "thirty": 30}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
            "twenty-first",
            "twenty-second",
            "twenty-third",
            "twenty-fourth",
            "twenty-fifth",
            "twenty-sixth",
            "twenty-seventh",
            "twenty-eighth",
            "twenty-ninth",
            "thirtieth",
            "thirty-first",
        ],
        1,
    )
}
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?|" + "|".join(sorted(_ORDINALS, key=len, reverse=True))
_COUNT = r"\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))


@frozen
class When:
    """A moment named in a text: its day, how to write it, and where in the text it stands."""

    day: date
    label: str
    end: int
    is_relative: bool

    @property
    def at(self) -> datetime:
        """The beginning of the day."""
        return datetime.combine(self.day, time(), UTC)


def _plain(day: date, match: re.Match[str], *, relative: bool = True) -> When:
    return When(day, day.isoformat(), match.end(), relative)


def _in_days(match: re.Match[str], today: date) -> When | None:
    days = {
        "the day after tomorrow": 2,
        "the day before yesterday": -2,
        "tomorrow": 1,
        "yesterday": -1,
        "last night": -1,
    }.get(match[0].lower(), 0)
    return _plain(today + timedelta(days), match)


_HAS_HAPPENED = re.compile(
    r"\b(?:i|we|he|she|they|it|who|and|my [\w-]+|our [\w-]+|(?-i:[A-Z])[\w-]+)"
    r" (?:(?:just|finally|both|all|also|only|already|actually|\w+ly) )*"
    r"(?:moved|met|went|came|got (?:married|engaged|home|back|sacked|fired|hired)|died"
    r"|passed|left|quit|started|began|finished|broke|fell|ran|won|lost|had(?! to\b)|visited|saw"
    r"|arrived|was born|were born|gave birth|adopted|buried|graduated|retired|celebrated|crashed"
    r"|sprained|kissed|proposed|drove|flew|ate|cooked|danced|rang|watched|played|slept|split up)\b"
    r"(?!.*\b(?:is|are|will|shall|going to|am|'s|'ll|'re|to be|which|for|about|until|till"
    r"|before)\b)",
    re.IGNORECASE,
)
"""Somebody did something that is over: then "on Saturday" was the last one."""


def _weekday(match: re.Match[str], today: date) -> When | None:
    ahead = (_DAYS.index(match["day"].lower()) - today.weekday()) % 7
    which = (match["which"] or "").lower()
    if which == "last" or (not which and _HAS_HAPPENED.search(match.string[: match.start()])):
        return _plain(today - timedelta((7 - ahead) % 7 or 7), match)
    return _plain(today + timedelta(ahead or (7 if which == "next" else 0)), match)


def _span(match: re.Match[str], today: date) -> When | None:
    step = {"next": 1, "last": -1}.get(match["which"].lower(), 0)
    unit = match["unit"].lower()
    if unit == "weekend":
        saturday = today + timedelta((5 - today.weekday()) % 7 + 7 * step)
        return _plain(saturday, match)
    if unit == "week":
        monday = today - timedelta(today.weekday()) + timedelta(7 * step)
        return When(monday, f"week of {monday.isoformat()}", match.end(), is_relative=True)
    if unit == "month":
        return _month_away(today, step, match)
    return When(date(today.year + step, 1, 1), str(today.year + step), match.end(), True)  # noqa: FBT003


def _month_away(today: date, months: int, match: re.Match[str]) -> When:
    number = today.year * 12 + today.month - 1 + months
    day = date(number // 12, number % 12 + 1, 1)
    return When(day, f"{day:%Y-%m}", match.end(), is_relative=True)


def _distance(match: re.Match[str], today: date) -> When | None:
    count = match["count"].lower()
    number = int(count) if count.isdigit() else _NUMBERS[count]
    if match["ago"]:
        number = -number
    elif not match["in"]:
        return None
    unit = match["unit"].lower()
    if unit in {"day", "night"}:
        return _plain(today + timedelta(number), match)
    if unit == "week":
        return _plain(today + timedelta(7 * number), match)
    if unit == "month":
        return _month_away(today, number, match)
    year = today.year + number
    if not 1 <= year <= 9999:  # noqa: PLR2004 - what a date can hold
        return None
    return When(date(year, 1, 1), str(year), match.end(), is_relative=True)


def _calendar(match: re.Match[str], today: date) -> When | None:
    raw = match["day"].lower()
    number = _ORDINALS.get(raw) or int(re.sub(r"\D", "", raw))
    month = _MONTHS.index(match["month"][:3].lower()) + 1
    year = int(match["year"]) if match["year"] else today.year
    try:
        day = date(year, month, number)
        if not match["year"] and day < today:
            day = date(year + 1, month, number)
    except ValueError:
        return None
    return _plain(day, match, relative=False)


def _iso(match: re.Match[str], _today: date) -> When | None:
    try:
        return _plain(date(int(match[1]), int(match[2]), int(match[3])), match, relative=False)
    except ValueError:
        return None


def _month_only(match: re.Match[str], today: date) -> When | None:
    month = _MONTHS.index(match["month"][:3].lower()) + 1
    year = int(match["year"]) if match["year"] else today.year + (month < today.month)
    return When(date(year, month, 1), f"{year:04}-{month:02}", match.end(), is_relative=False)


def _year(match: re.Match[str], _today: date) -> When | None:
    return When(date(int(match[1]), 1, 1), match[1], match.end(), is_relative=False)


_FINDERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], When | None]], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), find)
    for pattern, find in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})", _iso),
        (
            rf"(?:the )?(?P<day>{_DAY})(?: of)? (?P<month>{_MONTH})(?:,? (?P<year>(?:19|20)\d\d))?",
            _calendar,
        ),
        (
            rf"(?P<month>{_MONTH}) (?:the )?(?P<day>{_DAY})(?:,? (?P<year>(?:19|20)\d\d))?",
            _calendar,
        ),
        (
            r"the day after tomorrow|the day before yesterday|tomorrow|yesterday|last night|today"
            r"|tonight|this (?:morning|afternoon|evening)",
            _in_days,
        ),
        (
            r"(?:(?P<which>next|this|last|coming) |on |this coming )(?P<day>" + "|".join(_DAYS)
            + ")",
            _weekday,
        ),
        (r"(?P<which>next|last|this) (?P<unit>weekend|week|month|year)", _span),
        (
            rf"(?:(?P<in>in|within) )?(?P<count>{_COUNT}) (?P<unit>day|night|week|month|year)s?"
            r"(?: (?P<ago>ago))?",
            _distance,
        ),
        (
            rf"(?:in|this|next|last|since) (?P<month>{_MONTH})(?:,? (?P<year>(?:19|20)\d\d))?",
            _month_only,
        ),
        (r"(?:in|since) ((?:19|20)\d\d)", _year),
    )
)  # fmt: skip
_HINT = re.compile(
    r"\d|day|month|week|year|morrow|night|morning|noon|evening|\bjan|\bfeb|\bmar|\bapr|\bmay\b"
    r"|\bjun"
    r"|\bjul|\baug|\bsep|\boct|\bnov|\bdec",
    re.IGNORECASE,
)


def find_when(text: str, said_at: datetime) -> When | None:
    """The first date that the text names; None when it names none."""
    if _HINT.search(text) is None:
        return None
    today = said_at.date()
    for pattern, find in _FINDERS:
        match = pattern.search(text)
        if match is not None:
            try:
                found = find(match, today)
            except (OverflowError, ValueError):
                found = None
            if found is not None:
                return found
    return None


def with_date(text: str, when: When | None) -> str:
    """The text with the date in brackets behind what was only true when it was said."""
    if when is None or not when.is_relative:
        return text
    return f"{text[: when.end]} ({when.label}){text[when.end :]}"
