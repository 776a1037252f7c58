"""Whether a message can hold anything to remember, told without understanding it."""

import re

_WORD = re.compile(r"[^\W\d_]+")
_NODS = frozenset(
    """
    ok okay yes yeah yep no nope sure thanks thank you please hi hello hey bye goodbye good morning
    night evening afternoon great cool nice wow lol haha hmm right exactly agreed true really maybe
    fine well so too very much that is thats its it im i am see know got of course not bad how are
    whats up and the a again later tell me more go on continue interesting funny amazing awesome
    gracias hola sí si vale merci bonjour oui non salut danke hallo ja nein grazie ciao obrigado olá
    sim não bom dia buenos días guten morgen bonne nuit
    """.split()  # noqa: SIM905 - read best as a text
)


def _without_apostrophes(text: str) -> str:
    return text.replace("'", "").replace("’", "")


def may_tell_something(text: str) -> bool:
    """False for nods, greetings and the like, so that they cost no call of a model."""
    words = _WORD.findall(_without_apostrophes(text.casefold()))
    return any(word not in _NODS for word in words)
