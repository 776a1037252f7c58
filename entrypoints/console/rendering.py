"""Pages out of templates; imported when the first page is asked for."""

import json
from datetime import date, datetime
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

_SHORT_ID: Final = 16


def _moment(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S") if value else "–"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _signed(value: int) -> str:
    return ("+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else "") + _number(abs(value))


def _words(value: object) -> str:
    return str(value).replace("_", " ").replace(":", ": ")


def _money(price: Any) -> str:  # noqa: ANN401 - a price of any schema
    return f"{price.amount / 100:.2f} {price.currency}" if price else "–"


def _short(value: str | None) -> str:
    if value is None:
        return "–"
    return value if len(value) <= _SHORT_ID else f"{value[:_SHORT_ID]}…"


def _day(value: date) -> str:
    return value.isoformat()


def _facts(value: Any) -> str:  # noqa: ANN401 - JSON of any shape
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True)


def _span(seconds: int) -> str:
    """The time between two runs, in the largest unit that it is a whole number of."""
    for name, size in (("day", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            number = seconds // size
            return f"{number} {name}{'s' if name == 'day' and number > 1 else ''}"
    return f"{seconds} s"


class Pages:
    """All templates, each read once."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("entrypoints.console"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            moment=_moment,
            number=_number,
            signed=_signed,
            words=_words,
            money=_money,
            short=_short,
            span=_span,
            day=_day,
            facts=_facts,
        )

    def render(self, name: str, **facts: object) -> bytes:
        """The page ``name`` about these facts."""
        return self._environment.get_template(name).render(facts).encode()


PAGES: Final = Pages()
