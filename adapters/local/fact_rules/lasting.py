"""How much a sentence that no table understands looks like something lasting."""

from adapters.local.fact_rules.lasting_weights import WEIGHTS, WITHOUT_ANY
from adapters.local.fact_rules.screening import tells_a_lack
from adapters.local.fact_rules.signs import NAMES, signs_of
from domain.memory.change.judging import tells_news

ENOUGH = -0.5
"""The least ``worth`` that is kept: a higher one loses facts, a lower one keeps chatter."""
_LEAST_OF_AN_END = -4.5
"""What has ended is worth keeping, or what it ends would go on: unless it looks like nothing."""
_WEIGHTS = tuple(WEIGHTS[name] for name in NAMES)


def worth(plain: str) -> float:
    """The log-odds that a friend would remember it: above 0, rather yes.

    ``plain`` is a sentence without contractions and interjections (``sentences.clause_of``).
    """
    weight = WITHOUT_ANY + sum(_WEIGHTS[sign] for sign in signs_of(plain))
    if _LEAST_OF_AN_END < weight < ENOUGH and (tells_news(plain) or tells_a_lack(plain)):
        return ENOUGH
    return weight
