"""Days of the month, weekdays and hours that a text names. English only."""

import re

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DATE = re.compile(
    rf"\b(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b|\b{_MONTH} (?:the )?\d{{1,2}}(?:st"
    r"|nd|rd|th)?\b|\b(?:the )?\d{1,2}(?:st|nd|rd|th)\b(?! (?:birthday|anniversary|floor|grade"
    rf"|place|time))|\b(?:in|until|till|to|for|not|now|of|after) {_MONTH}\b",
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.IGNORECASE)
HOUR = re.compile(
    r"\b(?:at|to|not|until|from|by|for) (\d{1,2}(?:[:.]\d\d)?|noon|midnight"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=$|[.,!;]| o'clock| in\b"
    r"| on\b| now\b| instead\b| pm\b| am\b))\b(?!%)"
)
_AROUND = re.compile(
    r"^(?:the|in|until|till|to|for|not|now|of|after) |(?<=\d)(?:st|nd|rd|th)| of\b|\bthe\b",
    re.IGNORECASE,
)
_NUMBER_OR_MONTH = re.compile(r"\d+|\b[a-z]{3}")


def dates_in(text: str) -> frozenset[str]:
    """Days of the month, and months that something is in, however they are written."""
    return frozenset(_written_alike(one) for one in DATE.findall(text))


def _written_alike(date: str) -> str:
    """The same for "the 4th of May", "May 4" and "on 4 May"."""
    plain = _AROUND.sub("", date).casefold()
    return " ".join(sorted(_NUMBER_OR_MONTH.findall(plain)))


def days_of(dates: frozenset[str]) -> set[str]:
    """The numbers of the days."""
    return {part for date in dates for part in date.split() if part.isdigit()}
