"""Work and places: jobs, employers, studies, homes, moves."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
from adapters.local.fact_rules.rule import Rule, compiled, rules
from domain.memory.facts import FactKind

_PROFESSION = (
    r"(?:accountant|actor|actress|actuary|analyst|animator|apprentice|archaeologist|architect"
    r"|archivist|artist|astronomer|astronaut|athlete|attorney|au pair|author|baker|ballerina|banker"
    r"|barber|barista|barrister|bartender|beekeeper|biologist|blacksmith|blogger|botanist|boxer"
    r"|bricklayer|broker|builder|bus driver|butcher|buyer|captain|caregiver|carer|caretaker"
    r"|carpenter|cartoonist|cashier|cellist|ceo|cfo|cto|chef|chemist|choreographer|cleaner|clerk"
    r"|clown|coach|cobbler|coder|comedian|composer|conductor|consultant|contractor|cook|counsell?or"
    r"|courier|curator|dancer|data scientist|dentist|designer|detective|developer|dietitian"
    r"|director|diver|dj|doctor|doula|driver|ecologist|economist|editor|electrician|engineer"
    r"|entrepreneur|estate agent|farmer|film ?maker|firefighter|fireman|fisherman|flight attendant"
    r"|florist|freelancer|gardener|geologist|glazier|goldsmith|guard|guide|hairdresser|handyman"
    r"|historian|homemaker|housewife|illustrator|influencer|inspector|instructor|interpreter"
    r"|investor|janitor|jeweller|jeweler|joiner|journalist|judge|landscaper|lawyer|lecturer"
    r"|librarian|lifeguard|linguist|locksmith|logistician|machinist|magician|mail ?man|manager"
    r"|marine|mason|masseuse|massage therapist|mathematician|mechanic|meteorologist|midwife|miner"
    r"|model|musician|nanny|nurse|nutritionist|oceanographer|officer|optician|optometrist|painter"
    r"|paralegal|paramedic|pastor|pathologist|pediatrician|paediatrician|pharmacist|photographer"
    r"|physician|physicist|physiotherapist|pianist|pilot|plumber|poet|policeman|policewoman"
    r"|police officer|politician|postman|potter|priest|principal|producer|professor|programmer"
    r"|psychiatrist|psychologist|publisher|rabbi|radiologist|ranger|realtor|receptionist|recruiter"
    r"|referee|reporter|researcher|roofer|sailor|salesman|salesperson|saleswoman|scientist"
    r"|screenwriter|sculptor|seamstress|secretary|server|singer|sociologist|soldier|sommelier"
    r"|songwriter|stay-at-home \w+|statistician|stylist|surgeon|surveyor|tailor|tattooist"
    r"|tattoo artist|taxi driver|teacher|technician|therapist|tiler|trader|trainer|translator"
    r"|truck driver|truck(?:er)|tutor|undertaker|vet|veterinarian|veterinary \w+|violinist|waiter"
    r"|waitress|watchmaker|weaver|web designer|welder|writer|zookeeper|zoologist"
    r"|(?:\w+ )?(?:assistant|specialist|administrator|coordinator|supervisor|representative|agent"
    r"|operator|worker|player|owner|therapist|officer|maker|smith|keeper|ologist|\w{3,}ologist))"
)
_DWELLING = (
    r"(?:flat|apartment|house|houseboat|boat|cabin|cottage|studio|loft|farm|farmhouse|van|caravan"
    r"|trailer|dorm|castle|bungalow|mansion|basement|penthouse|townhouse|tiny house|villa|shed)"
)
_SCHOOL = r"(?:university|college|school|high school|uni|grad school|law school|med school|academy)"
_FREE = (
    r"(?:self[- ]employed|a freelancer|freelance|freelancing|unemployed|retired|between jobs"
    r"|out of work|on (?:maternity|paternity|parental) leave|on disability|jobless)"
)

JOB, EMPLOYER = "job", "employer"
HOME, DWELLING = "home", "dwelling"


def _ending(pattern: str, importance: int, *ends: str, topic: str = "", value: str = "") -> Rule:
    return Rule(compiled(pattern), FactKind.WORK, importance, topic, value, ends)


WORK: tuple[Rule, ...] = (
    _ending(
        r"{IHAVE} (?:got|found|landed|accepted|took|started|begun|began|taken on|been offered|have)"
        r" (?:a|my|the|this)? ?(?:brand )?(?:new )?(?:\w+ )?(?:job|position|role|internship|gig"
        r"|apprenticeship|work) (?:as )(?P<v>.{2,50})",
        4, EMPLOYER, topic=JOB, value="{v}",
    ),
    _ending(
        r"{IHAVE} (?:got|found|landed|accepted|took|started|begun|began|taken on|been offered|have)"
        r" (?:a|my|the|this)? ?(?:brand )?(?:new )?(?:\w+ )?(?:job|position|role|post|gig"
        r"|work) (?:at|with|for|in) {V}",
        4, JOB, topic=EMPLOYER, value="{v}",
    ),
    _ending(
        r"{IHAVE} (?:got|found|landed|accepted|started|begun|began) (?:a|my) (?:brand )?new"
        r" (?:job|position|role)\b",
        4, JOB, topic=EMPLOYER,
    ),
    _ending(r"{IHAVE} (?:started|begun|began) (?:working|to work)(?: \w+)? as {V}", 4, EMPLOYER,
            topic=JOB, value="{v}"),
    _ending(r"{IHAVE} (?:started|begun|began) (?:working|to work)(?: \w+)? (?:at|for|with) {V}", 4,
            JOB, topic=EMPLOYER, value="{v}"),
    _ending(r"i (?:will be|will start|am starting|will work|will be working)(?: work)? (?:at"
            r"|with|for)"
            r" (?:the )?(?P<v>{NAME}|[\w' -]{3,40}?)(?=$|,| (?:as|from|in|on|next"
            r"|starting)\b).*", 4, JOB,
            topic=EMPLOYER, value="{v}"),
    _ending(r"{IHAVE} joined (?P<v>{NAME})(?! (?:\w+ )?(?:gym|club|choir|team|band))", 4, JOB,
            topic=EMPLOYER, value="{v}"),
    _ending(r"{IHAVE} joined (?:an?|the) (?P<v>.{2,40})", 3, topic="club:{v}"),
    _ending(r"{IHAVE} ?(?:was|were|been|got|am)? ?promoted(?: to {V})?", 4, topic=JOB, value="{v}"),
    _ending(r"{IHAVE} (?:became|become) (?:an?|the) (?P<v>.{0,30}?" + _PROFESSION + r")\b", 4,
            topic=JOB, value="{v}"),
    _ending(r"{IHAVE} (?:switched|changed|moved) (?:careers?|jobs?)\b.*", 4, JOB, EMPLOYER),
    _ending(r"{IHAVE} retired(?: |$)", 4, EMPLOYER, topic=JOB),
    _ending(rf"{{IAM}} (?P<v>{_FREE})(?=$|,| )", 4, EMPLOYER, topic=JOB, value="{v}"),
    *rules(
        FactKind.WORK,
        [
            (r"{I} (?:work|worked|am working|are working|have worked|have been working)"
             r"(?: part[- ]time| full[- ]time| remotely| mostly| nights)? as {V}", 4, JOB, "{v}"),
            (rf"{{I}} (?:am|are)(?: currently| now| actually)? (?:an?|the) (?P<v>(?:[\w-]+"
             rf" ){{0,4}}?"
             rf"{_PROFESSION})(?=$|,|;| (?:at|in|for|by|with|and|from|who|on|of|now|here|to|but))",
             4, JOB, "{v}"),
            (r"my (?:job|profession|occupation|work|day job|trade|career|job title) is"
             r"(?: being| as| to be)? (?!(?:so|very|really|too|hard|boring|stressful|killing|great"
             r"|good|fine|bad|awful|tiring|going|ok)\b)(?P<v>(?:an? )?.{2,50})", 4, JOB, "{v}"),
            (r"{I} (?P<v>.{2,40}) for a living", 4, JOB, "{v}"),
            (r"{I} (?:make|earn) (?:a|my|our) living (?:as|by|from|with) (?P<v>.{2,40})", 4, JOB,
             "{v}"),
            (r"{I} teach (?P<v>.{2,40})", 4, "teaching"),
            (r"{I} (?:run|own|manage|have|founded|opened|started) (?:an?|my|our|the) (?:own )?"
             r"(?P<v>(?:[\w-]+ ){0,3}(?:business|company|shop|store|bakery|caf[eé]|restaurant"
             r"|bar|pub"
             r"|salon|studio|startup|start-up|agency|practice|firm|bookshop|bookstore|farm|hotel"
             r"|hostel|gallery|gym|clinic|vineyard|brewery|garage|workshop|school))\b", 4,
             "business:{v}", "{v}"),
            (r"{I} (?:work|am working|are working|worked|have been working) (?:from home|remotely"
             r"|nights?|night shifts?|weekends|shifts|part[- ]time|full[- ]time|four days"
             r"|\w+ (?:hours|days) a week)", 3, "working hours"),
            (r"{I} (?:work|am working|are working|have been working|am employed|have worked)"
             r"(?: part[- ]time| full[- ]time| remotely)? (?:at|for|with|by|over at) (?!(?:the"
             r" moment|home|night|least|peace|now|a while|hours|free|myself|it)\b){V}", 4, EMPLOYER,
             "{v}"),
            (r"{I} work (?:in|on|within) (?!(?:progress|it|this|that|peace|silence|the (?:morning"
             r"|evening|afternoon|garden))\b)(?P<v>(?:an? |the )?.{2,40}?)(?=$|,|;| (?:and|but|for"
             r"|at|with|since)\b)", 3, "field", "{v}"),
            (r"my (?:employer|company|firm|workplace|office) is (?:called |in |at )?{V}", 3,
             EMPLOYER, "{v}"),
            (r"{I} (?:study|am studying|are studying|studied|major in|am majoring in|majored in)"
             r"(?! (?:for|at|hard|a lot|now|tonight|all))\b (?P<v>.{2,50}?)(?=$|,|;| (?:at|in|and"
             r"|but|because|since)\b)", 4, "studies", "{v}"),
            (r"{I} (?:am|are) (?:doing|finishing|starting|writing|pursuing|working on|getting)"
             r" (?:an?|my|our) (?P<v>(?:\w+ )?(?:phd|doctorate|master'?s?|mba|bachelor'?s?|degree"
             r"|thesis|dissertation)\b.{0,40})", 4, "studies",
             "{v}"),
            (r"{I} (?:am|are) (?:doing|finishing|starting|pursuing|getting) (?:an?|my|our)"
             r" (?P<v>(?:\w+ )?(?:apprenticeship|internship|residency)\b.{0,60})", 4, "internship",
             "{v}"),
            (r"{I} (?:am|are) (?:an?|the) (?P<v>(?:[\w-]+ ){0,3}(?:student|undergrad(?:uate)?"
             r"|freshman|sophomore|junior|senior|intern|trainee|postdoc))\b", 4, "studies", "{v}"),
            (r"{I} (?:(?:am|are)(?: in)? )?(?:my |the )?(?P<v>(?:(?:first|second|third|fourth|final"
             r"|last) )?year(?: of| at| in| student).{2,60})", 4, "studies", "{v}"),
            (rf"{{I}} (?:go to|attend|study at|am at|am studying at|am in) (?P<v>(?:[\w'.-]+"
             rf" ){{0,4}}"
             rf"{_SCHOOL}\b(?: of [A-Z]\w+)?)", 4, "school", "{v}"),
            (r"{I} (?:am|are) in (?P<v>(?:my )?(?:\w+ ){0,2}(?:grade|year of \w+|semester|year at"
             r" \w+))", 3, "school year", "{v}"),
            (r"{IHAVE} (?:graduated|got my degree|finished (?:school|university|college|my"
             r" degree|my"
             r" phd|my thesis)|passed the bar)\b.*", 4),
            (r"{IHAVE} (?:a|an|my) (?P<v>(?:phd|doctorate|master'?s?|mba|bachelor'?s?|degree"
             r"|diploma|licen[cs]e)\b.{0,40})", 3),
            (r"{I} (?:volunteer|am volunteering|volunteered) (?:at|for|with|as|in) (?P<v>.{2,40})",
             3, "volunteering", "{v}"),
            (r"my (?:shift|salary|commute|office|desk|company|business|thesis"
             r"|degree|major|school|university)\b (?!(?:is|was) (?:so|being|such|really|very"
             r"|driving"
             r"|killing))(?:is|are|has|have|starts?|ends?|takes|makes?|consists?) .{3,}", 2),
        ],
    ),
)  # fmt: skip

PLACES: tuple[Rule, ...] = (
    *(
        Rule(compiled(pattern), FactKind.PLACE, 4, HOME, "{v}", (DWELLING,))
        for pattern in (
            r"{IHAVE}(?: been)? (?:moved|relocated|emigrated|immigrated|settled|transferred)"
            r"(?: (?:back|home|over|out|away|house|houses|down|with|here|in))*(?: from [^,]+?)?"
            r" (?:to|in|into) (?!(?:with|a|an|the|my|our|bed|another|new)\b){V}",
            r"{IHAVE}(?: been)? (?:moved|relocated|emigrated|settled)(?: (?:back|over|out|away"
            r"|here|"
            r"down))* (?:to|in) (?P<v>(?:a|the|another) (?:[\w-]+ )*(?:in|near|outside|called|of)"
            r" {NAME})",
        )
    ),
    *rules(
        FactKind.PLACE,
        [
            (r"{IHAVE} moved (?:in|into|to) (?!with)(?P<v>(?:an?|my|our|the) .{2,40})", 3,
             DWELLING, "{v}"),
            (r"{IHAVE} moved in (?P<v>with .{2,40})", 3, "household", "{v}"),
            (r"{I} (?:live|am living|are living|have lived|have been living|lived|reside)"
             r" (?P<v>alone|by myself|on my own|with (?:my|a|an|two|three|four|some|\d) .{2,40}"
             r"|with {NAME})(?=$|,|;| (?:in|and|but|now)\b)(?! in {NAME})", 3, "household", "{v}"),
            (r"{I} (?:live|am living|are living|have lived|have been living|reside) "
             rf"(?:in|on) (?P<v>(?:an?|the|my|our) (?:[\w-]+ ){{0,3}}{_DWELLING})"
             r"(?=$|,|;| (?:with|and|but|that|which)\b)", 3, DWELLING, "{v}"),
            (r"{I} (?:live|am living|are living|have lived|have been living|reside|am based"
             r"|are based|am located|are located|am staying|am residing|have settled|settled)"
             r"(?: (?:alone|together|here|with [\w ]{2,20}|out|down|over|up|right))*"
             r" (?:in|at|on|near|outside|by|close to|next to|around|just outside|not far from)"
             r"(?: (?:an? |the |my |our )?(?:[\w-]+ ){0,3}?(?:in|near|outside|called|of|by)"
             r"(?= (?-i:[A-Z])))? (?!(?:this|that|it|the \w+ floor|fear|the moment|peace|my head"
             r"|a dream|hope|a fantasy)\b){V}",
             4, HOME, "{v}"),
            (r"(?:based|residing|located) (?:in|out of) (?!(?:fact|part|truth)\b){V}", 4, HOME,
             "{v}"),
            (r"my (?:home|house|flat|apartment|place|farm|cottage) is (?:now )?(?:in|at|on|near|by"
             r"|outside|close to) {V}", 4, HOME, "{v}"),
            (r"(?:my )?home (?:is|for me is|for us is)(?: now)?(?: in)? (?P<v>{NAME})", 4, HOME,
             "{v}"),
            (r"{I} call (?P<v>{NAME}) (?:my )?home", 4, HOME, "{v}"),
            (r"my (?:new |current )?address is (?P<v>.{4,80})", 3, "address"),
            (r"{I} (?:used to live|lived|grew up|spent .{3,30}) (?:in|at|on|near) {V}", 2),
            (r"{IHAVE} (?:bought|sold|rented|built|inherited) (?:an?|my|our|the) (?:\w+ ){0,3}"
             r"(?:house|flat|apartment|home|cabin|cottage|farm|land)\b.*", 4),
        ],
    ),
)  # fmt: skip
