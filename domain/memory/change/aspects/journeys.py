"""Journeys and plans: called off, or come back from."""

from domain.memory.change.aspects.aspect import aspect_of

_OFF = r"(?:going|flying|travel+ing|heading|driving|off|leaving|moving|sailing|headed)"
_AWAY = (
    r"(?:in|on|to|at|from) (?:a |an |the |our |my |his |her |their )?(?:\w+ )?(?:holidays?|vacation"
    r"|honeymoon|trip|cruise|tour|safari|camp|retreat|exchange|gap year|road trip)"
)
_PLAN = (
    r"(?:(?:am|i'm|im|is|are|we're|he's|she's|they're|'re|'s) (?:\w+ )?(?:going|getting|buying"
    r"|opening|moving|having|starting|taking|flying|adopting|planning|thinking|building|quitting"
    r"|selling|making|doing|running|joining|visiting|throwing|hosting|becoming|applying|learning"
    r"|writing|saving)|(?:want|wants|plan|plans|hope|hopes|planning|dream|would like|'d like"
    r"|going) (?:to|of)|(?:my|our) (?:dream|plan|goal) is|have (?:a |an |the "
    r"|to give a )?(?:\w+ )?(?:trip|plans?|flight|interview|presentation|date|speech|talk|show|gig"
    r"|exam|test|operation|surgery)|(?:trip|flight|holiday|vacation) (?:is|to)|(?:i'll|we'll|will)"
    r" (?:go|fly|visit|move|buy|get|open|start|be))"
)

JOURNEYS = (
    aspect_of(
        "",
        rf"\b{_OFF} (?:to|for|back to|on)\b|\b(?:trip|flight|journey|visit|travel|fly|tickets?)"
        rf" (?:to"
        r"|for)\b|\b(?:i'm|im|i am|we're|we are|is|he's|she's|they're|are) (?:currently |now "
        r"|still |away )?in \w+\b|\bvisiting\b|\babroad\b|\bstaying (?:in|at)\b",
        r"\b(?:back|home|returned|came back|got back|landed back|flew back|flew home|came home)"
        r" (?:home )?from\b|\bback home after\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        rf"\b(?:am|i'm|im|is|are|we're|he's|she's|they're|off|going) (?:\w+ )?{_AWAY}\b",
        rf"\b(?:back|home|returned|came back|got back) (?:home )?{_AWAY}\b|\b(?:holidays?|vacation"
        rf"|honeymoon|trip|cruise|tour) (?:is|are|'s) over\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "moving",
        rf"\b{_PLAN}\b",
        r"\b(?:cancel+ed|called off|had to cancel|scrapped|postponed|put off|dropped|abandoned)"
        r" (?:\w+ )?(?:trip|flights?|journey|visit|holiday|vacation|cruise|tour|tickets?|plans?"
        r"|booking|reservation|idea|move)\b|\b(?:trip|flights?|journey|visit|holiday|vacation"
        r"|cruise|tour|plan|idea|booking|move) (?:\w+ )*?(?:is|was|got|has been|were|are|'s) (?:off"
        r"|cancel+ed|scrapped|dead|postponed|called off)\b|\b(?:not|no longer|never)"
        r" (?:\w+ )?(?:going|flying|moving|buying|getting|opening|having|adopting|selling|starting"
        r"|taking|visiting|doing|travel+ing|becoming|applying|hosting|throwing"
        r"|building)\b.*\b(?:after all|any ?more|any longer|in the end|now|instead)\b|\bno longer"
        r" (?:going|flying|moving|buying|getting|opening|having|adopting|planning)\b|\b(?:decided"
        r"|chose|agreed) (?:not to|against)\b|\b(?:gave|given) up (?:on )?(?:the idea|my plan"
        r"|our plan|my dream|the dream|the plan)\b|\bfell through\b|\b(?:don't|do not|doesn't"
        r"|no longer|not) (?:want|plan|dream|wish|hope)(?:ing)? (?:to|of)\b.*\b(?:any ?more"
        r"|any longer|after all|now)\b|\bno longer (?:want|wants|plan|plans) to\b|\b(?:won't"
        r"|will not|not going to) (?:be|become|go|move|buy|get|open|visit|fly)\b.*\b(?:after all"
        r"|any ?more|now)?",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        r"\b(?:having|have|has|getting|need|needs|going in for|scheduled for|in for|waiting for"
        r"|to give|giving|doing|preparing|got) (?:\w+ ){0,3}?(?:surgery|operation|op|procedure"
        r"|presentation|speech|talk|recital|performance|audition|interview|exam|test|biopsy|scan"
        r"|transplant|c-section)\b",
        r"\bout of (?:surgery|theatre)\b|\b(?:surgery|operation|op|procedure|presentation|speech"
        r"|talk|recital|performance|audition|interview|exam|test|biopsy|scan|transplant) (?:is|was"
        r"|went|has|'s|are|were) (?:\w+ )?(?:over|done|well|great|fine|good|ok|okay|badly|behind me"
        r"|success\w*|a success|finished|smoothly|perfectly|awful|horrible|terrible|alright)\b"
        r"|\b(?:i|we|he|she|finally|already|just) (?:just |finally |already )?(?:had|did|gave"
        r"|survived|passed|failed|aced|finished|bombed|nailed|flunked) (?:my|the|his|her|our)"
        r" (?:\w+ )?(?:surgery|operation|op|procedure|presentation|speech|talk|recital|performance"
        r"|audition|interview|exam|test|biopsy|scan)\b",
        is_of_one_thing=True,
    ),
)
