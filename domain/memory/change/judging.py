"""What a memory says that a new one says otherwise, where neither has a topic.

News of an aspect of a life (``domain.memory.change.aspects``) ends what was told of it before, of
the same person; so do another date, a call-off or an opposite feeling, of the same thing. English
only: where a text is not understood, nothing ends.
"""

from domain.memory.change.aspect_news import is_news_of, tells_of_an_aspect
from domain.memory.change.by_now import says_by_now
from domain.memory.change.endings import is_ended, tells_an_end
from domain.memory.change.feelings import is_felt_otherwise
from domain.memory.change.occasions import (
    is_behind,
    is_new_date_of,
    may_move,
    tells_another_day,
)
from domain.memory.change.relations import with_plain_relations
from domain.memory.change.replacements import is_replaced, may_replace
from domain.memory.change.reversals import is_reversed, may_reverse
from domain.memory.change.roles import is_replaced_by_another, may_replace_somebody

_OF_THEIR_OWN_NAME = ("birth", "origin")


def is_changed_by(old: str, topic: str | None, new: str) -> bool:
    """Whether the memory ``old`` of this topic is no longer so, now that ``new`` is told."""
    old, new = with_plain_relations(old), with_plain_relations(new)
    return (
        is_news_of(old, topic, new)
        or is_new_date_of(old, new)
        or is_behind(old, new)
        or is_felt_otherwise(old, new)
        or is_replaced(old, new)
        or is_reversed(old, new)
        or is_replaced_by_another(old, new)
        or (
            is_ended(old, new)
            and topic != "name"
            and not (topic or "").startswith(_OF_THEIR_OWN_NAME)
        )
    )


def may_change_something(new: str) -> bool:
    """Whether it may be news of anything."""
    lowered = new.casefold()
    return (
        says_by_now(lowered)
        or may_move(lowered)
        or may_replace(lowered)
        or may_reverse(new)
        or may_replace_somebody(new)
        or tells_an_end(new)
        or tells_of_an_aspect(new)
    )


def tells_news(new: str) -> bool:
    """Whether it says that something has ended or moved, or that a life has changed."""
    return tells_an_end(new) or tells_of_an_aspect(new) or tells_another_day(new)
