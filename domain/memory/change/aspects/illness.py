"""Illnesses and injuries from which somebody recovers."""

from domain.memory.change.aspects.aspect import aspect_of

_ACUTE = (
    r"(?:cold|flu|influenza|covid|corona|fever|temperature|sore throat|cough|virus|stomach bug"
    r"|stomach flu|food poisoning|infection|bronchitis|pneumonia|chicken ?pox|measles|mumps"
    r"|tonsillitis|strep|mono|concussion|bug|sinusitis|norovirus|headache|toothache|earache)"
)
_SERIOUS = (
    r"(?:cancer|leuk[a]?emia|lymphoma|tumou?rs?|melanoma|chemo(?:therapy)?|radiation|radiotherapy)"
)
_IN = (
    r"(?:(?:in|into|inside) (?:the |a )?(?:hospital|icu|intensive care|clinic|rehab)"
    r"|hospitali[sz]ed)"
)

ILLNESS = (
    aspect_of(
        "",
        rf"\b(?:a|an|the|my|his|her|got|have|has|had|with|caught|down with|'ve)"
        rf" (?:\w+ ){{0,2}}{_ACUTE}\b(?! (?:drink|shower|beer|day|morning|one|house|room|water"
        r"|coffee|season|brew))|\b(?:am|i'm|im|is|are|been|feel|feeling|'s|'re|home|really|so|off)"
        r" (?:\w+ )?(?:sick|ill|unwell|poorly)\b(?! (?:of|and tired))|\b(?:in quarantine|isolating"
        r"|quarantined|self-isolating)\b|\bcovid positive\b|\btested positive\b",
        r"\b(?:(?:feel|feeling|am|i'm|im|is|are|he's|she's|they're|all|much|lots|way|lot|got"
        r"|finally|totally|completely|fully) (?:feeling )?better(?= now| again| today| since|, |$)"
        r"|well again|healthy again|fit again|(?:healthy|fine|ok|okay|myself|normal) again|back to"
        r" (?:normal|full health|my old self)|back on (?:my|his|her|their) feet|recovered|(?:fully"
        r"|finally|completely) recovered|(?:tested|testing|test) (?:\w+ )?negative|(?:negative"
        r" (?:covid )?test|test (?:is|was|came back|'s) negative)"
        rf"|(?:over|got over|gotten over|beat|beaten|kicked|shaken off|shook off|rid of) (?:the|my"
        rf"|that|his|her|this) (?:\w+ )?{_ACUTE}|fever (?:is|has|went|finally|'s)"
        r" (?:\w+ )?(?:down|broken|gone|broke)|fever broke|out of (?:quarantine|isolation)|cured"
        r"|no longer (?:sick|ill|contagious|poorly)|not (?:sick|ill|contagious|poorly) any ?more"
        r"|(?:wasn't|it was not) covid)\b",
        is_of_named=True,
    ),
    aspect_of(
        "",
        rf"\b(?:{_SERIOUS}|in a coma|on dialysis|in remission)\b",
        r"\b(?:cancer-?free|in (?:full |complete )?remission|(?:beat|beaten|survived|defeated"
        r"|fought off|kicked|overcame) (?:the |her |his |my |breast |\w+ )?(?:cancer|leuk[a]?emia"
        r"|lymphoma)|all[ -]clear|(?:finished|done with|completed|last|final|end of|through with"
        r"|no more) (?:\w+ )?(?:chemo(?:therapy)?|radiation|radiotherapy|treatment)|tumou?r (?:is"
        r"|was|has been|'s) (?:gone|benign|removed|out)|cancer (?:is|has|'s) (?:\w+ )?(?:gone"
        r"|beaten|cured)|recovered|(?:woke|woken) up|out of (?:the|his|her) coma|fully cured"
        r"|healthy again|cured)\b",
        is_of_named=True,
    ),
    aspect_of(
        "",
        rf"\b{_IN}\b",
        r"\b(?:out of|home from|back from|discharged from|released from|left) (?:the )?(?:hospital"
        r"|icu|intensive care|clinic|rehab)\b|\b(?:is|was|am|been|got|gets|were|came|i'm|he's|she's"
        r"|back|finally) (?:\w+ )?(?:discharged|home again|back home|home now)\b|\blet (?:me|him"
        r"|her|them) (?:go )?home\b",
        is_of_named=True,
    ),
    aspect_of(
        "",
        r"\b(?:broke|broken|fractured|sprained|twisted|tore|torn|pulled|hurt|injured|dislocated"
        r"|strained) (?:my|his|her|their|a|an)\b|\b(?:broken|sprained|twisted|torn|sore|bad|injured"
        r"|fractured) (?:arm|leg|wrist|ankle|foot|toe|finger|knee|shoulder|back|rib|hip|neck|hand"
        r"|elbow|collarbone|muscle)\b|\b(?:arm|leg|wrist|ankle|foot|toe|finger|knee|shoulder|back"
        r"|rib|hip|neck|hand|elbow|tooth|head|stomach) (?:\w+ )?(?:hurts?|aches?|is (?:broken|sore"
        r"|injured|bad|killing))\b",
        r"\b(?:healed|mended|(?:is|'s|feels|all|works|good|much|fully|fine|as good as)"
        r" (?:\w+ )?(?:better|healed|recovered|fine|good as new|new|fixed) ?(?:again|now|$)?"
        r"|(?:doesn't|does not|don't|stopped|no longer) hurt(?:s|ing)?|pain is gone|(?:can|am|i'm)"
        r" (?:walk|walking|run|running|use it|move it|play|playing) again)\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        r"\b(?:wheelchair|can'?t walk|cannot walk|paraly[sz]ed|bedridden|on crutches|limping)\b",
        r"\b(?:(?:can|could|able to) walk(?: now| again|$)|walking again|out of (?:the|my|his|her"
        r"|a) (?:wheelchair|bed)(?: now| again| for good)|on (?:my|his|her) feet again|off (?:the"
        r"|my|his|her) crutches|no longer needs? (?:a|the) wheelchair)\b",
    ),
    aspect_of(
        "",
        r"\b(?:trouble sleeping|problems sleeping|can'?t sleep|bad sleeper|sleep badly|insomnia"
        r"|nightmares)\b",
        r"\b(?:i|he|she|we|finally|now) (?:can |am |'m )?(?:sle(?:ep|eps|pt|eping))"
        r" (?:\w+ )?(?:like a|well|fine|better|through|properly|soundly)\b.*(?:again|now|these days"
        r"|finally|any ?more|at last)\b|\bno more nightmares\b",
    ),
    aspect_of(
        "",
        r"\b(?:wear|wears|have|has|got|with|in) (?:\w+ )?(?:glasses|contacts|braces|a retainer"
        r"|hearing aids?)\b",
        r"\b(?:(?:took|take|taken|get|got|had|getting) (?:my|his|her|the) (?:braces|retainer)"
        r" (?:off|out|removed)|braces (?:are|came|come|'re) (?:\w+ )?(?:off|out)|got (?:contacts"
        r"|contact lenses|laser(?:ed)?|my eyes lasered|lasik)|had (?:laser|lasik|eye surgery)"
        r"|(?:don't|do not|no longer) (?:need|wear) (?:my |any )?(?:glasses|contacts"
        r"|braces)(?: any ?more)?|switched to (?:contacts|glasses|contact lenses)"
        r"|wear contacts now)\b",
    ),
    aspect_of(
        "",
        r"\b(?:don't|do not|doesn't|never) (?:wear|need) (?:glasses|contacts|braces"
        r"|hearing aids)\b",
        r"\b(?:need|needs|got|wear) (?:my |his |her |new )?(?:glasses|contacts|braces|a hearing aid"
        r"|hearing aids)\b(?! (?:off|fixed))",
    ),
    aspect_of(
        "",
        r"\b(?:drink too much|drinking too much|alcoholic|drink a lot|hungover|heavy drinker"
        r"|drinking problem|addicted|hooked on|drunk every)\b",
        r"\b(?:(?:months?|weeks?|years?|days?|been|i'm|im|got|he's|she's|am|is) (?:\w+ )?(?:sober"
        r"|clean)|stopped (?:drinking|using)|quit (?:drinking|using)|gave up (?:drinking"
        r"|alcohol))\b",
    ),
    aspect_of(
        "smoking",
        r"\b(?:quit|stopped|gave up|given up|don't|no longer|never) (?:smok\w+|vap\w+|cigarettes)",
        r"\b(?:started|start|began|back to|took up) (?:smoking|vaping)\b(?: again)?|\b(?:smok(?:e"
        r"|es|ing)|vap(?:e|ing)) again\b|\bback on (?:the )?(?:cigarettes|fags|cigs)\b",
    ),
    aspect_of(
        "",
        r"\bweigh\b|\bpounds\b|\bkilos?\b|\boverweight\b",
        r"\b(?:i'm|im|i am|down|am|weigh|weight is|got) (?:at |to |now )?(?:at |to )?\d{2,3}\b(?!"
        r" (?:years?|now$))|\b(?:lost|gained|put on) (?:\w+ ){1,2}(?:pounds|kilos?|kg|lbs|stone)\b",
    ),
)
