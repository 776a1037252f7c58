"""Reads single settings out of the environment, and gathers what is wrong with them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from application.ports.rate_limiter import RateLimit

_NumberT = TypeVar("_NumberT", int, float)

_RATE = re.compile(r"(\d{1,9})\s*/\s*(second|minute|hour|day)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
SECRETS = (
    "DATABASE_URL",
    "DATABASE_MIGRATION_URL",
    "REDIS_URL",
    "XAI_API_KEY",
    "OPENAI_API_KEY",
    "SECRET_KEY",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
)
"""What may come from a file instead, named by the same name and ``_FILE``."""
_DATABASE = re.compile(r"postgres(ql)?://|[a-z_]+ *=", re.IGNORECASE)
"""What libpq takes: an address, or words such as ``host=db dbname=companion``."""
_ORIGIN = re.compile(r"\*|null|[a-z][a-z0-9+.-]*://[^/?#\s]+", re.IGNORECASE)
_QUOTED = re.compile(r"""(["'])(.*)\1(?:\s+#.*)?$""")
_COMMENT = re.compile(r"(?:^|\s+)#")
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def read_env_file(path: Path) -> dict[str, str]:
    """The assignments in a ``.env`` file; quotes around a value are dropped, comments too.

    Raises ``UnicodeError`` for what is not text.
    """
    if not path.is_file():
        return {}
    values: dict[str, str] = {}
    # Some editors begin each file with a mark of its encoding.
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        found = _LINE.fullmatch(line.strip())
        if found:
            values[found[1]] = _unquoted(found[2].strip())
    return values


def _unquoted(value: str) -> str:
    """The value itself; what follows it after a space and ``#`` is a comment."""
    quoted = _QUOTED.match(value)
    if quoted is not None:
        return quoted[2]
    return _COMMENT.split(value, maxsplit=1)[0]


class SettingsSource:
    """Environment values by name, an empty one counts as absent; ``problems`` collects mistakes.

    A secret may stand in a file: ``SECRET_KEY_FILE`` names the one for ``SECRET_KEY``.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        given = set(values)
        files = {name: values[f"{name}_FILE"] for name in SECRETS if f"{name}_FILE" in given}
        self._from_files = {
            name: self._read_secret(name, path.strip(), values)
            for name, path in files.items()
            if path.strip()
        }
        self._values = values

    def text(self, name: str) -> str | None:
        """The value without surrounding space."""
        return (self._from_files.get(name) or self._values.get(name, "")).strip() or None

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

    def file(self, name: str) -> Path | None:
        """A file that is there."""
        value = self.text(name)
        if value is None:
            return None
        path = Path(value).expanduser()
        if not path.is_file():
            self.problems.append(f"{name} is {value!r}: there is no such file.")
        return path

    def web_address(self, name: str) -> str | None:
        """Where something is asked over HTTP."""
        value = self.text(name)
        if value is not None and not _is_address(value, ("http", "https")):
            self.problems.append(f"{name} is {value!r}; it must be like https://host/path.")
        return value

    def database(self, name: str) -> str | None:
        """Where PostgreSQL is. As it may hold a password, the problem does not quote it."""
        value = self.text(name)
        if value is not None and _DATABASE.match(value) is None:
            self.problems.append(f"{name} must be like postgresql://user:password@host:5432/name.")
        return value

    def redis(self, name: str) -> str | None:
        """Where Redis is. As it may hold a password, the problem does not quote it."""
        value = self.text(name)
        if value is not None and not _is_address(value, ("redis", "rediss", "unix")):
            self.problems.append(f"{name} must be like redis://host:6379/0.")
        return value

    def origins(self, name: str) -> tuple[str, ...]:
        """What browsers send as ``Origin``; with anything more it would equal none of theirs."""
        values = self.words(name)
        self.problems += [
            f"{name} names {value!r}; an origin is like https://app.example.com, without a path."
            for value in values
            if _ORIGIN.fullmatch(value) is None
        ]
        return values

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

    def _read_secret(self, name: str, path: str, values: Mapping[str, str]) -> str:
        """What a file holds; the problems never quote it."""
        if name in set(values) and values[name].strip():
            self.problems.append(f"{name} and {name}_FILE are both set: keep one.")
            return ""
        try:
            secret = Path(path).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            self.problems.append(f"{name}_FILE cannot be read: {path}: {type(error).__name__}.")
            return ""
        if not secret:
            self.problems.append(f"{name}_FILE is empty: {path}.")
        return secret

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


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    """Whether it begins with one of these, and what of a host it names can be one."""
    try:
        parts = urlsplit(value)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return parts.scheme in schemes and (has_host or "http" not in schemes)
