"""Health, plans, events, possessions, agreements."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
from adapters.local.fact_rules.rule import Rule, compiled, rules
from domain.memory.facts import FactKind

_CONDITION = (
    r"(?:asthma|diabetes|epilepsy|migraines?|adhd|add|autism|dyslexia|anxiety|depression|insomnia"
    r"|ocd|ptsd|bipolar(?: disorder)?|arthritis|cancer|eczema|psoriasis|celiac(?: disease)?|coeliac"
    r"(?: disease)?|crohn'?s(?: disease)?|ibs|tinnitus|vertigo|anemia|anaemia|hypertension|high"
    r" blood pressure|low blood pressure|hay ?fever|scoliosis|endometriosis|pcos|lupus|fibromyalgia"
    r"|glaucoma|sleep apnea|sleep apnoea|a heart condition|a heart murmur|a pacemaker|a bad (?:back"
    r"|knee|shoulder|hip)|chronic \w+(?: \w+)?|long covid|multiple sclerosis|parkinson'?s|thyroid"
    r" \w+|type (?:1|2|one|two) diabetes|\w+itis|\w+phobia|\w+ syndrome|\w+ disorder|glasses"
    r"|contact lenses|hearing aids?|a prosthetic \w+|perfect pitch)"
)
_TALK = (
    r"(?!(?:talk|chat|ask|know|hear|tell|say|sleep|rest|nap|eat|see what|see you|see if|thank"
    r"|scream"
    r"|cry|die|hug|vent|apologi[sz]e|be (?:honest|clear|alone|with you)|go to (?:bed|sleep)|go home"
    r"|make sure|understand|hear|show you|share|give you|help you|get some|take (?:a|my|the|care"
    r"|off|out|it)|call it|lie"
    r"|shower|play a game|do (?:that|this|it)|forget|believe|think|point|mention|check|try that"
    r"|give it|keep this|stop talking|stay here|relax|watch (?:a|some|tv|the)|have (?:a|some|dinner"
    r"|lunch)|cook dinner|grab|read a bit|order|say)\b)"
)
_PLAN = (
    r"(?:want|plan|hope|intend|aim|dream|would love|would like|have decided|decided|am planning"
    r"|are planning|am hoping|are hoping|am going|are going|am trying|are trying|am aiming|am"
    r" saving"
    r"(?: up| money)?|are saving(?: up| money)?|am training|am preparing|am determined|am working"
    r"|have always wanted|am looking forward|promised myself|signed up|have signed up"
    r"|am practising|am practicing)"
)

HEALTH: tuple[Rule, ...] = rules(
    FactKind.HEALTH,
    [
        (rf"{{IHAVE}} (?:been )?(?:have|had|got|suffer from|been diagnosed with|diagnosed with|was"
         rf" diagnosed with|live with|struggle with|deal with|wear|developed|also|a touch of)? ?"
         rf"(?:severe |mild |bad |terrible |chronic |really bad )*(?P<v>{_CONDITION})(?=$|,|;|"
         rf" )", 4,
         "health:{v}", "{v}"),
        (r"{I} (?:was|were|am|have been|got|been) (?:\w+ )?diagnosed (?:with|as) (?P<v>.{2,50})", 5,
         "health:{v}", "{v}"),
        (r"{I} suffer from (?P<v>.{2,40})", 4, "health:{v}", "{v}"),
        (r"{IAM} (?:\w+ )?(?P<v>diabetic|autistic|dyslexic|epileptic|asthmatic|deaf|blind|colou?r"
         r"[- ]?blind|pregnant|disabled|in a wheelchair|near-?sighted|short-?sighted|bipolar"
         r"|hard of hearing|neurodivergent|hypermobile|an? (?:recovering )?alcoholic|an amputee"
         r"|a cancer survivor|in recovery|in remission|in therapy|on antidepressants)(?=$|,|;|"
         r" )", 5,
         "health:{v}", "{v}"),
        (r"{IHAVE} (?:broken|broke|sprained|fractured|twisted|torn|tore|dislocated|injured|hurt) my"
         r" (?P<v>[\w ]{2,30})", 4),
        (r"{I} (?:take|am taking|am on|have to take|inject) (?P<v>(?:\w+ ){0,3}(?:medication|meds"
         r"|medicine|insulin|antidepressants|pills|statins|blood thinners|antibiotics"
         r"|tablets)\b.*)",
         4),
        (r"{I} (?:had|need|am having|will have|am getting|am scheduled for|have had) (?:an? |my "
         r"|heart |knee |hip |eye |\w+ )*(?P<v>surgery|operation|transplant|chemo\w*|transfusion"
         r"|bypass|mri|root canal|stroke|heart attack|miscarriage)\b.*", 4),
        (r"{I} (?:see|am seeing|go to|started seeing|go to see) (?:an?|my) (?:\w+ )?(?:therapist"
         r"|psychologist|psychiatrist|physiotherapist|counsell?or|chiropractor)\b.*", 3),
        (r"{IAM} recovering from (?P<v>.{2,50})", 4),
        (r"my (?P<v>blood pressure|cholesterol|eyesight|hearing|knee|back|asthma|diabetes|anxiety"
         r"|depression|doctor|therapist) (?:is|has|says?|said|told|gets|got) .{3,}", 2),
        (r"{I} (?:am|have been) (?P<v>(?:\w+ )?(?:weeks|months) pregnant)", 5, "health:pregnant"),
        (r"{I} (?:am|are) (?:expecting|having) (?P<v>an? (?:baby|boy|girl)|twins|our \w+ child)"
         r"\b.*", 5, "expecting"),
    ],
)  # fmt: skip

EVENTS: tuple[Rule, ...] = rules(
    FactKind.EVENT,
    [
        (r"{IHAVE} (?:(?:just|recently|finally) )?(?:won|published|graduated|passed (?:my|the|all)"
         r"|failed (?:my|the)|became|become an?|gave birth|had (?:a|our|my) (?:baby|son|daughter|"
         r"first|second|accident|car accident|miscarriage|stroke|heart attack)|ran (?:a|my|the)"
         r" (?:\w+ )?(?:marathon|half|5k|10k|race)|finished (?:my|the|a) (?:\w+ )?(?:novel|book|"
         r"thesis|marathon|degree|album|painting|house|degree)|wrote an?|got (?:my (?:driving|"
         r"driver|licen[cs]e|degree|citizenship|visa|results|braces)|accepted|into|a (?:raise|"
         r"promotion|scholarship|tattoo|divorce|puppy|kitten))|lost my (?!mind|train|way|keys|phone"
         r"|wallet|patience|temper|voice)|bought (?:a|an|my|our) (?:\w+ ){0,3}(?:house|flat|"
         r"apartment|car|boat|motorbike|motorcycle|bike|van|guitar|piano|telescope|camera|land)"
         r"|sold"
         r" my|survived|was (?:in|robbed|elected|awarded|adopted|fired|laid off|hospitali[sz]ed|"
         r"arrested|evacuated)|got (?:fired|laid off|robbed|hospitali[sz]ed)|met (?:my|the love|the"
         r" president)|climbed|travel+ed (?:to|around|across)|visited {NAME}|went (?:to|on) "
         r"(?:{NAME}|a (?:cruise|pilgrimage|safari))|was an? (?:exchange|foster|child)|served in|"
         r"fought in|founded|built (?:a|an|my|our|the)|invented|adopted|came out|converted"
         r"|converted to|dropped out|started (?:a|an|my) (?:\w+ )?(?:business|company|band|blog|"
         r"podcast|garden|family|course|channel|club|diet|degree|phd|therapy))\b.*", 4),
        (r"my (?:{QUALITY}{REL}|{PARTNER})(?: {NAME})? (?:(?:just|recently|finally|has|have) )*"
         r"(?:was born|got married|had a baby|gave birth|is pregnant|is expecting|graduated|won"
         r"|was diagnosed|has cancer|had (?:a|an) \w+|is in (?:the )?hospital|passed (?:her|his)"
         r"|got engaged|got divorced|got a|started|lost)\b.*", 4),
        (r"my (?:house|flat|apartment|car|bike|boat|shop|basement)(?: {NAME})? (?:was|got|has been)"
         r" (?:broken into|stolen|flooded|robbed|burgled|destroyed|burned|burnt|sold"
         r"|totalled).*", 4),
        (r"my (?:parents|mum and dad|mom and dad|grandparents) (?:are |were |got |have |have been "
         r"|both )*(?:divorced|separated|married|split up|died|dead|immigrated|emigrated"
         r"|met)\b.*", 3),
        (r"it (?:was|is) (?:exactly )?(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d+)"
         r" (?:years?|months?) (?:ago |since ).*", 3),
    ],
)  # fmt: skip

GOALS: tuple[Rule, ...] = (
    *rules(
        FactKind.GOAL,
        [
            (rf"{{I}} {_PLAN} (?:to|on|for) (?!(?:bed|sleep|work|the (?:store|gym|shop|bathroom"
             rf"|kitchen|toilet)|lunch|dinner|school|home)\b){_TALK}(?P<v>.{{3,}})", 3),
            (r"{I} (?:would love|want|would like) (?!(?:you|to|that|it|this|some|a (?:hug|break|nap"
             r"|drink|coffee|beer|kiss)|more|your|something|nothing|anything)\b)(?:an?|my own|kids"
             r"|children|two|three) ?(?P<v>.{2,50})", 2),
            (r"my (?:big |biggest |main |next |life |long-term |ultimate |secret )?(?:goal|dream"
             r"|plan"
             r"|ambition|aim|resolution|new year'?s resolution|bucket list|project|target|wish)"
             r"(?: (?:for|this|next) [\w ]{2,20}?)? (?:is|are|includes?|has always been) .{3,}", 4),
            (r"{IHAVE} (?:am|are|been|started|begun)? ?(?:learning|studying|taking (?:\w+"
             r" )?(?:lessons"
             r"|classes)(?: in)?|teaching myself|taking up|took up|taken up|practi[sc]ing)"
             r"(?: (?:to|how to))? (?!(?:that|a lot|to|it)\b)(?P<v>.{2,50})", 3, "learning:{v}",
             "{v}"),
            (r"{I} (?:am|are|have been) (?:writing|building|renovating|restoring|composing"
             r"|recording"
             r"|knitting|sewing|designing|developing|coding|making|creating|painting|planning"
             r"|organi[sz]ing|training for|saving for|saving up for|working on|working towards|"
             r"applying (?:for|to)|looking for|house hunting|rebuilding|starting) (?!(?:it|that"
             r"|this"
             r"|dinner|lunch|coffee|tea|breakfast|you|sure|something|an? (?:mess|face|joke|e-?mail|"
             r"sandwich|sound|move|cup|cake|snack)|plans|fun|my (?:keys|phone"
             r"|glasses))\b)(?P<v>.+)",
             3),
            (r"{IHAVE} (?:started|taken up|took up|got into|gotten into|begun|picked up)"
             r" (?P<v>(?!working"
             r"|to |a |an |my |with |thinking|feeling|getting|crying)\w+ing\b.*)", 3),
            (r"{I} (?:am|are) moving (?:to|in|into|back|out) .+", 4, "moving"),
            (r"{I} (?:am|are) (?:flying|travel+ing|going|driving|leaving|heading) (?:to|for) (?P<v>"
             r"{NAME}).*", 3, "trip:{v}", "{v}"),
            (r"{I} (?:am|are) (?:getting|going to get|about to get) (?:married|divorced|engaged)"
             r"\b.*", 5, "marriage"),
            (r"{I} (?:am|are) (?:getting|adopting|buying|selling|having|quitting|starting|opening"
             r"|launching|running|retiring|graduating|changing) .+", 3),
            (r"{I} (?:am|are) (?:thinking|dreaming) (?:of|about) (?:moving|getting|quitting|buying"
             r"|changing|starting|going back|becoming|adopting|selling|leaving|opening|learning)"
             r" .+", 3),
            (r"one day (?:i|we) (?:want|would like|hope|will|plan|am going|dream) .+", 3),
            (r"{I} will (?:be )?(?:start|starting|move|moving|marry|graduate|graduating|retire"
             r"|visit"
             r"|visiting|run|running|travel|fly|turn|open|launch|attend|perform|compete|defend) .+",
             3),
        ],
    ),
)  # fmt: skip

THINGS: tuple[Rule, ...] = rules(
    FactKind.OTHER,
    [
        (r"my (?P<w>(?:[\w-]+ ){0,2}(?:car|boat|sailboat|bike|bicycle|motorbike|motorcycle|van"
         r"|camper|caravan|guitar|piano|violin|cello|house|cabin|plant|cactus|laptop|robot|truck"
         r"|ship|yacht|kayak|telescope|drone|doll|teddy|teddy bear|band|blog|podcast|channel"
         r"|company"
         r"|shop|restaurant|novel|book|game|team|village|street|school|farm|garden))(?:'s name)? is"
         r" {CALLED} (?P<v>.{1,50})", 4, "name of {w}", "{v}"),
        (r"{IHAVE} (?:called|named) my (?P<w>[\w -]{2,25}?) (?P<v>{NAME})$", 4, "name of {w}",
         "{v}"),
        (r"{I} (?:drive|ride|am driving) (?P<v>(?:an?|my|the) .{2,40})", 3, "car", "{v}"),
        (r"{IHAVE} (?:bought|got|sold|leased) (?P<v>(?:an?|my) (?:[\w-]+ ){0,3}?(?:car|van|truck"
         r"|suv|pickup))\b.*", 3, "car"),
        (r"my (?:\w+ )?car is (?P<v>an? .{2,40})", 3, "car", "{v}"),
        (r"{I} (?:own|have|bought|inherited) (?:an?|the) (?P<w>(?:[\w-]+ ){0,3}?(?:boat|sailboat"
         r"|car"
         r"|van|motorbike|motorcycle|guitar|piano|violin|cello|telescope|yacht|kayak|camper|caravan"
         r"|garden|greenhouse|vineyard|collection|record player|drum kit))\b.*", 3),
        (r"{I} (?:can not|do not|never learned to|never learnt to|do not know how to|can)(?:"
         r" really|"
         r" even)? (?P<v>drive|swim|cook|dance|sing|ride a (?:bike|horse)|whistle|juggle|ski"
         r"|skate|draw"
         r"|type|read music|play any instrument|drive a car)\b.*", 2, "can:{v}"),
        (r"{I} do not have (?:any |an? )?(?:siblings|kids|children|brothers|sisters|pets|family"
         r"|parents"
         r"|friends|car|tv|television|smartphone|phone)\b.*", 2),
        (r"{I} (?:collect|am collecting|have a collection of) (?P<v>.{2,40})", 3, "collecting:{v}"),
        (r"my (?P<w>e-?mail|phone number|number)(?: address)? is .{4,}", 3, "{w}"),
        (r"my (?:password|pin|bank|account|credit card|passport number|social"
         r" security).*", 0),
    ],
)  # fmt: skip

AGREEMENTS: tuple[Rule, ...] = rules(
    FactKind.RELATIONSHIP,
    [
        (r"(?:let us|shall we|we should|we could|we will|we are going to|can we|i want us to|i"
         r" would"
         r" like us to|how about we) (?:agree to |agree that we )?.*\b(?:every|each|always|daily|"
         r"weekly|once a|twice a|tomorrow|tonight|on \w+days?|sundays?|mondays?|tuesdays?"
         r"|wednesdays?"
         r"|thursdays?|fridays?|saturdays?|weekends?|in the mornings?|from now on)\b.*", 4),
        (r"(?:we|you and i)(?: have| had)? (?:agreed|decided|said|promised|made a (?:deal|promise|"
         r"pact))\b.{3,}", 4),
        (r"(?:i promise|i promised you|you promised|you have promised|promise me|i owe you|it is a"
         r" deal|deal:?)\b(?! (?:me )?(?:i am|it is|that is|not kidding)\b).{6,}", 4),
        (r"from now on,? .{6,}", 4),
        (r"(?:please )?(?:always|never) (?:ask|call|tell|answer|speak|talk|write|use|mention"
         r"|remind|"
         r"say|bring|send|reply|greet|joke|give|be)\b.{3,}", 4),
        (r"(?:please |can you please |i want you to |i would like you to |i need you to )?(?:do not"
         r"|stop|never)(?: ever)? (?:call|calling|mention|mentioning|bring up|bringing up|ask me"
         r" about|asking me about|talk about|talking about|remind|use|using|joke about)\b.{3,}", 4),
        (r"(?:please )?(?:remind me|wake me|check in|ask me|text me|write me|greet"
         r" me)\b.*\b(?:every"
         r"|each|always|daily|tomorrow|on \w+day|at \d|in the morning)\b.*", 4),
        (r"(?:you are|i consider you|i see you as|you have become|you feel like) (?:my|a|like|like"
         r" an?) (?:\w+ )?(?:best friend|friend|sister|brother|family|partner|mentor|soulmate"
         r"|confidant|girlfriend|boyfriend)\b.*", 3),
        (r"(?:i will|let me|can i|i want to|i am going to) call you (?P<v>{NAME}).*", 4,
         "companion name", "{v}"),
        (r"our (?:song|ritual|tradition|secret|thing|code ?word|safe ?word|inside joke|anniversary|"
         r"game|story|nickname) (?:is|for|will be) .{2,}", 4),
    ],
)  # fmt: skip

LOST_WORK: tuple[Rule, ...] = tuple(
    Rule(compiled(pattern), FactKind.WORK, 4, topic, value, ends, is_over=True)
    for pattern, topic, value, ends in (
        (r"{IHAVE} ?(?:was|were|been|got|am)? (?:quit|quitted|left|lost|resigned from|fired from"
         r"|laid off from|let go from|given up|handed in my notice at|sacked from) (?:my|the|that)"
         r" (?:\w+ )?(?:job|work|position|post|company|firm|role)(?: (?:at|with|as) {V})?.*",
         "job", "{v}", ("employer", "working hours", "field")),
        (r"{IHAVE} ?(?:was|were|been|got|am)? (?:fired|laid off|let go|sacked|made redundant)"
         r"(?: (?:from|by|at) {V})?.*", "employer", "{v}", ("job", "working hours", "field")),
        (r"{IHAVE} (?:resigned|quit|handed in my (?:notice|resignation))(?: (?:from|at) {V})?$",
         "employer", "{v}", ("job", "working hours", "field")),
        (r"{IHAVE} (?:quit|left|stopped working (?:at|for)|resigned from) (?P<v>{NAME})(?=$|,| )",
         "employer", "{v}", ()),
        (r"{I} (?:am|will be) (?:leaving|quitting) (?!(?:for|in|on|at|to|tomorrow|early|the"
         r" house|home"
         r"|now|soon)\b)(?P<v>{NAME}|my job|the company)(?=$|,| (?:for|in|on|at|next|after|because)"
         r"\b)", "employer", "{v}", ("job=value",)),
        (r"{IHAVE} dropped out(?: of {V})?.*", "studies", "", ("school",)),
        (r"{IHAVE} (?:graduated|finished (?:university|college|school|my (?:degree|phd|studies)))"
         r"\b.*", "studies", "", ("school", "school year")),
    )
)  # fmt: skip
NOT_CALLED: Rule = Rule(
    compiled(
        r"(?:please )?(?:do not|stop|never|quit)(?: ever)? call(?:ing)? me (?P<v>{WORD})(?=$|,|"
        r" (?:any|again|by the way|btw|now|if"
        r"|please|because|ever)\b)"
    ),
    FactKind.RELATIONSHIP, 4, "nickname", "{v}", is_over=True,
)  # fmt: skip
CALLED_OFF: tuple[Rule, ...] = tuple(
    Rule(compiled(pattern), FactKind.EVENT, 3, "", "{v}", is_over=True)
    for pattern in (
        r"(?:the|my) (?P<v>[\w' -]{2,40}?) (?:is|are|was|were|got|has been|have been) (?:off"
        r"|cancel+ed"
        r"|called off|not happening|over)\b.*",
        r"(?!(?:it|he|she|that|this|what|something|the|my|i|we|they|you|there|who|everything)\b)"
        r"(?P<v>[\w' -]{3,30}?) (?:is|are|was|has been|got) (?:off|cancel+ed|called off)"
        r"(?: btw| by the way| now| again| too| as well)?$",
        r"{IHAVE} (?:had to )?(?:cancel+ed|cancel|called off|call off) (?:the|my) (?P<v>[\w'"
        r" -]{2,40}?)"
        r"(?=$|,| (?:because|to|for|since|and)\b)",
    )
)
LEFT_HOME: tuple[Rule, ...] = tuple(
    Rule(compiled(pattern), FactKind.PLACE, 3, "home", "{v}", ("dwelling",), is_over=True)
    for pattern in (
        r"{IHAVE} (?:moved out of|moved away from|left) (?P<v>{NAME})(?=$|,| (?:for|last|this|in|a"
        r"|two|three|and|because|after|when|behind|forever)\b)",
    )
)
GAVE_UP: Rule = Rule(
    compiled(
        r"{IHAVE} (?:quit|stopped|given up|gave up|am done with|no longer|cancel+ed|dropped|sold)"
        r"(?: on| doing| playing| going to| taking| learning| my| the| with)* (?P<v>[\w' -]{3,40}?)"
        r"(?=$|,|;| (?:because|since|last|this|a|two|for|when|after|and|as)\b)"
    ),
    FactKind.PREFERENCE, 3, "", "{v}", is_over=True,
)  # fmt: skip
