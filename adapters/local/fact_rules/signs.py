"""Signs by which a sentence shows whether it tells something lasting of somebody's life.

Each is a class of words or a shape of a sentence, never a fact; how much each weighs is learnt
(``lasting``).
"""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
import re

from adapters.local.fact_rules.rule import compiled

_I = r"(?:i|im|ive|i'm|i've|i'll|i'd|we|we're|we've|we'll)"
_TABLE: tuple[tuple[str, str], ...] = (
    (
        "kin",
        r"\b(?:(?:grand|step|god|great)?-?(?:mother|father|mum|mom|mama|dad|daddy|papa|son"
        r"|daughter|child|children|parents|babies|kids?)|sisters?|brothers?|sis|bro(?= \w+s\b)"
        r"|gran|granny|grandma"
        r"|grandpa|nan|nana|oma|opa|aunt|auntie|uncle|cousin|niece|nephew|twins?|in-law|family|boys"
        r"|girls|lads|eldest|youngest|baby|my (?:boy|girl|old man|folks|people))s?\b",
    ),
    (
        "partner",
        r"\b(?:husband|wife|boyfriend|girlfriend|bf|gf|fianc[ée]+|partner|widow(?:er)?|ex"
        r"|ex-\w+|married|engaged|single|divorced?|wedding|dating|seeing (?:someone|somebody)"
        r"|broke up|split up|together (?:since|now|for))\b",
    ),
    (
        "acquaintance",
        r"\b(?:friend|mate|bestie|buddy|flatmate|roommate|housemate|neighbou?r|colleague|coworker"
        r"|boss|manager|teacher|tutor|coach|landlord|landlady|therapist|doctor|a guy|a girl|a boy"
        r"|a woman|a man|somebody|someone|this girl|this guy|next door)s?\b",
    ),
    (
        "animal",
        r"\b(?:dog|puppy|cat|kitten|rabbit|hamster|parrot|budgie|horse|pony|hens?|goat|tortoise"
        r"|snake|lizard|poodle|spaniel|terrier|hound|collie|corgi|labrador|staffy|greyhound|tabby"
        r"|bees|goldfish|ferret|vet|canary)\b",
    ),
    ("naming", r"\b(?:called|named|naming|names?|nickname|surname|call (?:me|him|her|it)"
               r"|(?:known|goes) (?:as|by)|calls me)\b"),
    (
        "living",
        r"\b(?:live|lives|lived|living|moved|moving|house|flat|apartment|cottage|home|rent"
        r"|share|town|city|village|street|farm|grew up|raised|born|from|abroad|floor)\b",
    ),
    (
        "work",
        r"\b(?:work|works|worked|working|job|shifts?|retired|office|company|contract|salary"
        r"|boss|hired|fired|sacked|promoted|career|interview|post|department|freelance|business"
        r"|trade|clients?|colleagues|teach\w*|drive|drives|driver|nurse|engineer|plumber|lawyer"
        r"|farmer|baker|waiter|mechanic|cleaner|clerk|cook|writer|artist|painter|musician|officer"
        r"|doctor|dentist|firem[ae]n|soldier|secretary|assistant|midwife|builder|carpenter"
        r"|electrician|manager|owner|army|navy|\w+ologist)\b",
    ),
    (
        "learning",
        r"\b(?:study|studies|studying|uni|university|college|school|degree|course|class|classes"
        r"|lessons?|exam|test|thesis|dissertation|apprenticeship|licen[cs]e|diploma|master'?s?|phd"
        r"|graduat\w+|semester|learn\w*|taught|language|speak|speaks|passed|failed|year \w+)\b",
    ),
    (
        "pastime",
        r"\b(?:play|plays|played|band|choir|club|team|football|rugby|tennis|chess|guitar|piano"
        r"|violin|cello|drums|bass|harp|sing|sings|paint|knit\w*|sew\w*|bak(?:e|ing)|garden\w*"
        r"|allotment|collect\w*|climb\w*|swim\w*|run|running|cycl\w+|danc\w+|yoga|pottery|judo"
        r"|karate|fencing|fishing|hik\w+|sail\w*|whittl\w*|carv\w*|photograph\w*|restor\w+"
        r"|volunteer\w*|hobby|craft\w*|draw|draws|novel|bridge|ceramics?|marathon|gym)\b",
    ),
    (
        "health",
        r"\b(?:allerg\w+|intoleran\w+|asthma|diabet\w+|migraines?|cancer|surgery|operation"
        r"|diagnosed|pills?|tablets?|medication|meds|insulin|inhaler|adhd|autis\w+|anxiety"
        r"|depress\w+|therap\w+|blind|deaf|stammer|tremor|epilep\w+|disease|stroke|rash|swell"
        r"|pregnant|hearing aids?|hospital|doctors?|doc|knee|hip|heart|blood|pressure|scar|broke my"
        r"|sober|ill\b|disagrees? with)\b",
    ),
    (
        "taste",
        r"\b(?:favou?rite|fav|fave|love|loves|hate|hates|can'?t stand|can ?not stand|adore|prefer"
        r"|abide|enjoy|fan of|into|like|likes|listen to|obsessed|can'?t (?:eat|drink)|won'?t (?:eat"
        r"|drink|touch)|don'?t (?:eat|drink)|never (?:eat|drink)|vegan|veggie|vegetarian|sugars?"
        r"|diet|comfort food)\b",
    ),
    ("fear", r"\b(?:afraid|scared|terrified|fear|phobia|dizzy|nervous|frighten\w*|scream)\b"),
    (
        "possession",
        r"\b(?:car|truck|van|bike|bicycle|boat|motorbike|camera|telescope|watch|inherited|bought"
        r"|sold|own|owns|second[- ]hand|tattoo|volvo|ford|piano|guitar|console|caravan)\b",
    ),
    (
        "habit",
        r"\b(?:every (?:day|night|week|month|year|morning|evening|summer|winter|other|\w+day)"
        r"|each|always|usually|never|(?:mon|tues|wednes|thurs|fri|satur|sun)days|weekends|once a"
        r"|(?:two|three|four|\d) (?:times|days) (?:a|in)|twice a|regularly|most (?:days|mornings"
        r"|nights)|by (?:day|night)|at night|in the (?:mornings?|week)|unless|only)\b",
    ),
    (
        "while",
        r"\b(?:since|for (?:the (?:last|past) )?(?:\w+[- ]?\w* )?(?:years|months|decades?|ages|my"
        r" whole life)|(?:\w+|\d+) years|years ago|my whole life|all my life|so far this year)\b",
    ),
    (
        "past_life",
        r"\b(?:grew up|used to|born|as a (?:child|kid|girl|boy|teenager)|when i was|served|raised"
        r"|childhood|once (?:\w+ed|rode|met|won|wrote)|in (?:19|20)\d\d|at (?:\w+teen|twenty"
        r"|thirty|\w+-\w+)|(?:fif|six|seven|eigh|nine)teen|adopted|late (?:husband|wife|mother"
        r"|father))\b",
    ),
    (
        "change",
        r"\b(?:now|these days|any ?more|any longer|no longer|no more|switched|changed|moved|sold"
        r"|quit|stopped|gave up|given up|instead|new|off|cancelled|called off|put off|postponed"
        r"|pushed back|turns? out|turned out|taken up|took up|started|became|become|actually)\b",
    ),
    (
        "event",
        r"\b(?:died|passed away|death|funeral|buried|put down|got engaged|got married|proposed"
        r"|promoted|moved|had a baby|was born|adopted|lost (?:our|my|his|her)|retired|got (?:the|a)"
        r" job|got into|graduated|arrested|prison|accident|broke up|split|left me|won)\b",
    ),
    (
        "plan",
        r"\b(?:plan|plans|planning|going to (?:be|study|move|have|get)|gonna be|saving|booked"
        r"|signed up|applied|fly to|flying|off to|due|next (?:year|month|summer|spring|autumn"
        r"|week)|from (?:january|february|march|april|may|june|july|august|september|october"
        r"|november|december|monday|now)|dream is|want to be|wanna be|hope to|one day|trip|holiday"
        r"|cruise|training for|goal|wish list)\b",
    ),
    (
        "date",
        r"\b(?:\d{1,2}(?:st|nd|rd|th)|(?:the )?\w+(?:teenth|ieth)|january|february|march|april"
        r"|june|july|august|september|october|november|december|(?:in|of|on \d+) may|jan|feb|aug"
        r"|sept?|oct|nov|dec|christmas|easter|birthday|bday|anniversary)\b",
    ),
    ("number", r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty"
               r"|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half)\b"),
    (
        "secret",
        r"\b(?:nobody knows|doesn'?t know|only told|never told|secret|owe|owes|debts?|gay|prison"
        r"|between us|keep (?:that|this|it) to)\b",
    ),
    (
        "agreement",
        r"\b(?:when i say|call me|ask me|remind me|tell me (?:one|every|each)|we agreed|our (?:word"
        r"|ritual|thing|rule|code))\b",
    ),
    (
        "stative",
        r"\b(?:am|im|i'm|is|was|has|have|got|owns?|keeps?|lives?|works?|plays?|speaks?|drives?"
        r"|runs?|makes?|does|sells?|studies|teaches|knows|wears|sings|belongs|fixes|repairs|builds"
        r"|coaches|collects|takes?)\b",
    ),
    ("mine", r"\b(?:my|our|mine|ours)\b"),
    ("mine_first", r"(?:my|our)\b"),
    ("i_first", rf"{_I}\b"),
    ("he_first", r"(?:he|she|hes|shes|he's|she's|his|her|they|they're|their)\b"),
    ("it_first", r"(?:it|it's|its|that|that's|thats|this|these|those|there|there's|theres)\b"),
    ("the_first", r"(?:the|a|an)\b"),
    ("i_am", r"(?:i am|i'm|im|we are|we're) (?!a\b|an\b|the\b|from\b|in my\b)"),
    ("i_am_a", r"(?:i am|i'm|im|we are|we're) (?:an?|the|from|in my|on)\b"),
    (
        "doing",
        r"(?:.*? )?(?:am|im|i'm|is|are|was|were|hes|shes|he's|she's|they're|keeps?|started)"
        r" (?:still |just |all )?(?:\w{2,}ing)\b",
    ),
    (
        "at_once",
        r"\b(?:today|tonight|this (?:morning|afternoon|evening)|right now|rn|at the moment|just"
        r" now|just|again|last night|yesterday|in (?:a|five|ten|half) (?:\w+ )?(?:minutes?|moment"
        r"|sec|hour)|one sec|late|finally|all (?:day|morning|evening|night|afternoon)|for hours"
        r"|an? (?:hour|minute)|by now|asleep|already)\b",
    ),
    (
        "mood",
        r"\b(?:tired|bored|hungry|starving|sad|happy|crying|cry|cried|laugh\w*|sleepy|freezing"
        r"|cold|hot|annoy\w*|mad at|fine|okay|ok|better|awful|exhausted|embarrassed|dead|mess|sorry"
        r"|feel\w*|hug|yawn\w*|smell|giggles|proud of myself|melting|done)\b",
    ),
    (
        "body",
        r"\b(?:my|his|her) (?:head|feet|legs?|arms?|back|hands|eyes?|hair|stomach|brain|ears?"
        r"|throat|nose|face|heart|mood|phone|laptop|battery|alarm|tea|coffee|soup|dinner|lunch"
        r"|breakfast|evening|day|morning|jacket|shirt|sock|keys|turn|guess|word|animal)\b",
    ),
    (
        "done_once",
        r"(?:(?:i|we|he|she|they|it|the \w+|my \w+|dad|mum|somebody) )?(?:\w+ly )?(?:ate|saw|went"
        r"|came|slept|woke|fell|made|heard|read|said|told|asked|laughed|cried|walked|danced|talked"
        r"|waited|dropped|spilled|burnt|cleaned|tidied|sat|stood|waved|hugged|looked|nearly|lost"
        r"|found|got (?:soaked|up|the|kicked|lost|nothing)|had (?:an?|to|some|the|soup|beans)|stole"
        r"|just|took|rained|did|wrote|dozed|thought|watched|sent|farted)\b",
    ),
    (
        "weather",
        r"\b(?:rain\w*|snow\w*|sunny|weather|sky|moon|sun|storm|wind\w*|freezing|bus|train|queue"
        r"|traffic|lift|wifi|internet|fridge|kettle|toast|sandwich|biscuit|pizza|soup|socks?|umbrella"
        r"|potato|cheese|sofa|bath|kitchen|bread)\b",
    ),
    ("you", r"\b(?:you|you're|your|yours|u|ur)\b"),
    (
        "hedge",
        r"\b(?:maybe|perhaps|guess|think|wonder|might|may have|could|would|should|wish|if|imagine"
        r"|bet|swear|suppose|as if|like a|mean|know what|must|need|i'?ll|gonna|promise|shall have"
        r"|believe)\b",
    ),
    (
        "exclaim",
        r"(?:what a|how|so|no|wow|omg|oh|well|thanks?|good|poor|fair|wish|let'?s|tell|give|never"
        r" mind|not|same|better|imagine|did you|and|but|because|like|with|under|on the)\b",
    ),
    ("general", r"(?:nobody|everybody|everyone|people|some people|somebody|time|life|one|the answer"
                r"|once upon)\b"),
    (
        "game",
        r"\b(?:dragon|sword|castle|king|queen of|ship|guns|riddle|points?|turn|detective|pirate"
        r"|wizard|spaceship|clue|guess|letter|vowel|count|captain of|once upon|island|gold)\b",
    ),
    ("laughing", r"\b(?:lol|lmao|haha\w*|hehe|omg|joking|kidding|xd)\b"),
    ("few", r"\S+(?: \S+){0,2}$"),
    ("some", r"\S+(?: \S+){3,5}$"),
    ("many", r"\S+(?: \S+){11,}"),
    ("being_named", r".*\b(?:my|his|her|our) (?:\w+ )?(?:{REL}|{PARTNER}|{SPECIES}),? (?!is|has|was"
                    r"|and|who|says|said|to|in|at|still|just)[a-z]{3,}\b"),
    ("theirs", r".*\b(?:my|his|her|our|their) (?:[\w-]+ )?(?:{REL}|{PARTNER}|{SPECIES})s?\b"),
)  # fmt: skip
_SOMEBODY = frozenset(
    {"kin", "partner", "animal", "acquaintance", "mine", "i_first", "he_first", "theirs"}
)
_MINE = re.compile(rf"\b(?:{_I}|me|my|us|our|he|she|his|her|him)\b")
NAMES: tuple[str, ...] = (
    *(name for name, _ in _TABLE),
    "name",
    "name_first",
    "comma",
    "nobody",
    "name_of_nobody",
)
# Over lower case only, where a pattern that tells the cases apart is several times as fast.
_PATTERNS = tuple(compiled(pattern, re.NOFLAG) for _, pattern in _TABLE)
_SEARCHES = tuple(
    pattern.search if pattern.pattern.startswith(r"\b") else pattern.match for pattern in _PATTERNS
)
_NAME = re.compile(r"(?<=[a-z,;:] )(?!I\b|I'|OK\b|God\b|AI\b)[A-ZÀ-ÖØ-Þ][\w'-]*[a-zà-ÿ]\b")
_DAY = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|January|February|March|April|June|July|August"
    r"|September|October|November|December|English|Christmas|Internet|Google|Netflix"
)
_NAME_FIRST = re.compile(
    r"(?!I\b|I'|The|This|That|What|It|He|She|They|We|You|My|Your|Our|There|And|But|So|Yes|No|Not)"
    r"[A-ZÀ-ÖØ-Þ][a-zà-ÿ]{2,}(?:'s)? (?:is|was|has|and I|works|lives|plays|from|in"
    r"|next|got|an?|my)\b"
)


def signs_of(plain: str) -> list[int]:
    """Which signs a sentence shows, as their numbers in ``NAMES``."""
    lowered = plain.lower()
    shown = [number for number, search in enumerate(_SEARCHES) if search(lowered)]
    first = len(_PATTERNS)
    named = any(_DAY.match(name) is None for name in _NAME.findall(plain))
    named_first = _NAME_FIRST.match(plain) is not None
    nobody = _SOMEBODY.isdisjoint(NAMES[number] for number in shown) and not _MINE.search(lowered)
    others = (
        named and not nobody,
        named_first and not nobody,
        "," in plain,
        nobody,
        nobody and (named or named_first),
    )
    return shown + [first + number for number, is_shown in enumerate(others) if is_shown]
