"""What somebody does for a living, and what they study."""

from domain.memory.change.aspects.aspect import aspect_of

_WORKS = (
    r"(?:work|works|working|drive|drives|teach|teaches|nurse|cook|cooks|draw|draws|sell|sells"
    r"|runs?(?= (?:an?|the|my|our)\b)|keep shop|clean|cleans|serve|manage|manages|volunteer)"
)
WORK = (
    aspect_of(
        "job employer field business working_hours",
        rf"\b(?:i|we|he|she)(?:'?m| am|'s| is)? (?:currently |still |mostly |now )?{_WORKS}\b"
        r"|\b(?:i|he|she)(?:'?m| am|'s| is|'?ve been| have been| been) (?:an?|the|with"
        r"|at) (?!home\b|(?:[\w-]+ )?(?:idiot|mess|one|fan|person|mum|mom|mother|father|dad|vegan"
        r"|vegetarian|fool|genius|disaster|wreck|joke|man|woman|girl|boy|catholic|muslim"
        r"|christian|believer|widow\w*|twin|alto|tenor|soprano|child|bit|lot|liar|coward|baby"
        r"|bird|owl|oldest|youngest|best|worst|first|last|only)\b)"
        r"|\bmy (?:job|work|boss|shifts?)\b"
        r"|(?:\bis|'s) an? (?:[\w-]+ )?(?:\w+(?:er|or|ist|ian|ant|man|woman)|nurse|chef|cook"
        r"|judge|pilot|vet|clerk|deputy|student|doctor)\b"
        r"|\b(?:i'm|im|i am) (?:an? |the )?\w+ at\b"
        r"|\b(?:on|do|doing|work) (?:the )?(?:nights|days)\b|\b(?:do|doing) (?:\w+ )?shifts\b"
        r"|\b(?:i'm|im|i am) with the\b|\bwork at\b|\bcut hair\b"
        r"|\b(?:own|run) an? (?:[\w-]+ ){0,3}?(?:shop|salon|café|cafe|restaurant|bar|business"
        r"|bakery)\b|\b(?:on|in) year \w+$"
        r"|\bfor (?:the|an?) (?:\w+ )?(?:agency|firm|company|council|bank)\b",
        r"\b(?:new|got (?:me |myself )?an?|found an?|landed an?|took an?|accepted the"
        r"|offered (?:me|him|her) the|taken an?) (?:\w+ ){0,2}(?:job|post|position|role)\b"
        r"|\b(?:start|starting|started|began)(?: work| working)? (?:at|as|with)\b"
        r"|\b(?:got|been|was) (?:promoted|hired|fired|sacked|made redundant|laid off|appointed)\b"
        r"|\b(?:quit|left|lost|leaving) (?:my|the|his|her) (?:\w+ )?(?:job|company"
        r"|firm|practice|school)\b|\b(?:turned|handed|gave|given|hand|put) in (?:my|his"
        r"|her) (?:\w+ )?(?:badge|notice|keys|uniform|gun|resignation)\b"
        r"|\b(?:start|starts|starting|started) (?:on|in) the (?!new year|morning)|\b(?:quit"
        r"|left) (?:the )?(?:bank|shop|firm|company|army|navy|police|factory|office|hospital"
        r"|school|kitchen|paper|force|mill|post office|call centre)\b|\bon the dole\b|\b(?:i'm|im"
        r"|i am|he's|hes|she's|shes) (?:working )?(?:at|with|for) (?!home|my|his|her"
        r"|a loss)(?:[\w']+ ){1,4}now\b|\bwork (?:days|nights) now\b|\boff nights\b|\bmade (?:me"
        r"|him|her) (?:the |an? )?(?:head|manager|director|partner|chief|captain|senior)\b"
        r"|\boffered (?:me|him|her) to be\b|\b(?:works?|working) (?:at|as|for|in) .{2,40} now\b"
        r"|\bnow (?:works?|working) (?:at|as|for|in)\b|\bno longer (?:work|with|at the)\b"
        r"|\bnow (?:i'm|im|i am|he's|she's) (?:an?|the)\b"
        r"|\b(?:got|get|given) the (?:sack|boot|chop)\b"
        r"|\b(?:been|got|was|were) (?:let go|transferred|demoted|axed|made redundant|promoted)\b"
        r"|\bpromoted to\b|\bgone (?:freelance|self-employed|part-time|full-time|private)\b"
        r"|\bself-employed now\b|\b(?:set up|started up|out) on (?:my|his|her) own\b|\b(?:opened"
        r"|started|opening|founded|set up) (?:up )?(?:an?|my|our|his"
        r"|her) (?:own )?(?:\w+ )?(?:shop|salon|café|cafe|restaurant|bar|business|practice|company"
        r"|firm|bakery|studio|agency|clinic|garage)\b"
        r"|(?<!\ba )\bretire(?:d|ment)\b(?! (?:\w+er|\w+or|teacher|nurse)\b)"
        r"|\b(?:quit|resigned)(?=$| (?:on|last|today|yesterday|this|from|for good))"
        r"|\b(?:did not|didn't|didnt|won't|not) renew\b"
        r"|\bcontract (?:ended|ran out|is up|wasn't|was not|is over|expired)\b|\bunemployed\b"
        r"|\bjobless\b|\bout of (?:work|a job)\b|\bbetween jobs\b|\b(?:close|closed|shut"
        r"|closing) (?:down )?(?:the|my|our) (?:\w+ )?(?:shop|business|café|cafe|restaurant|bar"
        r"|practice|company|firm|salon|bakery|studio)\b|\bgave (?:my |in my )?notice\b"
        r"|\bleaving the (?:ward|bank|firm|company|office|force|hospital|school|shop|factory|army"
        r"|job|practice|lab|team)\b|\b(?:quit"
        r"|left) (?:the \w+ (?:service|force|department|office|company)|teaching|nursing"
        r"|school and started)\b|\bstarted an apprenticeship\b|\bpassed the bar\b|\bqualified as\b"
        r"|\boff the road\b|\blast day (?:at|of) (?:work|the|my)"
        r"|\b(?:i'm|im|i am|he's|she's) an? (?:\w+ ){0,2}?\w+(?:er|or|ist|ian|ant|man|woman) now\b"
        r"|\b(?:i'm|im|i am|he's|she's) an? (?:\w+ )?(?:nurse|chef|cook|judge|pilot|vet|doctor"
        r"|lawyer) now\b|\b(?:from|off) (?:nights|days) to\b|\bdays? a week now\b"
        r"|\bdone with the (?:ward|bank|firm|company|office|police|army|kitchen|factory)\b",
    ),
    aspect_of(
        "studies school school_year",
        r"\b(?:study|studying|studies|uni|university|college|degree|major|majoring|thesis|year at"
        r"|in year \w+|reading (?:law|history|medicine|english|maths|physics|chemistry|biology"
        r"|economics|classics|politics|philosophy|engineering|nursing|psychology|french|german)"
        r"|doing an? \w+ degree|first year|second year|third year|\w+ eng)\b",
        r"\b(?:switched|transferred|changed|changing|moved) (?:\w+ ){0,2}?(?:to|course|degree"
        r"|subject|uni\w*|school|college|major)\b"
        r"|\b(?:dropped out|graduated|finished (?:uni|university|school|college|my degree))\b"
        r"|\bstud(?:ying|ies|y) .{2,40}\bnow\b|\bnow (?:study|studying)\b|\btransferred to\b"
        r"|\b(?:handed|turned) in (?:my|his|her) (?:thesis|dissertation)\b"
        r"|\bgot (?:my|his|her) degree\b|\bleft (?:school|uni|university|college)\b|\b(?:changed"
        r"|switched|swapped) (?:my major )?to (?:law|history|medicine|english|maths|physics"
        r"|chemistry|biology|economics|classics|politics|philosophy|engineering|nursing|psychology"
        r"|french|german|art)\b|\bchanged (?:my|his|her) (?:major|degree|course)\b"
        r"|\bdoing \w+ instead\b",
    ),
)
