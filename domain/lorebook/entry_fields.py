"""Values of a card's JSON objects, of the type that they should have."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, overload

from attrs import frozen

_TOO_LARGE = 1e15


class OddValue(Exception):
    """A value has a type that it cannot have."""


@frozen
class Fields:
    """A JSON object; ``null`` counts as absent. All but the lenient methods raise ``OddValue``."""

    values: Mapping[str, Any]

    @classmethod
    def of(cls, value: object) -> "Fields":
        """The fields of an object; an absent one has none."""
        if value is None:
            return cls({})
        if not isinstance(value, Mapping):
            raise OddValue
        return cls(value)

    def text(self, name: str) -> str:
        """A text, empty by default."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise OddValue
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts, or one text with commas."""
        value = self.values.get(name)
        if value is None:
            return []
        if isinstance(value, str):
            return value.split(",")
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise OddValue
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self.values.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise OddValue
        return value

    def number(self, name: str, default: float) -> float:
        """A finite number."""
        value = self.values.get(name)
        if value is None:
            return default
        number = _number(value)
        if number is None:
            raise OddValue
        return number

    def lenient_flag(self, name: str) -> bool | None:
        """True or false, None for anything else."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else None

    @overload
    def lenient_number(self, name: str, default: float) -> float: ...

    @overload
    def lenient_number(self, name: str, default: None = None) -> float | None: ...

    def lenient_number(self, name: str, default: float | None = None) -> float | None:
        """A finite number, the default for anything else."""
        number = _number(self.values.get(name))
        return default if number is None else number

    def lenient_count(self, name: str) -> int:
        """A whole number from 0 on, 0 for anything else."""
        return max(0, int(self.lenient_number(name, 0)))

    def lenient_text(self, name: str) -> str:
        """A text, empty for anything else."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # An int with more digits than a float keeps is no number that anybody means.
    return float(value) if abs(value) < _TOO_LARGE and isfinite(value) else None
