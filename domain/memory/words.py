"""Comparing what two texts say by their words, where vectors would call everything alike."""

import re

_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s\b|['’]")
_SAY_NOTHING = frozenset(
    """
    a about actually all also am an and any anymore are as at be been being but by called can did
    do does for from get gets getting got had has have he her here him his i i'm im in into is it
    its just longer me more my myself name named no not now of off oh on or our ours out over really
    she so some still than that the their them then there these they this those to too up us very
    was we well were will with would you your
    un una uno el la los las de del en mi mis es soy está estoy que con y me llamo se
    le les des du je suis ma mon mes est et dans à au aux chez
    der die das den dem ein eine einen ich bin mein meine ist und im am bei wohne heiße
    il lo gli i di da sono è e nel nella mio mia ho
    o os as eu sou meu minha é em no na do da
    """.split()  # noqa: SIM905 - a list of a hundred words is read best as a text
)
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ies|ed|es|s|e|y)$")
_SHORTEST = 3
_NEGATION = re.compile(
    r"\b(?:not|no|never|n't|hate|dislike|can't|cannot|don't|doesn't|isn't|nicht|kein|keine|pas|"
    r"jamais|nunca|não|non|odio|odeio|hasse|déteste)\b",
    re.IGNORECASE,
)


def words_of(text: str) -> frozenset[str]:
    """All words in lower case."""
    return frozenset(_WORD.findall(_POSSESSIVE.sub(" ", text.casefold())))


def telling_words(text: str) -> frozenset[str]:
    """The words that carry a meaning of their own, in lower case."""
    return words_of(text) - _SAY_NOTHING


def telling_stems(text: str) -> frozenset[str]:
    """The stems of the telling words."""
    return frozenset(map(stem, telling_words(text)))


def mentions(text: str, phrase: str) -> bool:
    """Whether every telling word of ``phrase`` stands in ``text``, in whichever form.

    An empty phrase stands nowhere.
    """
    wanted = telling_words(phrase) or words_of(phrase)
    return bool(wanted) and {stem(word) for word in wanted} <= {
        stem(word) for word in words_of(text)
    }


def stem(word: str) -> str:
    """Cut so that ``smoking``, ``smokes`` and ``smoke`` are one; no more than that."""
    stem = _ENDING.sub("", word)
    return stem[:-1] if len(stem) > _SHORTEST and stem[-1:] == stem[-2:-1] else stem


def is_negative(text: str) -> bool:
    """Whether the text denies something or tells a dislike."""
    return _NEGATION.search(text.replace("’", "'")) is not None


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but case, spaces and punctuation."""
    return _WORD.findall(one.casefold()) == _WORD.findall(other.casefold())


def adds_nothing(new: str, old: str) -> bool:
    """Whether ``new`` has no telling word that ``old`` has not, and the same sense."""
    return telling_words(new) <= words_of(old) and is_negative(new) == is_negative(old)
