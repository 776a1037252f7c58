"""JSON of other programs: read strictly, and only if PostgreSQL can keep all of it."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any, NoReturn

import msgspec

from domain.errors import InvalidRequest, PayloadTooLarge
from entrypoints.card_files.limits import MAX_BRACKETS, MAX_CARD, MAX_COMMAS, MAX_NESTING

_MAX_INTEGER = 2**63 - 1
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_json(raw: bytes) -> dict[str, Any]:
    """The object in these bytes.

    Raises ``PayloadTooLarge``, and ``InvalidRequest`` for what is no JSON object, or one with
    values that would be changed on the way: numbers beyond 64 bits or no numbers at all, U+0000,
    halves of surrogate pairs, deeper nesting than 64.
    """
    if len(raw) > MAX_CARD:
        raise PayloadTooLarge(f"The card's JSON has more than {MAX_CARD} bytes.")
    # Two braces beside each other are a macro in a text, never a part of JSON itself.
    brackets = raw.count(b"[") + raw.count(b"{") - 2 * raw.count(b"{{")
    if brackets > MAX_BRACKETS or raw.count(b",") > MAX_COMMAS:
        raise InvalidRequest("The card's JSON has too many values.")
    try:
        text = raw.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError:
        raise InvalidRequest("The card's JSON is not UTF-8.") from None
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise InvalidRequest(f"The card's JSON is nested deeper than {MAX_NESTING}.") from None
    except ValueError:
        raise InvalidRequest("This is neither a card's file nor JSON.") from None
    if not isinstance(value, dict):
        raise InvalidRequest("A card's JSON must be an object.")
    check_json(value)
    return value


def write_json(card: Mapping[str, Any]) -> bytes:
    """The card as JSON."""
    return msgspec.json.encode(card)


def check_json(value: object) -> None:
    """Raise ``InvalidRequest`` for a value that could not be kept as it is."""
    level: list[Any] = [value]
    depth = 0
    while level:
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict | list):
                if depth == MAX_NESTING:
                    message = f"The card's JSON is nested deeper than {MAX_NESTING}."
                    raise InvalidRequest(message)
                inner += one
                if isinstance(one, dict):
                    inner += one.values()
            else:
                _check_scalar(one)
        level = inner
        depth += 1


def _check_scalar(value: object) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            raise InvalidRequest("Texts must not contain the character U+0000.")
        try:
            value.encode()
        except UnicodeEncodeError:
            message = "Texts must not contain half of a surrogate pair."
            raise InvalidRequest(message) from None
    elif isinstance(value, float):
        if not isfinite(value):
            raise InvalidRequest("Numbers must be finite.")
    elif isinstance(value, int) and not -_MAX_INTEGER <= value <= _MAX_INTEGER:
        raise InvalidRequest("Whole numbers must fit 64 bits.")


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidRequest(f"{name} is not a number.")
