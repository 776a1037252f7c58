"""How one says that something is over, and what it is of which this is said. English only."""

import re

OBJECT = re.compile(
    r"\b(?:(?:give|giving|gave|given) up(?: on| with)?|packed (?:in|up)|packing in|quit(?:ting)?\b"
    r"|jacked in|ditched|binned|scrap(?:ped)?\b|shelved|sold|selling|flogged|pawned|cancel\w*"
    r"|call(?:ed|ing) off|(?:got|get|getting) rid of|g[ai]ven? away|(?:gave|given) (?=the|my|our)"
    r"|(?:am|i'm|im|is|it's|are|was|we're|he's|she's|so|all|being|finally) (?:done|finished"
    r"|through) with|finished with|had enough of|fed up with|sick of|tired of|bored of|no longer"
    r"|(?:don't|dont|do not|doesn't|doesnt|does not|not|can't|cannot|aren't|isn't|never)"
    r" (?=.*\b(?:any ?more|any longer)\b)|no more|retired (?:from|as)|resign\w* (?:from|as)"
    r"|stepped down (?:from|as)|(?:i|we|he|she|have|has|'ve) left (?!(?:my|the|a|an) (?:umbrella"
    r"|keys|phone|bag|coat|wallet))|dropped out of|drop(?:ped|ping)(?!.* off (?:at|with)\b)(?="
    r" (?:the|my|our|out|all|\w+ for))|deleted|unsubscribed from|uninstalled|outgr(?:ew|own)"
    r"|gr[eo]wn? out of|lost (?:my |all |his |her )?(?:interest in|taste for|love for|faith in)"
    r"|(?:gone|went) off|swapped|traded(?: in)?|replaced|exchanged|(?:switched|changed|moved"
    r"|converted|transferred|went|gone) (?:over )?from|instead of|rather than|kick(?:ed|ing)|(?:let"
    r"|letting) (?=.* (?:go|run out|lapse|expire)\b)|hand(?:ed|ing) (?=.* over\b)|(?:i'm|im|i am)"
    r" (?:so |totally |completely )?over (?!it\b|the moon|here|there|\d|at\b|my head)(?=\w)|handed"
    r" (?:over|on|in)|(?:haven't|have not|hasn't) (?:been (?:to|doing|on)|\w+ed|touched|played|had"
    r"|done|gone to)(?=.*\b(?:since|for|in (?:\w+ )?(?:months|years|ages|forever))\b)"
    r"|not going back to|(?:i'm|im|am|is|are|he's|she's|hes|shes|we're|came|come|comes|get|got"
    r"|took me|finally|been) off (?=the|my|his|her|our|\w+s?\b(?! (?:to|for|on|work)\b))"
    r"|decided against|changed (?:my|our) mind (?:about|on)|thrown in the towel with"
    r"|threw in the towel with|hung up|(?:said|say|saying) goodbye to|put (?:a stop|an end) to"
    r"|paid off|paid back|broke(?:n)? up with|split (?:up )?with|divorced|dumped|over"
    r" (?:and done )?with|stop(?:ped|ping)?(?: with)?(?= \w)|used to|out of (?=\w+(?:$| now))"
    r"|forget (?=the)|not (?:really )?into|wasn't|was not|isn't for|deregistered from|won't be"
    r" (?:doing|going to|running|playing)|not going to|found (?:a )?new (?:home|owner)s? for"
    r"|rehomed|lost (?=my|our)|buried|moved out of|moved away from|passed (?=my|the)|st[oe]le?n?"
    r" (?=my|our)|(?:threw|thrown|tossed|chucked) (?:out|away)|(?:returned|donated|wrecked|totalled"
    r"|sent back|took back|smashed|demolished) (?=the|my|our)|cut out(?= \w)|sw[oe]re?n? off"
    r"|called it (?:quits|a day) with|(?:haven't|have not|hasn't) (?=(?:run|swum|ridden|sung|eaten"
    r"|drunk|driven|\w+ed)\b.*\b(?:since|for|in (?:ages|years|months)))|(?:kicked|thrown|cut"
    r"|dropped|removed|expelled|banned) (?:off|from|out of)|(?:stopped|quit) (?:being|doing)"
    r"|finished (?=(?-i:[A-Z])|building|making|reading|writing|the|my|our)|sat (?=my|the))\s*",
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
    r"|passed|sat|is|history|folded|closed|shut|st[oe]len?|burn\w*|broke|thr[oe]wn?|toss\w*|chucked"
    r"|return\w*|donated|wrecked|totalled|smashed|under|disbanded|bankrupt|had to go|has to go"
    r"|ended|fell|came|collapsed|burn|cleared|healed|better|fine|behind|cured|lasered|fixed|died"
    r"|dead|sleep|make it|down|work out|fizzled|never)\b",
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
    r"(?:gone|over|dead|off|finished|done|no more|ended|closed|closing|shut|split|better(?= (?:now"
    r"|again)|$)|fine (?:now|again))"
)
_IS_HISTORY = (
    r"(?:history|sold|cancel\w*|called off|behind (?:me|us|him|her)|folded|stolen|scrapped"
    r"|rained off|out of the picture|a thing of the past|in the past|paid off|healed|cured"
    r"|(?:a )?(?:total loss|write-?off)|totalled|wrecked|destroyed|cleared up|back to normal"
    r"|lasered|given away|in the bin|no longer \w+)"
)
_CAME_TO_AN_END = (
    r"(?:folded|disbanded|escaped(?! from)|flew away|(?:has |have )?(?:lifted|subsided)|(?:have"
    r"|has)(?: finally)? stopped(?=$|[.!,])|(?:found|has|got) a new (?:home|owner|family)|(?:got"
    r"|was|were) (?:eaten|killed|run over|totaled|scrapped)|went under|went bankrupt|got (?:stolen"
    r"|destroyed|totalled|lost(?! (?:in|on the way)))|fell through|fell apart|came to nothing"
    r"|had to go|has to go|went in the bin|ended|shut down|closed down|packed up|never happened"
    r"|split(?: up)?|collapsed|went bust|burn(?:ed|t) down|got (?:sold|cancelled|rained off"
    r"|scrapped|called off)|(?:isn't|is not|wasn't|was not) for me|cleared up|healed|went away"
    r"|have gone|has gone|worked out fine|fizzled out|(?:did not|didn't|didnt) (?:work out|last))"
)
SUBJECT_BEFORE = re.compile(
    rf"^(?P<x>.{{2,60}}?)(?:{_IS} (?:\w+ly |now |been |all |well and truly |just "
    rf"|sadly )*(?:{_IS_OVER}{_AT_AN_END}|{_IS_HISTORY}\b)|(?:'s)? {_CAME_TO_AN_END}\b)",
    re.IGNORECASE,
)
_A_NAME = r"(?-i:[A-Z])[\w-]+"
_ARE_NO_MORE = (
    r"(?:are|have|split|broke|called) (?:it )?(?:done|over|finished|history|no more|split|broken up"
    r"|called it|up|a day|quits|separated)"
)
NO_MORE_WITH = re.compile(
    r"\b(?:done|finished|over|through|broke(?:n)? up|split(?: up)?|not (?:with|seeing|dating)"
    r"|no longer (?:with|seeing|dating)|ended (?:it|things)|work out|divorced|dumped|left|sold"
    r"|called it (?:a day|quits)) (?:with |up with |off with |between (?:me|us) and )?"
    rf"(?P<x>{_A_NAME})(?! (?:for|to|in|on|when|at|early|because)\b)|(?:^|\b(?:and|so|well"
    rf"|but) )(?P<y>{_A_NAME}) and (?:i|me) {_ARE_NO_MORE}|\b(?:me|i) and"
    rf" (?P<z>{_A_NAME}) {_ARE_NO_MORE}",
    re.IGNORECASE,
)
"""Whom one is no longer with, or what was sold that had a name: all that is told of it is over."""
GONE = re.compile(
    r"(?P<x>(?:[\w']+ ){1,4}?)(?:(?:has |have |'s |just |sadly |finally )*(?:died|passed away"
    r"|passed(?= (?:on|last|in|this|yesterday|peacefully)|$|[.!])|was put down|crossed the rainbow"
    r"|did(?:n't|nt| not) make it(?! (?:to|in|on|back|home|work))|went to sleep for good|(?:is"
    r"|are) no longer (?:with us|alive|around)|(?:is not|isn't|isnt) (?:with us|alive"
    r"|around)(?: any ?more| any longer)|got run over)|(?:is|has|'s) (?:gone|dead)(?=$|[.!]))"
    r"|(?:say|said|saying) goodbye to (?P<y>(?:my |our |old |dear )*[\w-]+)|(?:lost|buried)"
    r" (?P<z>(?:my|our|dear|old|poor|best|friend| )*[\w-]+(?: (?-i:[A-Z])\w+)?)\b(?!'s| (?:keys"
    r"|phone|wallet|temper|mind|voice|job))|(?:put|have) (?P<w>(?:my |our |old )*[\w-]+) (?:down"
    r"|(?:put )?to sleep)",
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
    r"|doing|playing|learning|studying|on season|thesis|essay|report|test|exam|have (?:my|an?) \w+"
    r" (?:on|in)|project|training|course)\b",
    re.IGNORECASE,
)
