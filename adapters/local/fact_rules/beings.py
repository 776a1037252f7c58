"""Pets and people: who they are, what is said of them, and when they are gone."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
from adapters.local.fact_rules.identity import NOT_A_NAME
from adapters.local.fact_rules.rule import Rule, compiled, rules
from domain.memory.facts import FactKind

_NAMED = r"(?P<v>" + NOT_A_NAME + r"{WORD}(?: (?-i:[A-Z])[\w'-]*){0,2})"
_GETS = (
    r"(?:have|own|got|have got|adopted|have adopted|rescued|keep|bought|had|am fostering|foster"
    r"|found|took in|brought home|am getting|am adopting|just got|picked up|raise|breed)"
)
_WHOSE_NAME = r"(?:(?: and| ,)? (?:(?:who|that|which) (?:is|are) )?{CALLED}|,? whose name is|,)"
_SINGLE = r"(?P<who>{QUALITY}{REL})"
_THEIR = r"(?:'s|s')"

PETS: tuple[Rule, ...] = rules(
    FactKind.PET,
    [
        (rf"{{I}} {_GETS} (?:an?|the|my|our|another|one|this) (?P<s>(?:[\w-]+ ){{0,4}}?{{SPECIES}})"
         rf"(?: \w+){{0,2}}?{_WHOSE_NAME} {_NAMED}", 5, "pet:{v}", "{v}"),
        (rf"my (?P<s>(?:[\w-]+ ){{0,3}}?{{SPECIES}})(?:'s name)? is {{CALLED}} "
         rf"{_NAMED}", 5, "pet:{v}", "{v}"),
        (rf"my (?P<s>(?:[\w-]+ ){{0,3}}?{{SPECIES}})'s? name is {_NAMED}", 5, "pet:{v}", "{v}"),
        (rf"(?:the )?name of my (?P<s>(?:[\w-]+ ){{0,3}}?{{SPECIES}}) is {_NAMED}", 5, "pet:{v}",
         "{v}"),
        (rf"{{IHAVE}} (?:called|named) (?:(?:my |our |the )(?P<s>(?:[\w-]+ ){{0,3}}?{{SPECIES}})"
         rf"|him|her|it) {_NAMED}$", 5, "pet:{v}", "{v}"),
        (r"(?P<v>{NAME})(?: is|:) (?:my |our |an? )?(?P<s>(?:[\w-]+ ){0,3}{SPECIES})(?=$|,|"
         r" )", 5, "pet:{v}",
         "{v}"),
        (r"my (?P<s>(?:[\w-]+ ){0,3}?{SPECIES}),? (?P<v>{NAME}),? (?:is|turned|just turned|turns)"
         r" (?:\w+ ){0,2}{NUM} (?:years?|months?|weeks?)(?: old)?", 3, "pet:{v}:age"),
        (r"my (?P<s>(?:[\w-]+ ){0,3}?{SPECIES}),? (?P<v>{NAME}),? .{3,}", 3),
        (rf"{{I}} {_GETS} (?:an?|the|my|our|another|one|two|three|four|five|six|seven|eight|nine"
         rf"|ten"
         rf"|\d+|some|several|many) (?P<s>(?:[\w-]+ ){{0,4}}?{{SPECIES}}(?:s|es|ies)?)"
         rf"(?! (?:hair|food|lover|show|video|person|allerg\w+|toy|bed|phobia|fever)\b)"
         rf"(?=$|,|;| )", 4),
        (r"my (?P<s>(?:[\w-]+ ){0,3}?{SPECIES}(?:s|es)?) (?!(?:is|are|was|were) (?:so|being|such|"
         r"really|very|barking|sleeping|asleep|hungry|on|in|here|next|cute|crazy|sweet)\b)"
         r"(?:is|are|has|have|loves?|likes?|hates?|eats?|sleeps?|weighs?|can|always|never|only"
         r"|lives?|came|comes?|knows?|needs?|turned|got|had|chases?|plays?|steals?|brings?"
         r"|follows?) .{2,}", 2),
    ],
)  # fmt: skip

_DIED = (
    r"(?:has |have |had |just |recently |sadly |finally )*(?:died|passed away"
    r"|passed(?! (?:me|us|it|the|his|her|my|a|an|all|by)\b)|was put down"
    r"|were put down|was put to sleep|had to be put (?:down|to sleep)|crossed the rainbow bridge"
    r"|is dead|is gone|is no longer with us|ran away(?! from)|disappeared|was run over"
    r"|was hit by a car"
    r"|escaped|got lost|was stolen|did not make it|lost (?:his|her|the|its) (?:battle|fight)"
    r" .{2,30})(?: .*)?$"
)

PET_ENDINGS: tuple[Rule, ...] = tuple(
    Rule(compiled(pattern), FactKind.PET, 5, topic, value, ends=ends, is_over=True)
    for pattern, topic, value, ends in (
        (rf"my (?P<s>(?:[\w-]+ ){{0,3}}?{{SPECIES}}),? (?P<v>{{NAME}}),? {_DIED}", "pet:{v}", "{v}",
         ("pet:{v}:age",)),
        (rf"my (?P<s>(?:[\w-]+ ){{0,3}}?{{SPECIES}}) {_DIED}", "pet", "{s}", ()),
        (r"{I} (?:had to|have to|needed to) (?:put|let) (?:(?:my|our) (?:[\w-]+ ){0,3}?{SPECIES},? "
         r")?(?P<v>{NAME}) (?:down|to sleep|go)", "pet:{v}", "{v}", ("pet:{v}:age",)),
        (r"{IHAVE} (?:lost|rehomed|gave away|given away|sold|gave up) (?:my (?:[\w-]+ ){0,3}?"
         r"{SPECIES},? )(?P<v>{NAME})", "pet:{v}", "{v}", ("pet:{v}:age",)),
        (r"{IHAVE} (?:lost|rehomed|gave away|given away|sold|put down|gave up) my (?P<s>(?:[\w-]+ )"
         r"{0,3}?{SPECIES})(?=$|,| )", "pet", "{s}", ()),
    )
)  # fmt: skip

PARTNERS: tuple[Rule, ...] = rules(
    FactKind.PERSON,
    [
        (r"my (?:new |lovely |dear |current )?{PARTNER}(?:'s name)? is (?:{CALLED} )?"
         r"(?P<v>{NAME})$", 5, "partner", "{v}"),
        (rf"my (?:new |lovely |dear |current )?{{PARTNER}}(?:'s name)? is (?:{{CALLED}})"
         rf" {_NAMED}", 5,
         "partner", "{v}"),
        (rf"my (?:new |lovely |dear |current )?{{PARTNER}}'s? name is {_NAMED}", 5, "partner",
         "{v}"),
        (r"(?P<v>(?!(?:he|she|it|that|this|who|they|what)\b){WORD}) is my (?:new |lovely"
         r" )?{PARTNER}(?=$|,| (?:of|since|and|now)\b)", 5, "partner", "{v}"),
        (r"{IAM} (?:dating|seeing|going out with|married to|engaged to|in (?:a|an open) "
         r"relationship with|together with|with) (?:(?:an?|my|the|this|someone) (?:[\w-]+ )*?"
         r"(?:called|named) )?(?!.*\b(?:freight|ltd|inc|bank|corp|company|hospital|school|council"
         r"|group|logistics|union|police|army|navy|university|church|foods|stores?|motors|airlines"
         r"|insurance|railways?|services)\b)(?P<v>{NAME})", 5, "partner", "{v}"),
        (r"{IHAVE} (?:got |gotten )?(?:married|engaged|started dating|started seeing|been dating|"
         r"proposed|met)(?: to)? (?P<v>{NAME})", 5, "partner", "{v}"),
        (r"{IHAVE} (?:an?|the) (?:new |lovely |wonderful )?{PARTNER}(?: now)?,? ?(?:called|named|,)"
         rf" {_NAMED}", 5, "partner", "{v}"),
        (r"{IHAVE} (?:got |gotten )?(?:married|engaged)(?: .*)?$", 5, "marriage"),
        (r"{IAM} (?P<v>married|single|divorced|widowed|engaged|separated|a widow|a widower"
         r"|in a (?:long-distance |new )?relationship)(?=$|,| )", 4, "marriage", "{v}"),
        (r"{IHAVE} (?:been )?(?:married|together|dating|engaged) (?:for|since) .+", 4,
         "marriage since"),
        (r"{IHAVE} (?:an?|the) (?:new |lovely )?(?P<w>{PARTNER})(?=$|,| )", 4, "partner"),
    ],
)  # fmt: skip

PARTNER_ENDINGS: tuple[Rule, ...] = tuple(
    Rule(compiled(pattern), FactKind.PERSON, 5, "partner", value,
         ("marriage", "marriage since"), is_over=True)
    for pattern, value in (
        (r"{IHAVE} (?:broken up|broke up|split up|split|got divorced|separated|ended (?:it|things)"
         r"|called it quits|divorced|left|dumped)(?: (?:with|from))? (?P<v>{NAME})", "{v}"),
        (r"{IHAVE} (?:broken up|broke up|split up|got divorced|separated|ended (?:it|things)|dumped"
         r"|left|divorced)(?: (?:with|from))? (?:my|our) (?:(?:ex-?)?{PARTNER})(?: (?P<v>{NAME}))?",
         "{v}"),
        (r"(?P<v>{NAME}) (?:broke up with me|dumped me|left me|and i (?:have )?(?:broke|broken"
         r"|split"
         r"|divorced|separated|are no longer|are not together|got divorced|called it quits).*)",
         "{v}"),
        (r"my {PARTNER}(?: (?P<v>{NAME}))? (?:(?:and i )(?:have )?(?:broke up|broken up|split|"
         r"divorced|separated|got divorced|are no longer|are not together).*|(?:broke up with me|"
         r"dumped me|left me|divorced me).*)", "{v}"),
        (r"{IHAVE} (?:broke up|broken up|split up|got divorced|separated|are getting divorced"
         r"|are no longer together|called off (?:the|our) (?:wedding|engagement)).*", ""),
        (r"{IAM} (?:single|divorced) (?:again|now)", ""),
        (r"{IAM} (?:no longer|not) (?:with|dating|seeing|together with) (?P<v>{NAME})", "{v}"),
    )
)  # fmt: skip

_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    (r"(?:still |now |just |recently |finally |has |also )*(?:lives?|is living|moved|relocated|"
     r"moves|is based|is moving back|resides?|settled|has moved)(?: back| over| out| away)?"
     r"(?: from {NAME})? (?:in|to|near|at|on|outside) (?P<v>{NAME}|.{2,30}?)(?=$|,| )", "home"),
    (r"(?:still |now |just |recently |finally |has |also |currently )*(?:works?|is working|worked"
     r"|started working|became|has become|got a (?:new )?job|found a (?:new )?job|was promoted|"
     r"is employed|retired|lost (?:his|her|their) job)\b.*", "job"),
    (r"(?:(?:got|was|has been|gets|is being) (?:promoted|hired|fired|sacked|laid off|elected)\b.*"
     r"|(?:quit|left) (?:his|her|their|the) .+|teaches .+"
     r"|is (?:now |currently |also )*(?:an? |the )(?:[\w-]+ ){0,3}?(?:\w+(?:er|or"
     r"|ist|ian|ant|man"
     r"|woman)|nurse|chef|cook|judge|pilot|vet|student|doctor|coach|clerk|model|nun|priest|guide"
     r"|poet|artist|architect|mechanic|surgeon|dentist)"
     r"(?=$|,| (?:at|in|for|with|on|and|who|by)\b))",
     "job"),
    (r"(?:is|turned|turns|just turned|will be|has turned|is turning) (?:now |almost |about |only |"
     r"already )?{NUM}(?: (?:years?|months?|weeks?) old|$| (?:last|this|on"
     r"|in|next|yesterday|today)\b).*", "age"),
    (r"(?:is|got|has been) (?:now |happily |recently )?(?:married|engaged|dating|divorced|single"
     r"|seeing someone|in a relationship)\b.*", "partner"),
    (r"(?:studies|is studying|goes to|attends|is at university|started (?:school|university|college"
     r"|kindergarten))\b.*", "studies"),
    (r"is (?:\w+ )?(?:pregnant|expecting|having a baby|having twins)\b.*", "expecting"),
    (r"(?:is|was|are) (?:vegan|vegetarian|pescatarian|allergic to .+|lactose intolerant)\b.*",
     "diet"),
    (r"(?:now )?(?:plays|is learning) the \w+.*", "instrument"),
    (r"(?:drives|owns|has) (?:an?|the) \w*.*\b(?:car|van|motorbike|truck|bmw|volvo|tesla|fiat)\b.*",
     "car"),
)  # fmt: skip

PEOPLE: tuple[Rule, ...] = (
    *rules(
        FactKind.PERSON,
        [
            (
                rf"my {_SINGLE}(?:{_THEIR} name)? is (?:actually )?(?:{{CALLED}}) {_NAMED}",
                4,
                "person:{who}:name",
                "{v}",
            ),
            (
                rf"my {_SINGLE}{_THEIR}? name is (?:actually )?{_NAMED}",
                4,
                "person:{who}:name",
                "{v}",
            ),
            (rf"(?:the )?name of my {_SINGLE} is {_NAMED}", 4, "person:{who}:name", "{v}"),
            (rf"my {_SINGLE} is (?P<v>{{NAME}})$", 4, "person:{who}:name", "{v}"),
            (
                rf"(?P<v>{{NAME}}) is my {_SINGLE}(?=$|,| (?:from|since|at|and)\b)",
                4,
                "person:{v}:relation",
            ),
            (
                rf"{{IHAVE}} (?:an?|the|my|one) {_SINGLE}(?: \w+ \w+)?{_WHOSE_NAME} {_NAMED}",
                4,
                "person:{v}:relation",
            ),
            (
                r"{IHAVE} (?:an?|no|one|two|three|four|five|six|seven|\d|several|many)"
                r" (?P<v>{QUALITY}"
                r"(?:{REL}|sisters|brothers|siblings|sons|daughters|cousins|nieces|nephews|friends"
                r"|grandkids|grandchildren|uncles|aunts|roommates|flatmates|colleagues)s?)\b"
                r"(?! (?:to|of|like) )",
                3,
            ),
            (
                rf"my {_SINGLE}{_THEIR} (?P<b>birthday) is (?:on |in )?(?P<v>.{{2,40}})",
                4,
                "person:{who}:birthday",
            ),
            (
                rf"my {_SINGLE},? (?P<n>{{NAME}}){_THEIR} (?P<b>birthday) is (?:on |in )?"
                rf"(?P<v>.{{2,40}})",
                4,
                "person:{n}:birthday",
            ),
            (rf"my {_SINGLE} (?:is|was) having (?:a|twins).*", 4),
        ],
    ),
    *(
        Rule(compiled(head + attribute), FactKind.PERSON, 3, f"person:{key}:{name}", "{v}")
        for attribute, name in _ATTRIBUTES
        for head, key in (
            (rf"my {_SINGLE},? (?P<n>{{NAME}}),? ", "{n}"),
            (rf"my {_SINGLE} ", "{who}"),
        )
    ),
)

PEOPLE_ON_DAYS: Rule = Rule(
    compiled(rf"my {_SINGLE},?(?: (?P<n>{{NAME}}))?,? (?:is|has|will|starts?|turns?|comes?"
             rf"|arrives?|gets?"
             rf"|leaves?|graduates?|moves?|visits?|flies|goes|gave|got|had|was)\b .+"),
    FactKind.PERSON, 3, needs_date=True,
)  # fmt: skip
NAMED_PEOPLE: tuple[Rule, ...] = tuple(
    Rule(
        compiled(r"(?P<n>{NAME}) " + attribute),
        FactKind.PERSON, 3, f"person:{{n}}:{name}", "{v}", about="{n}",
    )
    for attribute, name in _ATTRIBUTES
)  # fmt: skip

GONE: Rule = Rule(
    compiled(rf"(?P<n>{{NAME}}) {_DIED}"),
    FactKind.EVENT, 5, "pet:{n}", "{n}", ("pet:{n}:age",), about="{n}", is_over=True,
)  # fmt: skip
PERSON_GONE: Rule = Rule(
    compiled(rf"my {_SINGLE}(?: (?P<n>{{NAME}}))? {_DIED}"),
    FactKind.EVENT, 5,
)  # fmt: skip
