"""Query strings: named, typed and limited like bodies, but optional throughout."""

import re
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta, Struct, inspect

from application.pages import DEFAULT_PAGE, MAX_PAGE
from domain.errors import InvalidRequest
from entrypoints.http.json_input import shortened
from entrypoints.http.request import HttpRequest

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
MAX_TEXT = 128
PRINTABLE = {"pattern": r"^[^\u0000-\u001f\u007f]*$"}
"""How the document says what ``is_unprintable`` refuses."""

QueryT = TypeVar("QueryT", bound=Struct)


class NoQuery(Struct, frozen=True):
    """A route that takes no query string."""


class PageQuery(Struct, frozen=True):
    """Which part of a list to show."""

    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE, description="How many items at most.")] = (
        DEFAULT_PAGE
    )
    cursor: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=MAX_TEXT,
                description="The `next_cursor` of a page.",
                extra_json_schema=PRINTABLE,
            ),
        ]
        | None
    ) = None


class NumberedPageQuery(PageQuery, frozen=True):
    """The same for a list that is in the order of numbers."""

    cursor: (
        Annotated[str, Meta(pattern="^[0-9]{1,18}$", description="The `next_cursor` of a page.")]
        | None
    ) = None


class QueryReader(Generic[QueryT]):
    """Reads query strings of one type; the first of several values of a name counts.

    Names that the type does not have are ignored, unless it forbids them.
    """

    def __init__(self, type_: type[QueryT]) -> None:
        self.type = type_
        fields = msgspec.structs.fields(type_)
        self._numbers = {field.encode_name for field in fields if _is_number(field.type)}
        self._defaults = type_()
        self._is_strict = type_.__struct_config__.forbid_unknown_fields

    def read(self, request: HttpRequest) -> QueryT:
        """What the query string says; raises ``InvalidRequest`` naming the parameter."""
        if not request.query_string:
            return self._defaults
        given: dict[str, object] = {}
        for name, value in request.args.items():
            if self._is_strict and name not in self.type.__struct_encode_fields__:
                raise InvalidRequest("There is no such parameter.", param=name[:MAX_TEXT])
            if name in self.type.__struct_encode_fields__:
                if is_unprintable(value):
                    raise InvalidRequest("This is not printable text.", param=name)
                is_number = name in self._numbers and _WHOLE.fullmatch(value)
                given[name] = int(value) if is_number else value
        try:
            return msgspec.convert(given, self.type)
        except msgspec.ValidationError as error:
            problem, _, path = str(error).rpartition(" - at `$.")
            told = shortened(problem.replace("`", ""))
            raise InvalidRequest(f"{told}.", param=path.rstrip("`") or None) from None


def _is_number(type_: object) -> bool:
    found = _described(inspect.type_info(type_))
    choices = found.types if isinstance(found, inspect.UnionType) else (found,)
    return any(isinstance(_described(choice), inspect.IntType) for choice in choices)


def _described(type_: inspect.Type) -> inspect.Type:
    return type_.type if isinstance(type_, inspect.Metadata) else type_


def is_unprintable(text: str) -> bool:
    """Whether there is a character in it that no id or name has, and that no database takes."""
    return _UNPRINTABLE.search(text) is not None
