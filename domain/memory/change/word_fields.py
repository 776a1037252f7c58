"""Words that speak of one thing people do, have or suffer from: a choir is about singing."""

import re

_WORD = re.compile(r"[^\W_]+")
# No languages, computers or telephones: of these, one does not mean the other.
_FIELDS = """
singing sing sings sang singer singing choir choral chorus alto soprano tenor
running run runs ran runner running jog jogging marathon halfmarathon parkrun 10k 5k race races
swimming swim swims swimmer swimming lengths length laps pool
cycling bike bikes bicycle cycle cycles cycling biking
climbing climb climbs climbing bouldering
dancing dance dances dancing dancer ballet salsa tango zumba ballroom
fitness gym crossfit pilates treadmill
football football soccer footy boots striker goalkeeper
riding horse horses pony riding stables
chess chess
painting paint paints painting watercolour watercolours watercolor easel canvas oils
pottery pottery clay ceramics kiln
knitting knit knits knitting crochet yarn
guitar guitar guitars
piano piano pianos
drums drum drums drummer drumming
violin violin fiddle cello viola
writing novel manuscript blog blogging
smoking smoke smokes smoking cigarette cigarettes cigs fags smoker vape vaping nicotine
alcohol drink drinks drinking alcohol wine beer booze whisky whiskey vodka drinker drunk pub
coffee coffee coffees espresso latte caffeine cappuccino
sugar sugar sweets candy chocolate desserts
meat meat steak beef pork bacon chicken wings burgers
gluten gluten coeliac celiac wheat
prayer god pray prays church mass believer religious faith
medicine pills pill tablets medication meds medicine antidepressants
dating dating tinder bumble hinge dates
gardening garden gardening allotment vegetables
bees bees beehives hives beekeeping hive
baking bake bakes baking sourdough
sailing boat sail sails sailing yacht sailboat dinghy
driving car cars drive drives driving mazda honda toyota ford tesla bmw audi volvo fiat nissan kia
driving hyundai subaru jeep volkswagen vw mercedes renault peugeot skoda chevy chevrolet opel
motoring motorbike motorcycle harley
pregnancy pregnant expecting pregnancy
headache headache headaches migraine migraines
insomnia insomnia sleepless
skiing ski skis skiing skier snowboard snowboarding
law law lawyer
flying flight flights fly flying flies plane
gaming game games gaming valorant fortnite minecraft league ranked
"""
_BY_WORD: dict[str, str] = {}
for _line in _FIELDS.strip().splitlines():
    _field, *_words = _line.split()
    for _word in _words:
        _BY_WORD.setdefault(_word, _field)


def fields_of(text: str) -> frozenset[str]:
    """What the text's words are about, as far as they are known."""
    words = _WORD.findall(text.casefold())
    return frozenset(_BY_WORD[word] for word in words if word in _BY_WORD)
