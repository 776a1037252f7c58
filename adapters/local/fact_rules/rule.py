"""What a line of the tables is, and the words that patterns are made of."""

import re
from collections.abc import Iterable

from attrs import frozen

from domain.memory.facts import FactKind

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_RELATIONS = (
    "mother|mom|mum|mama|mommy|mummy|father|dad|daddy|papa|parents?|sister|brother|siblings?|twin"
    "|gran|nan|nonna|abuela|abuelo|oma|opa|aunty|aunties|son|daughter|child|children|kids?|baby"
    "|toddler|boy|girl|grandmother|grandma|granny|nana"
    "|grandfather|grandpa|granddad|grandad|grandparents?|grandson|granddaughter|grandchild(?:ren)?"
    "|aunt|auntie|uncle|cousin|niece|nephew|godmother|godfather|godson|goddaughter|step-?mother"
    "|step-?mom|step-?father|step-?dad|step-?sister|step-?brother|step-?son|step-?daughter"
    "|half-?sister|half-?brother|mother-in-law|father-in-law|sister-in-law|brother-in-law"
    "|son-in-law|daughter-in-law|in-laws|family|friend|buddy|mate|roommate|room-?mate|flatmate"
    "|housemate|neighbou?r|boss|manager|supervisor|colleague|co-?worker|teacher|professor|tutor"
    "|coach|trainer|mentor|doctor|gp|therapist|dentist|landlord|landlady|classmate|teammate"
    "|bandmate|client|assistant|nanny|babysitter|student|employee|crush|ex"
)
_PARTNERS = (
    "husband|wife|spouse|partner|boyfriend|girlfriend|fiancé|fiancée|fiance|fiancee|bf|gf"
    "|significant other|better half|hubby"
)
_SPECIES = (
    "dog|puppy|pup|cat|kitten|kitty|rabbit|bunny|hamster|guinea pig|parrot|parakeet|budgie|canary"
    "|cockatiel|cockatoo|bird|fish|goldfish|betta|turtle|tortoise|snake|python|gecko|lizard|iguana"
    "|bearded dragon|chameleon|horse|pony|donkey|mule|goat|sheep|lamb|cow|pig|piglet|chicken|hen"
    "|rooster|duck|goose|ferret|rat|mouse|gerbil|chinchilla|hedgehog|frog|toad|axolotl|tarantula"
    "|spider|llama|alpaca|bee|beehive|labrador|lab|retriever|golden retriever|beagle|poodle|pug"
    "|dachshund|corgi|terrier|spaniel|bulldog|shepherd|german shepherd|husky|collie|chihuahua"
    "|greyhound|whippet|dalmatian|rottweiler|boxer|mutt|siamese|tabby|maine coon|ragdoll|sphynx"
    "|pet"
)
_LOOSE_ADVERBS = (
    "also|just|still|now|currently|recently|finally|actually|really|both|already|always|usually"
    "|often|sometimes|mostly|absolutely|totally|kind of|sort of|kinda|even|only|once|officially"
    "|mainly|originally|quite|simply|definitely|honestly|secretly|particularly|especially|truly"
    "|very much|normally|generally|basically|lately|happily|sadly|apparently|proudly|first|then"
    "|all|probably|at last|next|later|soon|deeply|kindly|mostly|eventually|suddenly|literally"
)

_MACROS = {
    "I": "i",
    "IHAVE": "i(?: have| had)?",
    "IAM": "i (?:am|was|have been|will be)",
    "MY": r"(?:my|our)",
    "NAME": (
        r"(?-i:(?!(?:He|She|It|They|We|I|You|The|This|That|These|Those|There|Here|My|Your|His|Her"
        r"|Our|Their|A|An|And|But|So|If|When|What|Who|How|Why|Not|No|Yes|Every|Both|All|Some|One"
        r"|Still|Now|Then|Just|Also)\b)[A-ZÀ-ÖØ-ÞŠŽČŁŚŻĐ][\w'-]*\w"
        r"(?: (?:(?:de|da|dos|van|von|der|la|el|di|del|of|the|bin|al) )?"
        r"[A-ZÀ-ÖØ-ÞŠŽČŁŚŻĐ][\w'-]*){0,3})"
    ),
    "WORD": r"[^\W\d_][\w'-]*",
    "CALLED": r"(?:called|named|by the name of|that goes by|who goes by)",
    "REL": rf"(?:{_PARTNERS}|{_RELATIONS})",
    "PARTNER": rf"(?:{_PARTNERS})",
    "SPECIES": rf"(?:{_SPECIES})",
    "QUALITY": (
        r"(?:(?:dear|best|good|close|closest|old|oldest|older|elder|eldest|young|younger|youngest"
        r"|little|big|baby|twin|late|only|other|second|first|third|new|former|ex|half|step|middle"
        r"|beloved|lovely|sweet|great|maternal|paternal|childhood|favou?rite|future|long-term"
        r"|next-door|adopted|foster|biological|own|next door|school|work|college|math|maths"
        r"|piano|yoga|rescue|pet|tiny|fluffy|fat|crazy|wonderful|amazing|gorgeous|cute)[ -])*"
    ),
    "V": r"(?P<v>{NAME}|[^,;]+?)(?=$|,|;| (?:{STOP})\b)",
    "STOP": (
        r"with|for|since|and|but|because|now|right|at|last|this|next|these|in|on|by|near|where"
        r"|which|who|when|while|as|until|after|before|about|from|to|a|again|back|permanently"
        r"|together|alone|ago|today|yesterday|recently|so|if|too|any more|every|during|over|then"
        r"|\d+"
    ),
    "A": r"(?:an?|the|one|two|three|four|five|six|some|another|several|\d+)",
    "NUM": (
        r"(?:\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|one|two"
        r"|three"
        r"|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|a hundred)"
    ),
    "MONTH": rf"(?:{_MONTHS})",
}
_ADVERB = re.compile(
    r"(?!we (?:have |had |both )?(?:agreed|promised|said|made a|decided)\b)"
    r"(?P<s>i|we)(?P<be> (?:am|are|was|were|have|had|do|will|can))?(?P<not> not)?"
    rf"(?: (?:{_LOOSE_ADVERBS})\b)*(?P<been> been)?(?: (?:{_LOOSE_ADVERBS})\b)*(?=$| |,)",
    re.IGNORECASE,
)
_SINGULAR = {" are": " am", " were": " was"}
_MACRO = re.compile(r"\{([A-Z]+)\}")
_GROUP = re.compile(r"\(\?P<\w+>")


def levelled(plain: str) -> str:
    """A clause as the patterns want it: "we" as "i", and no adverbs around the verb."""
    if plain[:4].lower() == "our ":
        return f"my {plain[4:]}"
    match = _ADVERB.match(plain)
    if match is None:
        return plain
    be = (match["be"] or "").lower()
    middle = f"{_SINGULAR.get(be, be)}{match['not'] or ''}{match['been'] or ''}"
    return f"i{middle}{plain[match.end() :]}"


@frozen
class Rule:
    """A pattern over a plain clause, and the fact that it makes.

    ``topic``, ``value`` and ``about`` may name groups of the pattern in braces. ``ends`` are
    topics that are over with this fact. ``says`` is the clause said anew, where one clause makes
    several facts.
    """

    pattern: re.Pattern[str]
    kind: FactKind
    importance: int
    topic: str = ""
    value: str = ""
    ends: tuple[str, ...] = ()
    about: str = ""
    says: str = ""
    is_over: bool = False
    needs_date: bool = False
    """Counts only where a date is named."""


def compiled(pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """With its macros filled in; anchored at the beginning, deaf to case except in names."""
    while _MACRO.search(pattern):
        pattern = _MACRO.sub(lambda match: _MACROS[match[1]], pattern)
    return re.compile(pattern, flags)


def any_of(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    """One pattern that matches where one of these does: one call finds out that none of them will.

    Their groups keep neither names nor numbers, so they must not refer back to them.
    """
    bare = (_GROUP.sub("(?:", pattern.pattern) for pattern in patterns)
    return re.compile("|".join(f"(?:{one})" for one in bare), re.IGNORECASE)


def rules(
    kind: FactKind,
    table: Iterable[tuple[str, int] | tuple[str, int, str] | tuple[str, int, str, str]],
) -> tuple[Rule, ...]:
    """Rules of one kind from lines of ``(pattern, importance, topic, value)``."""
    return tuple(
        Rule(
            compiled(line[0]),
            kind,
            line[1],
            line[2] if len(line) > 2 else "",  # noqa: PLR2004 - the line's third part
            line[3] if len(line) > 3 else "",  # noqa: PLR2004 - and its fourth
        )
        for line in table
    )
