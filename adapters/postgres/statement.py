"""SQL as it is written in the stores, and values as libpq takes them."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from itertools import count

from attrs import frozen

Values = Mapping[str, object]
"""Parameters by their names: strings, numbers, truth values, dates and times, None.

``bytes`` are text as it goes over the wire (a JSON document); a ``memoryview`` is the type's
binary form (``bytea``, ``halfvec``).
"""

TEXT, BINARY = 0, 1
"""Wire formats, as libpq numbers them."""

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_numbers = count(1)


@frozen(eq=False)
class Statement:
    """A statement with numbered parameters; ``name`` is what connections prepare it by."""

    name: bytes
    sql: bytes
    parameters: tuple[str, ...]
    """Their names, in the order of their numbers."""

    def bind(self, values: Values) -> tuple[list[bytes | None], list[int] | None]:
        """The parameters for the wire, and their formats (None when all are text)."""
        bound: list[bytes | None] = []
        formats: list[int] | None = None
        for index, name in enumerate(self.parameters):
            value = values[name]
            if type(value) is memoryview:
                formats = formats or [TEXT] * len(self.parameters)
                formats[index] = BINARY
            bound.append(_TO_WIRE[type(value)](value))
        return bound, formats


@cache
def statement(sql: str) -> Statement:
    """The statement for SQL with ``%(name)s`` parameters; the same text is parsed once."""
    names = tuple(dict.fromkeys(_PLACEHOLDER.findall(sql)))
    numbers = {name: f"${number}" for number, name in enumerate(names, start=1)}
    numbered = _PLACEHOLDER.sub(lambda found: numbers[found[1]], sql)
    return Statement(f"companion_{next(_numbers)}".encode(), numbered.encode(), names)


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot store: NUL and lone surrogates become U+FFFD.

    Neither may come in over HTTP, but a model may write them, and a reply must not fail to be
    stored and charged because of one character.
    """
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _text(value: str) -> bytes:
    if "\0" not in value:
        try:
            return value.encode()
        except UnicodeEncodeError:
            pass
    return storable(value).encode()


class _ToWire(dict[type, Callable[..., bytes | None]]):
    """How each type is written; subclasses of ``str`` (enumerations) are learnt at first use."""

    def __missing__(self, kind: type) -> Callable[..., bytes | None]:
        if not issubclass(kind, StrEnum):
            message = f"{kind.__name__} is no parameter for a statement"
            raise TypeError(message)
        self[kind] = _text
        return _text


_TO_WIRE = _ToWire(
    {
        type(None): lambda _: None,
        str: _text,
        int: lambda value: b"%d" % value,
        float: lambda value: repr(value).encode(),
        bool: lambda value: b"t" if value else b"f",
        datetime: lambda value: value.isoformat().encode(),
        date: lambda value: value.isoformat().encode(),
        bytes: lambda value: value,
        memoryview: bytes,
    }
)
