"""Likes and dislikes, favourites, what somebody eats and does not."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
from adapters.local.fact_rules.rule import Rule, compiled, rules
from domain.memory.facts import FactKind

_VERB = (
    r"(?:love|like|enjoy|adore|hate|dislike|detest|despise|loathe|prefer|fancy|dig"
    r"|(?:do not|did not|never|can not|could not)(?: really| particularly| much| even| ever)*"
    r" (?:like|love|enjoy|stand|bear|mind|care for)"
    r"|(?:am|are|was|have been)(?: not)?(?: really| very| quite| so| totally| a bit| pretty|"
    r" super| huge| big"
    r"| deeply| always)* (?:into|fond of|keen on|crazy about|mad about|obsessed with|passionate"
    r" about"
    r"|addicted to|hooked on|interested in|tired of hearing about|a (?:\w+ )?(?:fan|lover) of"
    r"|an? (?:\w+ )?admirer of)"
    r"|(?:have|had) (?:always |never )?(?:loved|liked|enjoyed|hated|disliked|adored)"
    r"|(?:started|began|came|grew|learned|learnt|have come|have grown)(?: to)? (?:like|love|liking"
    r"|loving|enjoy|enjoying|hate|hating|to like|to love)|get a kick out of|live for|can not get"
    r" enough of)"
)
_NO_THING = (
    r"(?!(?:it|that|this|those|these|you|him|her|them|me|how|what|when|where|the way|the idea"
    r"|your|talking (?:to|with) you|chatting|to (?:think|believe|know|say|ask|see you|hear|talk)"
    r"|hearing|the sound of that|everything about|nothing|something|anything|one|if|myself|us"
    r"|both|all of|to be honest|to do that|doing that|spending time with you|the fact|the|being"
    r" (?:here|with you))(?:$| (?!best|most|more|than)|,)(?<!the ))"
)
_THING = _NO_THING + (
    r"(?P<v>.{2,60}?)(?=$|,|;| (?:because|since|but|when|while|so|more than|most of|at the moment"
    r"|any more|now|these days|a lot|very much|so much|too|as well|the most|best|especially|even"
    r"|and i|which|who|for as long|with|on (?:\w+days?|weekends)|in the (?:morning|evening|winter"
    r"|summer))\b)"
)
_CATEGORY = r"(?P<c>(?:all-time )?(?:[\w'-]+ ){0,3}?[\w'-]+)"
_DIET = (
    r"(?:vegan|vegetarian|pescatarian|pescetarian|flexitarian|omnivore|keto|on a keto diet"
    r"|gluten[- ]free|paleo|halal|kosher|on a (?:\w+ )*diet|dairy[- ]free|plant-based|a meat eater"
    r"|carnivore|sugar-free)"
)

TASTES: tuple[Rule, ...] = (
    *rules(
        FactKind.HEALTH,
        [
            (r"{IAM} (?:also |very |severely |deadly |mildly |badly |terribly |highly )*allergic to"
             r" (?P<v>.{2,40}?)(?=$|,|;| (?:and i|so|but|which|since)\b)", 5, "allergy:{v}", "{v}"),
            (r"{IHAVE} (?:an?|some) (?:\w+ )?(?:allergy|intolerance) to (?P<v>.{2,40}?)(?=$|,|"
             r" )", 5,
             "allergy:{v}", "{v}"),
            (r"{IHAVE} (?:an? )?(?:severe |bad |mild |serious )?(?P<v>\w+(?: \w+)?) (?:allergy|"
             r"allergies|intolerance)", 5, "allergy:{v}", "{v}"),
            (r"{IAM} (?P<v>lactose|gluten|dairy|fructose|histamine)[- ]intolerant", 5,
             "allergy:{v}",
             "{v}"),
            (r"(?P<v>[\w ]{3,30}?) (?:gives?|give) me (?:a rash|hives|an allergic reaction)", 4,
             "allergy:{v}", "{v}"),
        ],
    ),
    *rules(
        FactKind.PREFERENCE,
        [
            (r"my (?:all-time )?(?:absolute )?(?:favou?rite)s? (?P<c>.{2,40}?) (?:is|are|was|has to"
             r" be|have to be|would be|would have to be|has always been|will always be|must be"
             r"|used to be|changed to|became) (?:now |actually |definitely |probably |still |called"
             r" )*(?P<v>.{1,80})", 4, "favourite:{c}", "{v}"),
            (r"(?P<v>[^,]{2,50}?) (?:is|are) (?:now |definitely |actually |still )*my (?:all-time |"
             r"absolute )*favou?rite (?P<c>.{2,30})", 4, "favourite:{c}", "{v}"),
            (r"{IHAVE} an? new (?:all-time )?favou?rite (?P<c>\w+)(?=$|,|:)", 0, "favourite:{c}"),
            (r"my favou?rites? (?:is|are) (?P<v>.{2,60})", 2),
            (rf"{{IHAVE}} ?(?:am|are|is|was|become|became|went|gone|turned|been)?(?: not)?(?: \w+)?"
             rf" (?:an? )?(?:strict )?(?P<v>{_DIET})(?=$|,|;| )", 4, "diet", "{v}"),
            (r"{I} (?:do not|never|stopped|no longer|can not|quit|gave up|have stopped|have"
             r" given up)"
             r" ?(?:eat|eating) (?P<v>meat|animal products|meat or fish|fish or meat|animals)\b", 4,
             "diet", "{v}"),
            (r"{I} (?:eat|started eating|am eating) (?P<v>meat|everything)(?: again| now)", 4,
             "diet",
             "{v}"),
            (r"{I} (?:do not|never|can not|avoid|no longer)(?: really| ever)? ?(?:eat|eating) "
             r"(?!(?:at|in|much|that|it|anything|before|after|since|yet|today|out|enough|breakfast"
             r" (?:today|yet))\b)(?P<v>.{2,30}?)(?=$|,|;| (?:because|and|but|any|since|at|for)\b)",
             3, "like:{v}", "{v}"),
            (r"{I} (?:do not|never|no longer|quit|stopped|have stopped|gave up)(?: really| ever)? ?"
             r"(?:drink|drinking)(?: alcohol| any more| coffee)?(?=$|,| )", 3, "drinking"),
            (r"{I} (?:am|have been) (?:sober|teetotal|clean)\b", 4, "drinking"),
            (r"{I} (?:do not|never|no longer|quit|stopped|have stopped|gave up|have quit|have given"
             r" up|smoke|used to smoke|started|am trying to quit)(?: ever| up)? ?(?:smoking|smoke"
             r"|vaping|cigarettes)?(?<=smoke|oking|aping|ettes)\b", 3, "smoking"),
            (r"{I} (?:take|drink|have|like|want|prefer) my (?P<v>coffee|tea|eggs|steak|whisky) .+",
             3, "my {v}"),
            (rf"{{I}} {_VERB} {_THING}", 3, "like:{v}", "{v}"),
            (r"{I} (?:can not stand|could live on|have a (?:sweet tooth|weakness|soft spot|thing|"
             r"passion) for) (?P<v>.{2,40})", 3, "like:{v}", "{v}"),
            (r"{IHAVE} a sweet tooth", 2),
            (r"(?P<v>[^,]{2,40}?) (?:makes?|make) me (?:happy|laugh|smile|cry|sick|nervous"
             r"|anxious)$",
             2),
            (r"(?!(?:it|that|this|you|which|he|she|they|we|what|your)\b)(?P<v>[^,]{2,40}?) makes?"
             r" me (?:feel )?(?:(?:really|so|very|quite|a bit|extremely|super) )*(?:uncomfortable"
             r"|uneasy|nervous|anxious|claustrophobic|nauseous|dizzy|panic|sneeze|itch|sleepy|calm"
             r"|relaxed|scared|tense)$", 3),
            (r"{I} (?:do not |no longer )?believe in (?!(?:you|me|it|that|this|him|her|them|us"
             r"|myself|yourself)\b)(?P<v>.{2,40}?)(?=$|,|;| (?:any more|now|but|because|and)\b)", 3,
             "belief:{v}", "{v}"),
            (r"{IAM} (?:\w+ )?(?:afraid|scared|terrified|frightened|phobic) of (?!(?:it|that"
             r"|this|you"
             r"|what|losing you)\b)(?P<v>.{2,40})", 3, "fear:{v}", "{v}"),
            (r"{IHAVE} a (?:\w+ )?(?:fear|phobia) of (?P<v>.{2,40})", 3, "fear:{v}", "{v}"),
            (r"my (?:\w+ )?(?:hobby|hobbies|passion|pastime|obsession|comfort food|guilty pleasure|"
             r"pet peeve|go-to \w+|biggest fear|greatest fear|type|taste|lucky number)(?: \w+)?"
             r" (?:is|are|include|includes) .{2,}", 3),
        ],
    ),
)  # fmt: skip
LIKE: Rule = Rule(compiled(rf"{{I}} {_VERB} {_THING}"), FactKind.PREFERENCE, 3, "like:{v}", "{v}")
