"""How one says that something is over, and what it is of which this is said. English only."""

import re

OBJECT = re.compile(
    r"\b(?:(?:give|giving|gave|given) up(?: on| with)?|packed (?:in|up)|packing in|quit(?:ting)?\b"
    r"|jacked in|ditched|binned|scrap(?:ped)?\b|shelved|sold|selling|flogged|pawned|cancel\w*"
    r"|call(?:ed|ing) off|(?:got|get|getting) rid of|g[ai]ven? away|(?:gave|given) (?=the|my|our)"
    r"|(?:am|i'm|im|is|it's|are|was|we're|he's|she's|so|all|being|finally) (?:done|finished"
    r"|through) with|finished with|had enough of|fed up with|sick of|tired of|bored of|no longer"
    r"|(?:don't|dont|do not|doesn't|doesnt|does not|not|can't|cannot|aren't|isn't"
    r"|never) (?=.*\b(?:any ?more|any longer)\b)|no more|retired (?:from|as)|resign\w* (?:from|as)"
    r"|stepped down (?:from|as)|(?:i|we|he|she|have|has"
    r"|'ve) left (?!(?:my|the|a|an) (?:umbrella|keys|phone|bag|coat|wallet))|dropped out of"
    r"|drop(?:ped|ping)(?= (?:the|my|our|out|all|\w+ for))|deleted|unsubscribed from|uninstalled"
    r"|outgr(?:ew|own)|gr[eo]wn? out of"
    r"|lost (?:my |all |his |her )?(?:interest in|taste for|love for|faith in)|(?:gone|went) off"
    r"|swapped|traded(?: in)?|replaced|exchanged"
    r"|(?:switched|changed|moved|converted|transferred|went|gone) (?:over )?from|instead of"
    r"|rather than|kick(?:ed|ing)|(?:let|letting) (?=.* go\b)|handed (?:over|on|in)|(?:haven't"
    r"|have not|hasn't) (?:been (?:to|doing|on)|\w+ed|touched|played|had|done"
    r"|gone to)(?=.*\b(?:since|for)\b)|not going back to|(?:i'm|im|am|is|are|he's|she's|hes|shes"
    r"|we're|came|come|comes|get|got|took me|finally|been) off (?=the|my|his|her|our"
    r"|\w+s?\b(?! (?:to|for|on|work)\b))|decided against|changed (?:my|our) mind (?:about|on)"
    r"|thrown in the towel with|threw in the towel with|hung up|(?:said|say|saying) goodbye to"
    r"|put (?:a stop|an end) to|paid off|paid back|broke(?:n)? up with|split (?:up )?with|divorced"
    r"|dumped|over (?:and done )?with|stop(?:ped|ping)?(?: with)?(?= \w)|used to"
    r"|out of (?=\w+(?:$| now))|forget (?=the)|not (?:really )?into|wasn't|was not|isn't for"
    r"|deregistered from|won't be (?:doing|going to|running|playing)|not going to"
    r"|found (?:a )?new (?:home|owner)s? for|rehomed|lost (?=my|our)|buried|moved out of"
    r"|moved away from|passed (?=my|the)|finished (?=(?-i:[A-Z])|reading|writing|the|my|our)"
    r"|sat (?=my|the))\s*",
    re.IGNORECASE,
)
HINT = re.compile(
    r"\b(?:g[ai]v(?:e|en|ing)|pack(?:ed|ing)|quit\w*|jacked|ditched|binned|scrap\w*|shelved"
    r"|s[oe]l(?:d|ling)|flogged|pawned|cancel\w*|call(?:ed|ing) off|rid of|done|finished|through"
    r"|enough|fed up|sick|tired|bored|no (?:longer|more)|any ?more|any longer|retired|resign\w*"
    r"|stepped|left|drop(?:ped|ping)|deleted|unsubscribed|uninstalled|out|lost|gone|went|goes"
    r"|swapped|traded|replaced|exchanged|from|instead|rather|kick(?:ed|ing)|let|handed|haven't"
    r"|hasn't|have not|not|off|against|changed|threw|thrown|hung|goodbye|put|paid|broken?|split"
    r"|divorced|dumped|over|stop\w*|used|forget|won't|wasn't|isn't|rehomed|found|buried|moved|away"
    r"|passed|sat|is|history|folded|closed|shut|had to go|has to go|ended|fell|came|collapsed|burn"
    r"|cleared|healed|better|fine|behind|cured|lasered|fixed|died|dead|sleep|make it|down|work out"
    r"|fizzled|never)\b",
    re.IGNORECASE,
)
"""Without one of these nothing has ended, and there is no need to look closer."""
_IS = r"(?:'s|s|'re| (?:is|are|was|were|has|have|had|got|gets|has been|have been))"
_AT_AN_END = (
    r"(?=$|[.!]| (?:now|for good|too|as well|again|btw|by the way|lol|and (?:done|i|we)|since|this"
    r"|last (?!for|on)|yesterday|today|at last|already|from|thank|after|or|forever|for ever"
    r"|completely|entirely|i|we|in (?:the end|may|june|july|august|september|october|november"
    r"|december|january|february|march|april))\b)"
)
_IS_OVER = (
    r"(?:gone|over|dead|off|finished|done|no more|ended|closed|closing|shut|split"
    r"|better(?= (?:now|again)|$)|fine (?:now|again))"
)
_IS_HISTORY = (
    r"(?:history|sold|cancel\w*|called off|behind (?:me|us|him|her)|folded|stolen|scrapped"
    r"|rained off|out of the picture|a thing of the past|in the past|paid off|healed|cured"
    r"|cleared up|back to normal|lasered|given away|in the bin|no longer \w+)"
)
_CAME_TO_AN_END = (
    r"(?:folded|fell through|fell apart|came to nothing|had to go|has to go|went in the bin|ended"
    r"|shut down|closed down|packed up|never happened|split(?: up)?|collapsed|went bust"
    r"|burn(?:ed|t) down|got (?:sold|cancelled|rained off|scrapped|called off)"
    r"|(?:isn't|is not|wasn't|was not) for me|cleared up|healed|went away|have gone|has gone"
    r"|worked out fine|fizzled out|(?:did not|didn't|didnt) (?:work out|last))"
)
SUBJECT_BEFORE = re.compile(
    rf"^(?P<x>.{{2,60}}?)(?:"
    rf"{_IS} (?:\w+ly |now |been |all |well and truly |just |sadly )*"
    rf"(?:{_IS_OVER}{_AT_AN_END}|{_IS_HISTORY}\b)"
    rf"|(?:'s)? {_CAME_TO_AN_END}\b)",
    re.IGNORECASE,
)
_A_NAME = r"(?-i:[A-Z])[\w-]+"
_ARE_NO_MORE = (
    r"(?:are|have|split|broke|called) (?:it )?(?:done|over|finished|history|no more|split"
    r"|broken up|called it|up|a day|quits|separated)"
)
NO_MORE_WITH = re.compile(
    r"\b(?:done|finished|over|through|broke(?:n)? up|split(?: up)?|not (?:with|seeing|dating)"
    r"|no longer (?:with|seeing|dating)|ended (?:it|things)|work out|divorced|dumped|left|sold"
    r"|called it (?:a day|quits)) (?:with |up with |off with |between (?:me|us) and )?"
    rf"(?P<x>{_A_NAME})(?! (?:for|to|in|on|when|at|early|because)\b)"
    rf"|(?:^|\b(?:and|so|well|but) )(?P<y>{_A_NAME}) and (?:i|me) {_ARE_NO_MORE}"
    rf"|\b(?:me|i) and (?P<z>{_A_NAME}) {_ARE_NO_MORE}",
    re.IGNORECASE,
)
"""Whom one is no longer with, or what was sold that had a name: all that is told of it is over."""
GONE = re.compile(
    r"(?P<x>(?:[\w']+ ){1,4}?)(?:(?:has |have |'s |just |sadly |finally )*(?:died|passed away"
    r"|passed(?= (?:on|last|in|this|yesterday|peacefully)|$|[.!])|was put down|crossed the rainbow"
    r"|did(?:n't|nt| not) make it|went to sleep for good|is no longer with us|got run over)"
    r"|(?:is|has|'s) (?:gone|dead)(?=$|[.!]))"
    r"|(?:say|said|saying) goodbye to (?P<y>(?:my |our |old |dear )*[\w-]+)|(?:lost"
    r"|buried) (?P<z>(?:my|our|dear|old|poor|best|friend| )*[\w-]+(?: (?-i:[A-Z])\w+)?)(?! (?:keys"
    r"|phone|wallet|temper|mind|voice|job))"
    r"|(?:put|have) (?P<w>(?:my |our |old )*[\w-]+) (?:down|(?:put )?to sleep)",
    re.IGNORECASE,
)
OBJECT_ENDS = re.compile(
    r"[,;.!?]|\b(?:at|on|in|to|with|because|when|after|before|since|last|this|yesterday|today|for"
    r"|as|by|from|and|any ?more|any longer|altogether|completely|entirely|now|finally|of|go|who"
    r"|which|that|again|until|till|too|instead|ages|so|it's)\b",
    re.IGNORECASE,
)
PAST = re.compile(
    r"^(?:[\w'’-]+ ){0,4}?(?:was|were|used to|ran|died|had (?!to)|lived|worked|grew up|studied"
    r"|broke|taught|met|married|never)\b|\b(?:years? ago|as a (?:child|kid)|no longer|any ?more)\b",
    re.IGNORECASE,
)
TASTE = re.compile(
    r"^(?:i|we|my|he|she|[\w]+)?(?: \w+){0,2}? ?(?:love|like|hate|enjoy|adore|prefer|can't stand"
    r"|loves|likes|hates|favou?rite|fan of)\b",
    re.IGNORECASE,
)
CONSUMED = re.compile(
    r"\b(?:eat\w*|drink\w*|watch\w*|listen\w*|off|taste|interest|sick|bored|habit|like|into"
    r"|any ?more|no longer|over)\b",
    re.IGNORECASE,
)
MADE = re.compile(r"finished (?!with)|handed in|sat |passed ", re.IGNORECASE)
WORK_ON = re.compile(
    r"\b(?:reading|writing|making|building|knitting|working on|painting|watching|drawing|sewing"
    r"|doing|playing|learning|studying|on season|thesis|essay|report|test|exam"
    r"|have (?:my|an?) \w+ (?:on|in)|project|training|course)\b",
    re.IGNORECASE,
)
