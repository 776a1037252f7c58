"""What in a life has one value at a time: how a text speaks of it, and how news of it sounds."""

import re

from attrs import frozen


@frozen
class Aspect:
    """``told`` is how a text speaks of it, ``news`` how one says that it has changed."""

    topics: frozenset[str]
    told: re.Pattern[str]
    news: re.Pattern[str]
    is_of_one_thing: bool = False
    """The two have to name the same thing besides: a fear, an allergy."""
    is_mutual: bool = False
    """What is told of oneself and another changes by either of the two."""


def aspect_of(
    topics: str, told: str, news: str, *, is_of_one_thing: bool = False, is_mutual: bool = False
) -> Aspect:
    """An aspect by its topics, and by patterns over lower case."""
    return Aspect(
        frozenset(topic.replace("_", " ") for topic in topics.split()),
        re.compile(told),
        re.compile(news),
        is_of_one_thing,
        is_mutual,
    )
