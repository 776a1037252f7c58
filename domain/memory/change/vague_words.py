"""Words that two texts may share without speaking of the same thing."""

from domain.memory.words import stem

SHARED_BY_CHANCE = frozenset(
    """
    like love hate enjoy adore prefer stand dislike fan can cannot able learned learnt lesson
    lessons ever really just
    never always again finally admit new day days time thing things one way bit lot good bad
    years year week month today now people speak speaking talk talking friend friends person
    scared afraid close favourite favorite got get go going went gone had has have supposed
    m s t d ll re ve im ive id dont cant isn aren didn doesn don won wasn weren hasn haven couldn
    cannot so much quit stop stopped start started begin began lately
    know think want going take took give gave
    """.split()  # noqa: SIM905 - read best as a text
)
SHARED_BY_CHANCE_STEMS = frozenset(map(stem, SHARED_BY_CHANCE))
_NAMING_NOTHING = frozenset(
    """
    class classes lesson lessons course courses club team group plan plans idea job thing things
    day days time times week month year years night evening one membership bit lot stuff way people
    man woman new old big little good bad home house work working play playing go going do doing
    take taking have having make making get getting use using see seeing run keep keeping start
    life place end door story side part half first second last next mind whole eat eating drink
    drinking watch watching read reading write learn learning teach teaching back ever never
    always well even really much many morning friday monday tuesday wednesday thursday saturday
    sunday today yesterday want need like love hate know think feel look wait waiting talk talking
    cry crying worry worrying laughing smiling pretending trying fighting seat party phone food
    fun till until while there here where when call calls calling name number season line hope
    head hand hands face eye rest hurt hurts scared afraid anyone somebody someone anybody
    everything nothing something building
    """.split()  # noqa: SIM905 - read best as a text
)
"""By themselves these do not tell what is over."""
NAMING_NOTHING_STEMS = frozenset(map(stem, _NAMING_NOTHING))
