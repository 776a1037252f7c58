"""What a message asks about without naming it: "how old am I" is about an age.

Small local models know words, but little of what belongs together in a life. These groups do:
whoever says one of a group's words may be looking for what is told in the others, or for a memory
with such a topic (``home``, ``job``, ``age``). It is a help for ranking, never a filter.
"""

import re

from domain.memory.memories import Memory

_WORD = re.compile(r"[^\W_]+")
# Apart from English, the words with which people ask for the same in a few other languages: they
# lead to the topics, whose names are the same in all of them.
_GROUPS = """
age old years young birthday edad años âge alter alt età anni idade anos
home live lives lived living city town country address house flat apartment
home vivo vive ciudad casa habite ville wohne wohnt stadt abito città moro cidade
origin childhood birthplace grow grew raised born nationality hometown country from roots
job work working works employer career office money earn company hired shift living profession
job trabajo trabalho lavoro travail métier arbeit arbeite beruf
studies study studying degree uni university college course school exam master subject class
exam test date studies
name called surname nickname last full call nombre nom name nome namen
partner boyfriend girlfriend husband wife bf gf marriage dating single married love broke couple
partner novio novia pareja copain copine mari freund freundin mann frau fidanzato namorado
wedding marry married marrying bride groom engaged marriage
mother mum mom mama parents madre mère mutter mãe
father dad papa parents padre père vater pai
sister brother sibling siblings twin hermana hermano sœur frère schwester bruder sorella fratello
grandmother granny grandma gran nana grandfather grandpa grandparents
child children kid kids son daughter baby pregnant godmother godfather
family mother mum mom father dad sister brother parents granny cousin uncle aunt
friend friends mate bestie flatmate roommate best amigo amiga ami amie freund freundin
pet dog cat puppy kitten hamster rabbit animal vet perro gato mascota chien chat hund katze cane
fear afraid scared scare scares terrified frightened phobia scary miedo peur angst paura medo
allergy allergic medicine medication antibiotics pills pharmacy react alergia allergie allergia
allergy intolerant eat food snack cook bake restaurant
health ill illness sick pain hurt hurts headache migraine head doctor symptoms broke injury
diet eat food vegetarian vegan meat fish dinner cook cooking restaurant recipe lunch menu hungry
diet burger bake snack meal dish allergy
like likes love favourite favorite enjoy prefer into fan
dislike hate stand disgusting gag gross avoid
hobby sport craft crafts fit exercise training train spare free club weekend team
sport fit exercise swimming running run gym yoga climbing cycling dance football tennis
craft crafts knitting knit sewing painting pottery wool
car bike vehicle drive ride transport bicycle scooter commute around
trip travel holiday vacation flight fly flying visit journey abroad train
present gift birthday likes
music band song listen instrument play plays playing concert guitar piano
language speak speaks learning learn lessons
goal plan plans dream want hope future someday saving save
date when day calendar appointment
death died dead alive passed lost miss
drink coffee tea beer wine
book books read reading author
film films movie movies series watch show
promise ritual joke between us
height tall size
"""
_BY_WORD: dict[str, set[str]] = {}
for _group in _GROUPS.strip().splitlines():
    for _word in _group.split():
        _BY_WORD.setdefault(_word, set()).update(_group.split())

_OF_ONESELF = frozenset(
    """
    i im ive id ill my mine myself we our ours us
    yo mi mis mío mía soy estoy tengo nosotros je j mon ma mes moi suis nous
    ich mein meine meinen meiner meinem mir mich wir io mio mia miei mie noi eu meu minha nós
    """.split()  # noqa: SIM905 - read best as a text
)
_ASKING = ("tell", "give", "show", "let", "help", "teach", "write", "sing", "send", "ask", "to")
_TO_ONESELF = re.compile("".join(rf"(?<!\b{word} )" for word in _ASKING) + r"\bme\b")
"""Not in "tell me a joke": that is not about the person."""


def associated(text: str) -> tuple[str, ...]:
    """Words that belong to what the text asks about, without those that it has itself."""
    words = set(_WORD.findall(text.casefold()))
    forms = words | {word.removesuffix("s") for word in words}
    found = set().union(*(_BY_WORD.get(form, ()) for form in forms))
    return tuple(sorted(found - forms))


def is_personal(text: str) -> bool:
    """Whether the message speaks of the person who says it, or together with others."""
    lowered = text.casefold()
    words = set(_WORD.findall(lowered))
    return not words.isdisjoint(_OF_ONESELF) or _TO_ONESELF.search(lowered) is not None


def findable_text(memory: Memory) -> str:
    """What a memory is found by: its text and what it is about."""
    kind = "" if memory.kind in {"note", "said", "other"} else memory.kind
    return f"{memory.text[:300]} {(memory.topic or '').replace(':', ' ')[:60]} {kind}"
