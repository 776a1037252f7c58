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
        r"|\b(?:i|he|she)(?:'?m| am|'s| is|'?ve been| have been| been) (?:an?|the|with|at)"
        r" (?!home\b|(?:[\w-]+ )?(?:idiot|mess|one|fan|person|mum|mom|mother|father|dad|vegan"
        r"|vegetarian|fool|genius|disaster|wreck|joke|man|woman|girl|boy|catholic|muslim|christian"
        r"|believer|widow\w*|twin|alto|tenor|soprano|child|bit|lot|liar|coward|baby|bird|owl|oldest"
        r"|youngest|best|worst|first|last|only)\b)|\bmy (?:job|work|boss|shifts?)\b|(?:\bis"
        r"|'s) an? (?:[\w-]+ )?(?:\w+(?:er|or|ist|ian|ant|man|woman)|nurse|chef|cook|judge|pilot"
        r"|vet|clerk|deputy|student|doctor)\b|\b(?:i'm|im|i am) (?:an? |the )?\w+ at\b|\b(?:on|do"
        r"|doing|work) (?:the )?(?:nights|days)\b|\b(?:do|doing) (?:\w+ )?shifts\b|\b(?:i'm|im"
        r"|i am) with the\b|\bwork at\b|\bcut hair\b|\b(?:owns?|runs?) an? (?:[\w-]+ ){0,3}?(?:shop"
        r"|salon|café|cafe|restaurant|bar|business|bakery)\b|\b(?:on|in) year \w+$|\bfor (?:the"
        r"|an?) (?:\w+ )?(?:agency|firm|company|council|bank)\b",
        r"\b(?:new|got (?:me |myself )?an?|found an?|landed an?|took an?|accepted the|offered (?:me"
        r"|him|her) the|taken an?) (?:\w+ ){0,2}(?:job|post|position|role)\b|\b(?:start|starting"
        r"|started|began)(?: work| working)? (?:at|as|with)\b(?! (?:\d|noon|one\b|two\b|three\b"
        r"|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|eleven\b|twelve\b|half|midnight))"
        r"|\b(?:hired (?:me|him|her)|let (?:me|him|her) go(?! (?:home|to|out|early|first|with)))\b"
        r"|\b(?:i'm|im|i am|he's|she's) officially (?:an?|the) (?:\w+ )*?(?:\w+(?:er|or|ist|ian"
        r"|ant)|nurse|chef|cook|pilot|vet|clerk|deputy)\b|\b(?:i'm|im|i am|he's|she's)"
        r" (?:the )?(?:head|director|manager|chief|captain|boss|vp|president|partner|supervisor"
        r"|lead)(?: of [\w ]+?)? now\b|\b(?:permanent|full[- ]time) now\b|\b(?:got|been|was)"
        r" (?:promoted|hired|fired|sacked|made redundant|laid off|appointed)\b|\b(?:quit|left|lost"
        r"|leaving) (?:my|the|his|her) (?:\w+ )?(?:job|company|firm|practice|school)\b|\b(?:turned"
        r"|handed|gave|given|hand|put) in (?:my|his|her) (?:\w+ )?(?:badge|notice|keys|uniform|gun"
        r"|resignation)\b|\b(?:start|starts|starting|started) (?:on|in) the (?!new year|morning)"
        r"|\b(?:quit|left) (?:the )?(?:bank|shop|firm|company|army|navy|police|factory|office"
        r"|hospital|school|kitchen|paper|force|mill|post office|call centre)\b|\bon the dole\b"
        r"|\b(?:i'm|im|i am|he's|hes|she's|shes) (?:working )?(?:at|with|for) (?!home|my|his|her"
        r"|a loss)(?:[\w']+ ){1,4}now\b|\bwork (?:days|nights) now\b|\boff nights\b|\bmade (?:me"
        r"|him|her) (?:the |an? )?(?:head|manager|director|partner|chief|captain|senior)\b"
        r"|\boffered (?:me|him|her) to be\b|\b(?:works?|working) (?:at|as|for|in) .{2,40} now\b"
        r"|\bnow (?:works?|working) (?:at|as|for|in)\b|\bno longer (?:work|with|at the)\b|\bnow"
        r" (?:i'm|im|i am|he's|she's) (?:an?|the)\b|\b(?:got|get|given) the (?:sack|boot|chop)\b"
        r"|\b(?:been|got|was|were) (?:let go|transferred|demoted|axed|made redundant|promoted)\b"
        r"|\bpromoted to\b|\bgone (?:freelance|self-employed|part-time|full-time|private)\b"
        r"|\bself-employed now\b|\b(?:set up|started up|out) on (?:my|his|her) own\b|\b(?:opened"
        r"|started|opening|founded|set up) (?:up )?(?:an?|my|our|his|her) (?:own )?(?:\w+ )?(?:shop"
        r"|salon|café|cafe|restaurant|bar|business|practice|company|firm|bakery|studio|agency"
        r"|clinic|garage)\b|(?<!\ba )\bretire(?:d|ment)\b(?! (?:\w+er|\w+or|teacher|nurse)\b)"
        r"|\b(?:quit|resigned)(?=$| (?:on|last|today|yesterday|this|from|for good))|\b(?:did not"
        r"|didn't|didnt|won't|not) renew\b|\bcontract (?:ended|ran out|is up|wasn't|was not|is over"
        r"|expired)\b|\bunemployed\b|\bjobless\b|\bout of (?:work|a job)\b|\bbetween jobs\b"
        r"|\b(?:close|closed|shut|closing) (?:down )?(?:the|my|our|his|her|their) (?:\w+ )?(?:shop"
        r"|business|café|cafe|restaurant|bar|practice|company|firm|salon|bakery|studio)\b|\bgave"
        r" (?:my |in my )?notice\b|\bleaving the (?:ward|bank|firm|company|office|force|hospital"
        r"|school|shop|factory|army|job|practice|lab|team)\b|\b(?:quit|left) (?:the \w+ (?:service"
        r"|force|department|office|company)|teaching|nursing|school and started)\b"
        r"|\bstarted an apprenticeship\b|\bpassed the bar\b|\bqualified as\b|\boff the road\b"
        r"|\blast day (?:at|of) (?:work|the|my)|\b(?:i'm|im|i am|he's|she's) an?"
        r" (?:\w+ ){0,2}?\w+(?:er|or|ist|ian|ant|man|woman) now\b|\b(?:i'm|im|i am|he's|she's) an?"
        r" (?:\w+ )?(?:nurse|chef|cook|judge|pilot|vet|doctor|lawyer) now\b|\b(?:from|off)"
        r" (?:nights|days) to\b|\bdays? a week now\b|\bdone with the (?:ward|bank|firm|company"
        r"|office|police|army|kitchen|factory)\b",
    ),
    aspect_of(
        "studies school school_year",
        r"\b(?:study|studying|studies|uni|university|college|degree|major|majoring|thesis|year at"
        r"|in year \w+|reading (?:law|history|medicine|english|maths|physics|chemistry|biology"
        r"|economics|classics|politics|philosophy|engineering|nursing|psychology|french|german)"
        r"|doing an? \w+ degree|first year|second year|third year|\w+ eng)\b",
        r"\b(?:switched|transferred|changed|changing|moved) (?:\w+ ){0,2}?(?:to|course|degree"
        r"|subject|uni\w*|school|college|major)\b|\b(?:dropped out|graduated|finished (?:uni"
        r"|university|school|college|my degree))\b|\bstud(?:ying|ies|y) .{2,40}\bnow\b|\bnow"
        r" (?:study|studying)\b|\btransferred to\b|\b(?:handed|turned) in (?:my|his|her) (?:thesis"
        r"|dissertation)\b|\bgot (?:my|his|her) degree\b|\bleft (?:school|uni|university|college)\b"
        r"|\b(?:changed|switched|swapped) (?:my major )?to (?:law|history|medicine|english|maths"
        r"|physics|chemistry|biology|economics|classics|politics|philosophy|engineering|nursing"
        r"|psychology|french|german|art)\b|\bchanged (?:my|his|her) (?:major|degree|course)\b"
        r"|\bdoing \w+ instead\b|\b(?:changed|switched|moved|swapped) (?:schools|unis|universities"
        r"|colleges|majors|courses|degrees|classes|subjects)\b|\b(?:i'm|im|i am|he's|she's) an?"
        r" (?:\w+ ){1,2}(?:major|student) now\b|\bmajor(?:ing)? in \w+ now\b|\b(?:finished"
        r"|done with|through with|completed) (?:high |secondary |middle |primary |grad |law "
        r"|med )?(?:school|college|uni|university|my (?:studies|degree|phd|masters|master's"
        r"|training))\b|\b(?:i'm|im|i am|he's|she's) an? (?:qualified |registered |real )?(?:nurse"
        r"|chef|vet|doctor|lawyer|teacher|engineer|pilot|dentist|architect|electrician|plumber"
        r"|carpenter|mechanic) now\b|\b(?:got|have) (?:my|his|her) (?:diploma|degree|phd|masters"
        r"|master's|doctorate)\b|\bi go to \w+(?: \w+)? now\b|\bgot expelled\b|\b(?:started|starts"
        r"|starting|began) (?:at )?(?:university|college|uni|high school|middle school"
        r"|secondary school)\b",
    ),
    aspect_of(
        "working_hours",
        r"\bwork(?:s|ing)? (?:in|from|at) (?:an? |the |my |our )?(?:\w+ )?office\b|\bcommute\b",
        r"\b(?:work|works|working) (?:from home|remotely)\b.*\b(?:now|these days|from now on)\b"
        r"|\b(?:let|lets|allow) (?:me|us) work from home\b|\bgone remote\b",
    ),
    aspect_of(
        "working_hours",
        r"\b(?:work|works|working|do|on) (?:the |on )?(?:weekends|saturdays|sundays|(?:night|day"
        r"|late|early|evening|morning) shifts?|nights|evenings|lates)\b",
        r"\b(?:switched|moved|changed|went|gone) (?:over )?to (?:the )?(?:days?|nights?|early|late"
        r"|morning|evening)(?: shifts?|s)?\b|\b(?:free|off) (?:on |at )?(?:weekends|evenings|nights"
        r"|saturdays|sundays) now\b|\bno more (?:weekend|night|late) (?:shifts|work)\b",
    ),
    aspect_of(
        "",
        r"\b(?:first|second|third|fourth|1st|2nd|3rd) (?:year|semester|term)\b",
        r"\b(?:second|third|fourth|final|last|next|2nd|3rd) (?:year|semester|term) (?:starts"
        r"|started|begins|began|of uni)\b|\b(?:in|start|started|starting|began) (?:my "
        r"|the )?(?:second|third|fourth|final|last|2nd|3rd) (?:year|semester|term)\b|\b(?:second"
        r"|third|fourth|final)[- ]year (?:student )?now\b",
    ),
    aspect_of(
        "",
        r"\bin (?:\w+ )?(?:grade|year|class)\b|\b(?:first|second|third|fourth|fifth|sixth|seventh"
        r"|eighth|ninth|tenth|eleventh|twelfth) grade(?:r)?\b|\b(?:freshman|sophomore|junior"
        r"|senior)\b",
        r"\bin (?:\w+ )?(?:grade|year \w+) now\b|\b(?:start|started|going into) (?:\w+ )?(?:grade"
        r"|year \w+)\b|\b(?:a|an) (?:freshman|sophomore|junior|senior|\w+ grader) now\b",
    ),
)
