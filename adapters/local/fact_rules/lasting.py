"""How much a sentence that no table understands looks like something lasting."""

from adapters.local.fact_rules.lasting_weights import WEIGHTS, WITHOUT_ANY
from adapters.local.fact_rules.signs import NAMES, signs_of

_WEIGHTS = tuple(WEIGHTS[name] for name in NAMES)


def worth(plain: str) -> float:
    """The log-odds that a friend would remember it: above 0, rather yes.

    ``plain`` is a sentence without contractions and interjections (``sentences.clause_of``).
    """
    return WITHOUT_ANY + sum(_WEIGHTS[sign] for sign in signs_of(plain))
