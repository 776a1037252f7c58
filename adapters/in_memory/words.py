"""The stems of a text's telling words, roughly as PostgreSQL's English dictionary makes them."""

import re

_WORD = re.compile(r"[^\W_]+(?:['’](?:t|s|m|re|ve|ll|d)\b)?")
_SHORT = re.compile(r"['’].*")
_ENDING = re.compile(r"(?<=\w{2}[^aeiou])(?:ies|ied|y)$|(?<=\w{3})(?:ing|ed|es|s|e)$")
_TELL_NOTHING = frozenset(
    """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she
    her hers herself it its itself they them their theirs themselves what which who whom this that
    these those am is are was were be been being have has had having do does did doing a an the and
    but if or because as until while of at by for with about against between into through during
    before after above below to from up down in out on off over under again further then once here
    there when where why how all any both each few more most other some such no nor not only own
    same so than too very s t can will just don should now m re ve ll d
    """.split()  # noqa: SIM905 - a list of a hundred words is read best as a text
)


def stems(text: str) -> frozenset[str]:
    """The stems of the words that say something."""
    words = (_SHORT.sub("", word) for word in _WORD.findall(text.casefold()))
    return frozenset(_ENDING.sub("", word) for word in words if word not in _TELL_NOTHING)
