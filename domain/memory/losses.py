"""What is gone: sold, left, given up, died, or replaced by a new one. English only."""

import re

from domain.memory.words import mentions, telling_words

_SENTENCE = re.compile(r"[^.!?…]+")
_SHORT = 3
GIVEN_UP = re.compile(
    r"\b(?:decided against|changed my mind about|gave up(?: on)?|given up(?: on)?|giving up(?: on)?"
    r"|no longer (?:have|own|play|go to|drive|use|take|eat|drink|keep|see|need|do|want)"
    r"|(?:stopped|quit) (?:with|\w+ing)|done with|finished with|got rid of|getting rid of|sold"
    r"|gave away|given away|flogged|pawned|gone off|went off|can't be doing with|sick of|hung up"
    r"|put down|packed in|pinched|stole|had enough of|resigned from|retired from"
    r"|dropped out of|dropped|cancelled|traded in|swapped|replaced"
    r"|not going (?:to|on)|in(?:stead| the place) of|stopped"
    r"|(?:i|we|he|she|have|has|'ve) left) (?!(?:now|today|tho|it|him|them|me|us|there|here|early"
    r"|late|off|behind|over|out|up)\b)(?:the |my "
    r"|our |an? |his |her |that |all |any |playing |going to |to )*(?P<x>[\w'-]+(?: [\w'-]+){0,2}?)"
    r"(?=$|[.,;:!]| (?:and|but|for|to|with|at|because|so|as|now|yesterday|today|last|this|on|in"
    r"|after|altogether|entirely|completely|too|since|from|again|when|of)\b)"
    r"|\b(?:the|my|our) (?P<y>[\w-]+(?: [\w-]+)?)(?:'s| (?:is|are|was|has been|have been|has|had to"
    r" be)) (?:\w+ly )?(?:gone|sold|over|finished|closed|cancelled|off|stolen|scrapped|given away"
    r"|called off|dead|broken for good|no more)\b"
    r"|\bno more (?P<z>\w+ing\b|[\w'-]+(?= for (?:me|us|him|her)\b))|\binstead of (?P<i>\w+ing)\b",
    re.IGNORECASE,
)
DIED = re.compile(
    r"\b(?:(?P<x>[\w-]+) (?:died|passed|passed away|was put down|had to be put down"
    r"|went to sleep for good)|(?:lost|buried) (?:my|our) (?P<y>[\w-]+))\b",
    re.IGNORECASE,
)
_LIVING = re.compile(
    r"\b(?:is|are|has|have|lives?|works?|plays?|keep|see|visit|phone|call|loves?|sleeps)\b"
)
NEW_ONE = re.compile(
    r"\bnew (favou?rite \w+|boss|manager|flatmate|roommate|doctor|dentist|therapist|teacher|tutor"
    r"|coach|landlord|landlady|hairdresser|car|phone|number|address|nickname|haircut)\b"
)


def is_given_up(old: str, new: str) -> bool:
    """A thing that was sold, a club that was left, a plan that was dropped, by its name."""
    for sentence in _SENTENCE.findall(new):
        for match in GIVEN_UP.finditer(sentence):
            thing = match[match.lastgroup or 0]
            another = re.search(rf"['’]s (?:\w+ )?{re.escape(thing)}", old, re.IGNORECASE)
            telling = any(len(word) > _SHORT for word in telling_words(thing))
            if telling and another is None and mentions(old, thing):
                return True
    return False


def is_gone(old: str, new: str) -> bool:
    """Somebody who died and is spoken of as living, or something of which there is a new one."""
    for one in DIED.finditer(new):
        being = telling_words(one[one.lastgroup or 0])
        told = bool(being) and mentions(old, " ".join(being))
        if told and _LIVING.search(old) is not None and DIED.search(old) is None:
            return True
    return any(
        re.search(rf"\b(?:my|our) {thing}(?:'s| is|,| called)", old.casefold()) is not None
        for thing in NEW_ONE.findall(new.casefold())
    )
