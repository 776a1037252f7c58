"""Who the person is: name, age, birthday, origin, languages, and what one is for good."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
from adapters.local.fact_rules.rule import Rule, rules
from domain.memory.facts import FactKind

DEMONYMS = (
    "american|british|english|scottish|irish|welsh|french|german|spanish|portuguese|italian|dutch"
    "|belgian|swiss|austrian|swedish|norwegian|danish|finnish|icelandic|polish|czech|slovak"
    "|hungarian|romanian|bulgarian|greek|turkish|russian|ukrainian|serbian|croatian|bosnian"
    "|slovenian|albanian|lithuanian|latvian|estonian|canadian|mexican|brazilian|argentinian"
    "|argentine|chilean|colombian|peruvian|venezuelan|cuban|ecuadorian|bolivian|uruguayan|chinese"
    "|japanese|korean|taiwanese|vietnamese|thai|filipino|filipina|indonesian|malaysian|singaporean"
    "|indian|pakistani|bangladeshi|nepali|nepalese|sri lankan|afghan|iranian|persian|iraqi|syrian"
    "|lebanese|israeli|palestinian|jordanian|egyptian|moroccan|algerian|tunisian|nigerian|ghanaian"
    "|kenyan|ethiopian|eritrean|somali|south african|ugandan|tanzanian|senegalese|jamaican|haitian"
    "|australian|kiwi|new zealander|maori|latina|latino|african|asian|european|armenian|georgian"
    "|kazakh|uzbek|mongolian|catalan|basque|galician|corsican|sicilian|bavarian|flemish"
    "|luxembourger"
)
_LANGUAGES = DEMONYMS + (
    "|arabic|hebrew|hindi|urdu|bengali|tamil|telugu|punjabi|marathi|gujarati|mandarin|cantonese"
    "|farsi|swahili|yoruba|igbo|hausa|zulu|afrikaans|tagalog|malay|latin|esperanto|gaelic"
    "|sign language|asl|bsl|yiddish"
)
_CREEDS = (
    "catholic|protestant|christian|jewish|muslim|buddhist|hindu|sikh|atheist|agnostic|mormon"
    "|orthodox|lutheran|quaker|pagan|baptist"
)
_SIGNS = "aries|taurus|gemini|leo|virgo|libra|scorpio|sagittarius|capricorn|aquarius|pisces"
_LASTING = (
    "left-handed|right-handed|ambidextrous|an only child|an introvert|an extrovert|introverted"
    "|extroverted|adopted|a twin|a triplet|an orphan|gay|a lesbian|lesbian|bisexual|bi|straight"
    "|queer|trans|transgender|nonbinary|non-binary|asexual|an early bird|an early riser|a night owl"
    "|a morning person|bilingual|trilingual|a veteran|an immigrant|a refugee|a mother|a father"
    "|a mom|a mum|a dad|a parent|a single (?:mother|mom|mum|father|dad|parent)|a grandmother"
    "|a grandfather|a grandparent|a minor|a teenager|a middle child|the (?:oldest|eldest|youngest)"
    "|ginger|a redhead|blonde|bald|an expat|shy|a perfectionist"
)
_DATE = (
    r"(?:the )?(?:\d{1,2}(?:st|nd|rd|th)?|[a-z]+(?:-[a-z]+)?(?:st|nd|rd|th))(?: of)? {MONTH}"
    r"(?:,? \d{4})?|{MONTH} (?:the )?(?:\d{1,2}(?:st|nd|rd|th)?|[a-z]+(?:-[a-z]+)?)?(?:,? \d{4})?"
    r"|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{2,4})?|(?:new year|christmas|halloween|valentine)[\w' ]*"
    r"|the same day as .+|tomorrow|today|in {MONTH}|next \w+|(?:on )?\w+day"
)

NOT_A_NAME = (
    r"(?!(?:not|a|an|the|my|in|on|at|so|very|too|ok|okay|fine|good|sorry|sure|here|back|home|it"
    r"|that|this|what|secret|hard|easy|difficult|common|rare|long|short|pronounced|spelled|spelt"
    r"|also|actually|really|from|i|he|she|they|we|you|is|was|me|crazy|later|when|if|tomorrow"
    r"|tonight|something|anything|whatever|old|names?|back|again|by|old-fashioned|silly|stupid"
    r"|maybe|an?)\b)"
)
_FULL = r"(?P<v>" + NOT_A_NAME + r"{WORD}(?: (?-i:[A-Z])[\w'.-]*){0,3})"

IDENTITY: tuple[Rule, ...] = (
    *rules(
        FactKind.IDENTITY,
        [
            (rf"my (?:full |real |first |given |birth |actual )?names? is {_FULL}", 5, "name",
             "{v}"),
            (rf"the name is {_FULL}$", 5, "name", "{v}"),
            (r"(?:it|that) is (?:actually |really )?(?:spelled|spelt|written) (?:as |like )?"
             r"(?P<v>{NAME})(?=$|,| with)", 4),
            (r"(?:it|that) is (?P<v>{NAME}),? with(?:out)? (?:an?|one|two|no|double|just one"
             r"|a single) \w{1,2}$", 4),
            (rf"{{I}} (?:am|was|got) (?:called|named|baptised|christened) {_FULL}", 5, "name",
             "{v}"),
            (rf"{{I}} (?:go|went) by (?:the name )?(?:of )?{_FULL}", 5, "nickname", "{v}"),
            (r"my (?:last|family|sur) ?name is (?P<v>{WORD})", 4, "surname", "{v}"),
            (r"my (?:middle) ?name is (?P<v>{WORD})", 3, "middle name", "{v}"),
            (r"my (?:maiden) name (?:is|was) (?P<v>{WORD})", 3, "maiden name", "{v}"),
            (rf"my nick ?name is {_FULL}", 4, "nickname", "{v}"),
            (r"my pronouns are (?P<v>[\w/ ]+)", 5, "pronouns", "{v}"),
            (
                r"i (?:am|have been|will be) (?:about |almost |nearly |only |roughly |exactly )?"
                r"(?P<v>\d{1,2}|1[01]\d)"
                r"(?:[ -]?(?:years?|yrs?)[ -]old| years of age)?(?=$|,|;| (?:now|and|but|already|"
                r"today|this|next|as|in (?!the|my|line)))",
                4, "age", "{v}",
            ),
            (r"i (?:am|have been) (?P<v>\w+(?:-\w+)?) years old", 4, "age", "{v}"),
            (r"{IHAVE} (?:turned|reached) (?P<v>{NUM})(?=$|,| (?:last|this|on|in"
             r"|yesterday|today|now|a))", 4, "age", "{v}"),
            (r"my age is (?P<v>\d{1,3}|\w+(?:-\w+)?)", 4, "age", "{v}"),
            (r"{IAM} in my (?P<v>(?:early |mid |mid-|late )?\w+)$", 3, "age", "{v}"),
            (r"(?:{I} will be|{I} will turn|{I} turn|{IAM} turning) (?P<v>\d{1,3}|\w+(?:-\w+)?)"
             r"(?: years old)? (?:in|next|this|on|tomorrow|soon)", 3),
            (r"my birthday is (?:always )?(?:on |in |the )?(?P<v>.{2,40})", 5, "birthday"),
            (r"my birthday (?:falls|comes|lands) (?:on|in) (?P<v>.{2,40})", 5, "birthday"),
            (r"(?:today|tomorrow|yesterday) (?:is|was) my (?:\w+ )?birthday", 5, "birthday"),
            (r"it (?:is|was) my (?:\w+ )?birthday (?:on |in |today|tomorrow|yesterday|next|this)",
             5, "birthday"),
            (rf"(?P<v>{_DATE}) is my birthday", 5, "birthday"),
            (rf"{{I}} (?:was|were) born (?:on |in |at )?(?:the )?(?P<v>{_DATE})(?=$|,| )", 5,
             "birthday"),
            (r"{I} (?:was|were) born in (?P<v>(?:19|20)\d\d)", 4, "birth year", "{v}"),
            (r"{I} (?:was|were) born(?: and (?:raised|bred))? (?:in|on|at|near) {V}", 4,
             "birthplace", "{v}"),
            (r"{I} (?:was|were)? ?(?:grew up|raised|brought up) (?:in|on|at|near|with|by|without)"
             r" {V}", 3, "childhood", "{v}"),
            (r"{I} (?:am|come|are|hail) (?:originally |actually )?from {V}", 4, "origin", "{v}"),
            (r"my (?:home ?town|home town|birthplace|home country) is {V}", 4, "origin", "{v}"),
            (r"my (?:family|parents|ancestors) (?:is|are|come|came|comes) (?:originally )?from {V}",
             3, "family origin", "{v}"),
            (rf"{{I}} (?:am|are) (?:an? )?(?:half[ -]|part[ -]|originally )?(?P<v>(?:{DEMONYMS}))"
             r"(?:\b(?! \w+(?:er|or|ist|man|teacher|student)\b))", 4, "nationality", "{v}"),
            (rf"{{I}} (?:am|are) (?:an? )?(?:practi[sc]ing |devout |lapsed |raised )?"
             rf"(?P<v>{_CREEDS})\b", 3, "religion", "{v}"),
            (rf"{{I}} (?:am|are) an? (?P<v>{_SIGNS})\b", 2, "star sign", "{v}"),
            (rf"my (?:star|zodiac) ?sign is (?P<v>{_SIGNS})\b", 2, "star sign", "{v}"),
            (r"{IAM} (?P<v>\d(?:[.,]\d+)? ?(?:m|cm|feet|foot|ft|meters?|metres?)\b.{0,12}"
             r"|1[.,]\d\d?"
             r"|\d{3} ?cm|\d'\d+\"?)(?: tall)?(?=$|,)", 3, "height"),
            (rf"{{I}} (?:can )?(?:speak|talk|understand)(?: fluent| some| a (?:little|bit of)|"
             rf" basic"
             rf"| native| only)? (?P<v>{_LANGUAGES})\b", 3, "language:{v}", "{v}"),
            (rf"{{I}} (?:am|are) fluent in (?P<v>{_LANGUAGES})\b", 3, "language:{v}", "{v}"),
            (r"(?:my (?:native|first) language|my mother tongue) is (?P<v>{WORD})", 4,
             "mother tongue", "{v}"),
            (rf"{{I}} (?:am|was|identify as) (?P<v>{_LASTING})\b", 3, "trait:{v}", "{v}"),
            (r"(?P<v>{NAME}) is my (?:mother tongue|native language|first language|native"
             r" tongue)", 4,
             "mother tongue", "{v}"),
            (r"(?:my )?(?P<w>shoe size|blood type|blood group|eye colou?r|hair colou?r) is "
             r"(?P<v>.{1,20})", 3, "{w}", "{v}"),
            (r"{I} have (?P<v>(?:\w+ ){0,2}(?:eyes|hair|freckles|tattoos?|piercings?|dimples))\b",
             2),
        ],
    ),
    *rules(
        FactKind.RELATIONSHIP,
        [
            (rf"(?:(?:please|just|you (?:can|may|could|should)|everyone can|feel free to|i want you"
             rf" to|i would like you to|i would (?:prefer|like) (?:it )?if you(?: would)?) )*"
             rf"call(?:ed)? me {_FULL}(?=$|,|;| (?:from|instead|please|and|but|if|for|-))",
             5, "nickname", "{v}"),
            (rf"(?:people|everyone|everybody|my \w+|friends|they|most people)(?: \w+)? calls? me"
             rf" {_FULL}(?=$|,|;| )", 4, "nickname", "{v}"),
            (rf"{{I}} (?:prefer|like) (?:to be called|being called|the name) {_FULL}", 5,
             "nickname", "{v}"),
        ],
    ),
)  # fmt: skip
