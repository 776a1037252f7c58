"""Calendar months in UTC, as the stores count them."""

from calendar import monthrange
from datetime import datetime


def add_months(start: datetime, months: int) -> datetime:
    """The same day and time ``months`` later, or the last day of a month that is too short.

    Count from the day on which a subscription began, not from the last period's end: the 31st
    of January leads to the 28th of February and then to the 31st of March.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
