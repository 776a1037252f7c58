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
    is_of_named: bool = False
    """Whoever is named in what is told, their news is news of it."""
    is_own: bool = False
    """Whoever is named in its news, it is the person's own: a child born to them."""
    is_wish: bool = False
    """A wish is news of it: how somebody wants to be called."""
    of_topics: tuple[str, ...] = ()
    """How topics begin that speak of nothing else, and are this aspect all the same."""


def aspect_of(  # noqa: PLR0913 - an aspect by all that it is, each by its name
    topics: str,
    told: str,
    news: str,
    *,
    is_of_one_thing: bool = False,
    is_mutual: bool = False,
    is_of_named: bool = False,
    is_own: bool = False,
    is_wish: bool = False,
    of_topics: tuple[str, ...] = (),
) -> Aspect:
    """An aspect by its topics, and by patterns over lower case."""
    return Aspect(
        frozenset(topic.replace("_", " ") for topic in topics.split()),
        re.compile(told),
        re.compile(news),
        is_of_one_thing,
        is_mutual,
        is_of_named,
        is_own,
        is_wish,
        of_topics,
    )
