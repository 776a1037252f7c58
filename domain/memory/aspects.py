"""What in a life has one value at a time: how a text speaks of it, and how news of it sounds."""

import re

from attrs import frozen


@frozen
class Aspect:
    """``told`` is how a text speaks of it, ``news`` how one says that it has changed."""

    topics: frozenset[str]
    told: re.Pattern[str]
    news: re.Pattern[str]
    is_of_one_thing: bool = False
    """The two have to name the same thing besides: a fear, an allergy."""
    is_mutual: bool = False
    """What is told of oneself and another changes by either of the two."""


def aspect_of(
    topics: str, told: str, news: str, *, is_of_one_thing: bool = False, is_mutual: bool = False
) -> Aspect:
    """An aspect by its topics, and by patterns over lower case."""
    return Aspect(
        frozenset(topic.replace("_", " ") for topic in topics.split()),
        re.compile(told),
        re.compile(news),
        is_of_one_thing,
        is_mutual,
    )


_WORKS = (
    r"(?:work|works|working|drive|drives|teach|teaches|nurse|cook|cooks|draw|draws|sell|sells"
    r"|runs?(?= (?:an?|the|my|our)\b)"
    r"|keep shop|clean|cleans|serve|manage|manages|volunteer)"
)
OF_A_LIFE = (
    aspect_of(
        "home dwelling address",
        r"\b(?:live|lives|living|am based|is based|are based)\b (?:\w+ ){0,2}?(?:in|at|near"
        r"|on (?!this|that|it\b)|above|by"
        r"|over|with|outside|here|still)\b|\bfrom here\b|\blive \w+$"
        r"|\bhome(?:'s| is) \w|\b(?:i|we) (?:rent|share|own) (?:an?|the|with|our)\b"
        r"|\b(?:my|our) (?:\w+ )?(?:flat|house|apartment|room|place|cottage) (?:is|has)\b"
        r"|^home is\b|\b(?:my|our) (?:address|street|road)\b|\bmove to \w+ (?:last|in|years)\b"
        r"|\bliving together\b"
        r"|\b(?:an?|the|that|'s|is) \w+ (?:up|over|out|down) (?:in|at|near) \w|\bhere is \w",
        r"\b(?:moved|relocated|moving|move) (?!(?:on|over|in|to) (?:to )?(?:the (?:other|window"
        r"|front"
        r"|back|top|next|side|sofa|couch|bed|table|corner)|dessert|tears|bed|another (?:topic"
        r"|subject)))(?:(?:back|over|out|away|down|up|house|again|here|now) "
        r"|(?:the|my|his|her|our) (?:\w+ )?(?:girls|boys|kids|children|family|lot) )*(?:to|into"
        r"|back"
        r"|in (?!with)|house\b|away from|out of)\b"
        r"|\b(?:got|found|bought|rented|signed for|taken|took) (?:us |me |ourselves "
        r"|myself )?(?:an?|the|our)"
        r" (?:\w+ ){0,2}(?:place|flat|house|apartment|cottage|room|bungalow) (?:\w+ )?(?:in|up|by"
        r"|near"
        r"|on|at|out|down)\b|\b(?:sold|selling|sell|given up|gave up|leaving|left) (?:the|our|my)"
        r" (?:\w+ )?(?:house|flat|apartment|home|place|cottage)\b"
        r"|\b(?:got|have) (?:the|our|my) keys (?:to|for|of)\b|\bback (?:in )?with (?:my|his|her"
        r"|the) (?:parents|mum|mom|mother|dad|father|folks)\b|\b(?:swapped|traded|left|leave"
        r"|given up) (?:the|my|our) (?:\w+ )?(?:flat|house|apartment|room|place|cottage)\b"
        r"|\b(?:live|lives|living) .{2,40}\b(?:now|these days)\b|\bnow (?:live|living|lives)\b"
        r"|(?:'s|'ve|has|have|just|finally|we|i) moved(?=$| (?:on (?!to)|last|yesterday|out\b|in"
        r" with"
        r"|in together|this|in (?:january|february|march|april|may|june|july|august|september"
        r"|october|november|december)))|\bupped sticks\b|\brelocated\b|\bgot transferred to\b"
        r"|\bsigned (?:the|a|our) (?:new )?lease\b|\b(?:the|our) (?:big )?move (?:is|went|was)"
        r" (?!on"
        r"|in|next)|\bnew address\b|\b(?:in|into|to|love|like) (?:the|our|my|his|her) new"
        r" (?:place|flat"
        r"|house|apartment|home|room|studio|cottage|bungalow)\b|\bput (?:me|him|her) in(?:to)?"
        r" (?:an?"
        r"|the) (?:home|hospice|sheltered|care)|\b(?:gone|went|moved|going) back to \w+ (?:to"
        r" live|for"
        r" good|in the end)|\bwent back to [a-z]+$|\bleft \w+ (?:for good|in the end|behind for"
        r" good)"
        r"|\bleft [a-z]+ for [a-z]+$|\b(?:evicted|kicked (?:me|us) out)\b|\bmoved in with\b"
        r"|\b(?:'s|is|'re|are|'m|am|im|hes|shes) in an? home\b|\bcare home now\b"
        r"|\bfound an? (?:one|two|three)[ -]bed(?:room)?\b|\bhome (?:is|'s) \w+ now\b"
        r"|\b(?:'re|are|'m|am|im) (?:back )?in [a-z]+ now\b|\b(?:'re|are) \w+(?:ians|ites) now\b",
    ),
    aspect_of(
        "job employer field business working_hours",
        rf"\b(?:i|we|he|she)(?:'?m| am|'s| is)? (?:currently |still |mostly |now )?{_WORKS}\b"
        r"|\b(?:i|he|she)(?:'?m| am|'s| is|'?ve been| have been| been) (?:an?|the|with"
        r"|at) (?!home\b|(?:[\w-]+ )?(?:idiot|mess|one"
        r"|fan|person|mum|mom|mother|father|dad|vegan|vegetarian|fool|genius|disaster|wreck|joke"
        r"|man|woman|girl|boy|catholic|muslim|christian|believer|widow\w*|twin|alto|tenor|soprano"
        r"|child|bit|lot|liar|coward|baby|bird|owl|oldest|youngest|best|worst|first|last|only)\b)"
        r"|\bmy (?:job|work|boss|shifts?)\b"
        r"|(?:\bis|'s) an? (?:[\w-]+ )?(?:\w+(?:er|or|ist|ian|ant|man|woman)|nurse|chef|cook|judge"
        r"|pilot|vet|clerk|deputy|student|doctor)\b"
        r"|\b(?:i'm|im|i am) (?:an? |the )?\w+ at\b|\b(?:on|do|doing|work) (?:the )?(?:nights|days"
        r")\b"
        r"|\b(?:do|doing) (?:\w+ )?shifts\b|\b(?:i'm|im|i am) with the\b|\bwork at\b|\bcut hair\b"
        r"|\b(?:own|run) an? (?:[\w-]+ ){0,3}?(?:shop|salon|café|cafe|restaurant|bar|business"
        r"|bakery)\b"
        r"|\b(?:on|in) year \w+$|\bfor (?:the|an?) (?:\w+ )?(?:agency|firm|company|council|bank)\b",
        r"\b(?:new|got (?:me |myself )?an?|found an?|landed an?|took an?|accepted the"
        r"|offered (?:me|him"
        r"|her) the|taken an?) (?:\w+ ){0,2}(?:job|post|position|role)\b|\b(?:start|starting"
        r"|started"
        r"|began)(?: work| working)? (?:at|as|with)\b|\b(?:got|been|was) (?:promoted|hired|fired"
        r"|sacked"
        r"|made redundant|laid off|appointed)\b|\bretired\b|\bhanded in my notice\b"
        r"|\b(?:quit|left|lost|leaving) (?:my|the|his|her) (?:\w+ )?(?:job|company|firm|practice"
        r"|school)\b"
        r"|\b(?:turned|handed|gave|given|hand|put) in (?:my|his|her) (?:\w+ )?(?:badge|notice|keys"
        r"|uniform|gun|resignation)\b|\b(?:start|starts|starting|started) (?:on|in) the"
        r" (?!new year|morning)"
        r"|\b(?:quit|left) (?:the )?(?:bank|shop|firm|company|army|navy|police|factory|office"
        r"|hospital|school|kitchen|paper|force|mill|post office|call centre)\b|\bon the dole\b"
        r"|\b(?:i'm|im|i am|he's|hes|she's|shes) (?:working )?(?:at|with"
        r"|for) (?!home|my|his|her|a loss)"
        r"(?:[\w']+ ){1,4}now\b|\bwork (?:days|nights) now\b|\boff nights\b"
        r"|\bmade (?:me|him|her) (?:the |an? )?(?:head|manager|director|partner|chief|captain"
        r"|senior)\b"
        r"|\boffered (?:me|him|her) to be\b|\b(?:works?|working) (?:at|as|for|in) .{2,40} now\b"
        r"|\bnow (?:works?|working) (?:at|as|for|in)\b|\bno longer (?:work|with|at the)\b"
        r"|\bnow (?:i'm|im|i am|he's|she's) (?:an?|the)\b|\b(?:got|get|given) the (?:sack|boot"
        r"|chop)\b"
        r"|\b(?:been|got|was|were) (?:let go|transferred|demoted|axed|made redundant|promoted)\b"
        r"|(?<!\bi )(?:'s|has|have|just|was) been promoted\b|\bpromoted to\b|\bgone (?:freelance"
        r"|self-employed|part-time|full-time|private)\b|\bself-employed now\b|\b(?:set up|started"
        r" up"
        r"|out) on (?:my|his|her) own\b|\b(?:opened|started|opening|founded|set up) (?:up"
        r" )?(?:an?|my|our"
        r"|his|her) (?:own )?(?:\w+ )?(?:shop|salon|café|cafe|restaurant|bar|business|practice"
        r"|company"
        r"|firm|bakery|studio|agency|clinic|garage)\b|(?<!\ba )\bretire(?:d|ment)\b(?! (?:\w+er"
        r"|\w+or|teacher|nurse)\b)|\blost (?:my|his|her) job\b"
        r"|\b(?:quit|resigned)(?=$| (?:on|last|today|yesterday|this|from|for good))|\b(?:did not"
        r"|didn't|didnt|won't|not) renew\b|\bcontract (?:ended|ran out|is up|wasn't|was not|is over"
        r"|expired)\b|\bunemployed\b|\bjobless\b|\bout of (?:work|a job)\b|\bbetween jobs\b"
        r"|\b(?:close|closed|shut|closing) (?:down )?(?:the|my|our) (?:\w+ )?(?:shop|business"
        r"|café|cafe"
        r"|restaurant|bar|practice|company|firm|salon|bakery|studio)\b|\bput in (?:my|his|her)"
        r" notice\b"
        r"|\bgave (?:my |in my )?notice\b|\bleaving the (?:ward|bank|firm|company|office|force"
        r"|hospital|school|shop|factory|army|job|practice|lab|team)\b|\b(?:quit|left) (?:the \w+"
        r" (?:service|force|department|office|company)|teaching|nursing|school and started)\b"
        r"|\bstarted an apprenticeship\b|\bpassed the bar\b|\bqualified as\b|\boff the road\b"
        r"|\blast day (?:at|of) (?:work|the|my)|\b(?:i'm|im|i am|he's|she's) an? (?:\w+"
        r" ){0,2}?\w+(?:er|or"
        r"|ist|ian|ant|man|woman) now\b|\b(?:i'm|im|i am|he's|she's) an? (?:\w+ )?(?:nurse|chef"
        r"|cook"
        r"|judge|pilot|vet|doctor|lawyer) now\b|\b(?:from|off) (?:nights|days) to\b|\bdays? a week"
        r" now\b|\bdone with the (?:ward|bank|firm|company|office|police|army|kitchen|factory)\b",
    ),
    aspect_of(
        "studies school school_year",
        r"\b(?:study|studying|studies|uni|university|college|degree|major|majoring|thesis|year at"
        r"|in year \w+|reading (?:law|history|medicine|english|maths|physics|chemistry|biology"
        r"|economics|classics|politics|philosophy|engineering|nursing|psychology|french|german)"
        r"|doing an?"
        r" \w+ degree|first year|second year|third year|\w+ eng)\b",
        r"\b(?:switched|transferred|changed|changing|moved) (?:\w+ ){0,2}?(?:to|course|degree"
        r"|subject"
        r"|uni\w*|school|college|major)\b|\b(?:dropped out|graduated|finished (?:uni|university"
        r"|school"
        r"|college|my degree))\b|\bstud(?:ying|ies|y) .{2,40}\bnow\b|\bnow (?:study|studying)\b"
        r"|\btransferred to\b|\b(?:handed|turned) in (?:my|his|her) (?:thesis|dissertation)\b"
        r"|\bgot (?:my"
        r"|his|her) degree\b|\bleft (?:school|uni|university|college)\b|\b(?:changed|switched"
        r"|swapped)"
        r" (?:my major )?to (?:law|history|medicine|english|maths|physics|chemistry|biology"
        r"|economics"
        r"|classics|politics|philosophy|engineering|nursing|psychology|french|german|art)\b"
        r"|\bchanged (?:my|his|her) (?:major|degree|course)\b|\bdoing \w+ instead\b",
    ),
    aspect_of(
        "partner marriage dating",
        r"\b(?:boyfriend|girlfriend|husband|wife|fianc[ée]+|partner|gf|bf|seeing|dating"
        r"|together with|going out with|(?:am|i'm|im|is|he's|she's|being) single"
        r"|engaged|in love with|(?:getting|am|i'm|im|is|are) married|(?:the|our) wedding|separated"
        r"|(?:been|'m|am|be) with (?!the\b|my\b|a\b|it\b)\w+|living together|boyfriends?|on a"
        r" date)\b",
        r"\b(?:broke up|broken up|split up|separated|(?:(?:i|we|me|us) are|we're|it's|it is)"
        r" (?:all |both )?(?:over|done"
        r"|finished)(?= with|$| between)"
        r"|divorc(?:ed|ing)|left me|called it off|no longer (?:together|seeing|dating)"
        r"|single (?:again"
        r"|now)|dumped|gave (?:me )?(?:back )?the ring|(?:me (?:and|n|&) \w+"
        r"|and (?:i|me)) (?:are|r) (?:done"
        r"|over|finished|no more|history)|(?:seeing|with|dating|met) (?:somebody|someone) new"
        r"|got (?:married|hitched|engaged)|the divorce|called it (?:a day|quits)|walked out on me"
        r"|dumped me|left (?:me|him|her)|(?:did not|didn't|didnt) (?:work out|last) (?:with"
        r"|between)"
        r"|(?:i'm|im|i am|he's|she's) single|we're engaged|we are engaged|proposed|tied the knot"
        r"|(?:engagement|wedding|marriage) is (?:off|over)|another go|back together|made up"
        r"|(?:not|aren't|isn't) (?:with|seeing|dating|together)(?: \w+)? any ?more|ended (?:it"
        r"|things)"
        r"|broke (?:it|things) off|split up|have split|got divorced|is history|kicked (?:him|her)"
        r" out"
        r"|over between)\b",
    ),
    aspect_of(
        "nickname",
        r"\b(?:call|calls|calling) me\b(?! (?:back|later|if|when|every|at|on))|\bknown as\b"
        r"|\bgo by (?!b|c|t|foot|plane|myself)",
        r"\b(?:call me|calling me|address me as|name is now|go by)\b",
    ),
    aspect_of(
        "age",
        r"\b(?:years? old|years of age|(?:i'm|im|i am|he's|hes|she's|is) (?:\d{1,2}|one|two|three"
        r"|four"
        r"|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh"
        r"|nine)ty(?:-\w+)?)(?=$|[.,!]| (?:and|now|years|today|but))|turning \w+)",
        r"\b(?:turned|i'm|im|i am|he's|hes|she's|is|just) (?:now )?\d{1,2} (?:now|today"
        r"|years old)\b"
        r"|\bturned (?:\d|one\b|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen"
        r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)",
    ),
    aspect_of(
        "diet", r"\b(?:vegan|vegetarian|veggie|eat (?:no )?(?:meat|fish)|don't eat)\b",
        r"\b(?:eat(?:ing)? (?:meat|chicken|bacon) again|started eating meat|no longer (?:vegan"
        r"|vegetarian)"
        r"|(?:gone|went|turned|became|become|am|i'm|im) (?:a )?(?:vegan|veggie|vegetarian"
        r"|pescatarian)"
        r"|(?:not|stopped being|done being) (?:a )?(?:vegan|veggie|vegetarian)|(?:back on|back to"
        r"|eat"
        r"|eating|started eating) (?:meat|chicken|animals|beef|bacon)(?: again)?)\b",
    ),
)  # fmt: skip
