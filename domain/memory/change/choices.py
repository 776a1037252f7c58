"""What one chooses one of, so that another one takes its place: a phone, a way to work."""

import re

_WORD = re.compile(r"[^\W_]+(?:'s)?")
_ONE_OF = {
    word: kind
    for kind, words in {
        "way": "tram bus train bike bicycle cycle car drive walk metro tube subway scooter taxi"
        " motorbike",
        "phone": "iphone android samsung pixel nokia huawei oneplus fairphone",
        "computer": "mac macbook dell thinkpad chromebook lenovo imac pc laptop",
        "morning drink": "coffee tea matcha espresso",
        "milk": "cow's oat almond soy soya goat's",
        "faith": "catholic protestant muslim buddhist atheist agnostic jewish hindu quaker",
    }.items()
    for word in words.split()
}


def choices_in(text: str) -> dict[str, set[str]]:
    """Of what has one value at a time, the values that the text names."""
    found: dict[str, set[str]] = {}
    for word in _WORD.findall(text.casefold()):
        if word in _ONE_OF:
            found.setdefault(_ONE_OF[word], set()).add(word)
    return found
