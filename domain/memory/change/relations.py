"""Relations that have several names: one's dad and one's father are the same. English only."""

import re

from domain.memory.words import stem

_NAMES = {
    "mother": "mom|mum|mommy|mummy|mama|mam|momma",
    "father": "dad|daddy|papa|pops",
    "grandmother": "grandma|granny|gran|nan|nana|grannie",
    "grandfather": "grandpa|grandad|granddad|gramps|grandpop",
    "girlfriend": "gf",
    "boyfriend": "bf",
    "husband": "hubby",
    "fiancée": "fianc[eé]{1,2}",
    "parents": "folks",
    "roommate": "flatmate|housemate|room-mate",
    "neighbour": "neighbor",
    "siblings": "brothers or sisters|sisters or brothers",
}
_PEOPLE = """
    mother father parents sister brother son daughter aunt uncle cousin niece nephew friend wife
    husband boyfriend girlfriend fiancée partner grandmother grandfather grandson granddaughter boy
    girl kid child neighbour boss roommate colleague
"""
RELATION_STEMS = frozenset(map(stem, _PEOPLE.split()))
"""Words for people, which say of whom one speaks, not of what."""
_CALLED = {
    name: re.compile(rf"\b(?:{others})\b(?=$|[^\w-]|'s)", re.IGNORECASE)
    for name, others in _NAMES.items()
}
_ANY = re.compile(rf"\b(?:{'|'.join(_NAMES.values())})\b", re.IGNORECASE)


def with_plain_relations(text: str) -> str:
    """The text with one name for each relation."""
    if _ANY.search(text) is None:
        return text
    for name, called in _CALLED.items():
        text = called.sub(name, text)
    return text
