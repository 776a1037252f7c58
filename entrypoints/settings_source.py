"""Reads single settings out of the environment, and gathers what is wrong with them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from application.ports.rate_limiter import RateLimit

_NumberT = TypeVar("_NumberT", int, float)

_RATE = re.compile(r"(\d{1,9})\s*/\s*(second|minute|hour|day)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def read_env_file(path: Path) -> dict[str, str]:
    """The assignments in a ``.env`` file; quotes around a value are dropped, ``#`` lines too."""
    if not path.is_file():
        return {}
    values: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        found = _LINE.fullmatch(line.strip())
        if found:
            value = found[2].strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            values[found[1]] = value
    return values


class SettingsSource:
    """Environment values by name, an empty one counts as absent; ``problems`` collects mistakes."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.problems: list[str] = []

    def text(self, name: str) -> str | None:
        """The value without surrounding space."""
        return self._values.get(name, "").strip() or None

    def words(self, name: str) -> tuple[str, ...]:
        """The parts of a list separated by commas."""
        value = self.text(name) or ""
        return tuple(word.strip() for word in value.split(",") if word.strip())

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of ``choices``, the first when absent."""
        value = self.text(name) or choices[0]
        if value not in choices:
            self.problems.append(f"{name} is {value!r}; it must be one of {', '.join(choices)}.")
            return choices[0]
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """``true`` or ``false``."""
        return self.choice(name, ("true", "false") if default else ("false", "true")) == "true"

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        return self._number(name, int, default, least, most)

    def seconds(self, name: str, default: float) -> float:
        """A positive number of seconds, at most a day."""
        return self._number(name, float, default, 0.001, 86_400.0)

    def rate(self, name: str) -> RateLimit | None:
        """A rate such as ``600/minute``."""
        value = self.text(name)
        if value is None:
            return None
        found = _RATE.fullmatch(value)
        if found is None or int(found[1]) < 1:
            self.problems.append(f"{name} is {value!r}; write it like 600/minute.")
            return None
        return RateLimit(int(found[1]), _SECONDS[found[2]])

    def _number(
        self,
        name: str,
        kind: type[_NumberT],
        default: _NumberT,
        least: _NumberT,
        most: _NumberT,
    ) -> _NumberT:
        value = self.text(name)
        if value is None:
            return default
        try:
            number = kind(value)
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            self.problems.append(f"{name} is {value!r}; it must be from {least} to {most}.")
            return default
        return number
