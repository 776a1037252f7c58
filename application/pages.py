"""Lists that are read page by page."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from attrs import frozen

from domain.errors import InvalidRequest

MAX_PAGE = 100
DEFAULT_PAGE = 20

ItemT = TypeVar("ItemT")


@frozen
class Page(Generic[ItemT]):
    """Some items and where the next ones begin; None when there are no more."""

    items: Sequence[ItemT]
    next_cursor: str | None


def page_of(items: Sequence[ItemT], limit: int, cursor: Callable[[ItemT], str]) -> Page[ItemT]:
    """The page out of ``limit + 1`` items that were asked for: the last one only tells of more."""
    if len(items) <= limit:
        return Page(items, None)
    kept = items[:limit]
    return Page(kept, cursor(kept[-1]))


_CURSOR_DIGITS = 18
"""A number that fits 64 bits."""
_FOREIGN = "This is not a cursor that a page of this list gave."


def number_cursor(cursor: str | None) -> int | None:
    """The number in a cursor that a list ordered by numbers gave.

    Raises ``InvalidRequest`` for anything else.
    """
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _CURSOR_DIGITS):
        raise InvalidRequest(_FOREIGN, param="cursor")
    return int(cursor)


def id_cursor(prefix: str, cursor: str | None) -> str | None:
    """The id in a cursor that a list ordered by such ids gave; ``prefix`` is what they begin with.

    Raises ``InvalidRequest`` for anything else: it would be told as the end of the list.
    """
    if cursor is None:
        return None
    kind, _, rest = cursor.partition("_")
    if kind != prefix or not (rest.isascii() and rest.isalnum()):
        raise InvalidRequest(_FOREIGN, param="cursor")
    return cursor
