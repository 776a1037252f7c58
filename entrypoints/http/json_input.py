"""The one way in for JSON: strict about bytes, then about the route's own rules.

What is no JSON is answered with 400; what is JSON but breaks a rule, with 422 and the path of the
field. ``NaN`` and ``Infinity`` count as rules: they are numbers, only none that we take. Fields
that a route does not know are ignored.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, Generic, NoReturn, TypeVar

import msgspec
from werkzeug.exceptions import BadRequest
from werkzeug.http import parse_options_header

from domain.errors import InvalidRequest
from entrypoints.http.answers import JSON
from entrypoints.http.request import HttpRequest

MAX_NESTING: Final = 64
_MAX_INTEGER = 2**63 - 1
_WHERE = " - at `$"
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]*)`")
_LONGEST_PROBLEM = 200
_UNKNOWN_KEY = "[...]"

T = TypeVar("T")


class JsonReader(Generic[T]):
    """Reads bodies of one type; ``is_optional`` takes no body at all for an empty object."""

    def __init__(self, type_: type[T], *, is_optional: bool = False) -> None:
        self.type = type_
        self.is_optional = is_optional
        self._decode = msgspec.json.Decoder(type_).decode

    async def read(self, request: HttpRequest) -> tuple[bytes, T]:
        """The raw body and what it says.

        Raises ``InvalidRequest``, or an ``HTTPException`` for what is no JSON, too large or too
        slow.
        """
        raw = await request.get_data()
        if not isinstance(raw, bytes):
            raise TypeError
        if not raw and self.is_optional:
            return b"", self._decode(b"{}")
        _check_type(request.headers.get("Content-Type"))
        return raw, self.parse(raw)

    def parse(self, raw: bytes) -> T:
        """The value in these bytes; raises as ``read`` does."""
        try:
            # Fields that are skipped would not be looked at otherwise.
            raw.decode()
            if b"\\u0000" in raw or raw.count(b"[") + raw.count(b"{") > MAX_NESTING:
                check_values(msgspec.json.decode(raw))
            return self._decode(raw)
        except msgspec.ValidationError as error:
            _refuse(str(error))
        except RecursionError:
            raise BadRequest(f"The body is nested more than {MAX_NESTING} deep.") from None
        except UnicodeDecodeError:
            raise BadRequest("The body is not UTF-8.") from None
        except ValueError:
            _check_constants(raw)
            raise BadRequest("The body is not JSON.") from None


def check_values(value: Any) -> None:  # noqa: ANN401 - JSON of any shape
    """Raise for JSON that no store of ours could keep, anywhere inside ``value``.

    ``InvalidRequest`` for integers beyond 64 bits and NUL characters, 400 for too much nesting.
    """
    level: list[Any] = [value]
    depth = 0
    while level:
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict | list):
                if depth == MAX_NESTING:
                    raise BadRequest(f"The body is nested more than {MAX_NESTING} deep.")
                inner += one
                if isinstance(one, dict):
                    inner += one.values()
            elif isinstance(one, str) and "\x00" in one:
                raise InvalidRequest("Texts must not contain the character U+0000.")
            elif isinstance(one, int) and not -_MAX_INTEGER <= one <= _MAX_INTEGER:
                raise InvalidRequest("Whole numbers must fit 64 bits.")
        level = inner
        depth += 1


def canonical(raw: bytes) -> bytes:
    """The same JSON with sorted keys and no spaces, so that equal bodies are equal bytes."""
    if not raw:
        return raw
    return msgspec.json.encode(msgspec.json.decode(raw), order="deterministic")


def _check_type(content_type: str | None) -> None:
    if content_type == JSON:
        return
    kind, options = parse_options_header(content_type)
    if kind.lower() != JSON:
        raise BadRequest(f"Content-Type must be {JSON}.")
    if options.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise BadRequest("The body must be UTF-8.")


def _refuse(problem: str) -> NoReturn:
    """Tell msgspec's complaint again, with the field as OpenAI writes it: ``messages[0].role``."""
    # The last one: the complaint may quote a value, in which anything may stand.
    message, _, where = problem.rpartition(_WHERE) if _WHERE in problem else (problem, "", "")
    path = where.removeprefix(".").removesuffix("`")
    missing = _MISSING.fullmatch(message)
    if missing:
        path = f"{path}.{missing['name']}" if path else missing["name"]
    told = shortened(message.replace("`", ""))
    raise InvalidRequest(f"{told}.", param=path.replace(_UNKNOWN_KEY, "") or None)


def shortened(problem: str) -> str:
    """A complaint that repeats no long part of what it complains about."""
    if len(problem) <= _LONGEST_PROBLEM:
        return problem
    return f"{problem[:_LONGEST_PROBLEM]}…"


class _NotANumberError(Exception):
    """A constant that JSON does not have."""


def _check_constants(raw: bytes) -> None:
    """Raise ``InvalidRequest`` if all that is wrong are ``NaN`` or ``Infinity``."""

    def refuse(name: str) -> Iterator[None]:
        raise _NotANumberError(name)

    try:
        json.loads(raw, parse_constant=refuse)
    except _NotANumberError as error:
        raise InvalidRequest(f"{error} is not a number.") from None
    except (ValueError, RecursionError):
        return
