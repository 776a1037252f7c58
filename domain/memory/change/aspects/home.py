"""Where somebody lives, and with whom they share the place."""

from domain.memory.change.aspects.aspect import aspect_of

HOME = (
    aspect_of(
        "home dwelling address",
        r"\b(?:live|lives|living|am based|is based|are based)\b (?:\w+ ){0,2}?(?:in|at|near|on"
        r" (?!this|that|it\b)|above|by|over|with|outside|here|still)\b|\bfrom here\b|\blive \w+$"
        r"|\bhome(?:'s| is) \w|\b(?:i|we) (?:rent|share|own) (?:an?|the|with|our)\b|\b(?:my|our)"
        r" (?:\w+ )?(?:flat|house|apartment|room|place|cottage) (?:is|has)\b|^home is\b|\b(?:my"
        r"|our) (?:address|street|road)\b|\bmove to \w+ (?:last|in|years)\b|\b(?:have|has|own|owns"
        r"|got) (?:my own|his own|her own|our own|an?) (?:\w+ )?(?:flat|apartment|house|place|condo"
        r"|studio|cottage|bungalow)\b|\bliving together\b|\b(?:an?|the|that|'s|is) \w+ (?:up|over"
        r"|out|down) (?:in|at|near) \w|\bhere is \w",
        r"\b(?:moved|relocated|moving|move) (?!(?:on|over|in|to) (?:to )?(?:the (?:other|window"
        r"|front|back|top|next|side|sofa|couch|bed|table|corner)|dessert|tears|bed|another (?:topic"
        r"|subject)))(?:(?:back|over|out|away|down|up|house|again|here|now) |(?:the|my|his|her"
        r"|our) (?:\w+ )?(?:girls|boys|kids|children|family|lot) )*(?:to|into|back|in (?!with)"
        r"|house\b|away from|out of)\b|\b(?:got|found|bought|rented|signed for|taken|took) (?:us "
        r"|me |ourselves |myself )?(?:an?|the|our) (?:\w+ ){0,2}(?:place|flat|house|apartment"
        r"|cottage|room|bungalow) (?:\w+ )?(?:in|up|by|near|on|at|out|down)\b|\b(?:sold|selling"
        r"|sell|given up|gave up|leaving|left) (?:the|our|my) (?:\w+ )?(?:house|flat|apartment|home"
        r"|place|cottage)\b|\b(?:got|have) (?:the|our|my) keys (?:to|for|of)\b|\bback (?:in )?with"
        r" (?:my|his|her|the) (?:parents|mum|mom|mother|dad|father|folks)\b|\b(?:swapped|traded"
        r"|left|leave|given up) (?:the|my|our) (?:\w+ )?(?:flat|house|apartment|room|place"
        r"|cottage)\b|\b(?:live|lives|living) .{2,40}\b(?:now|these days)\b|\bnow (?:live|living"
        r"|lives)\b|(?:'s|'ve|has|have|just|finally|we|i) moved(?=$| (?:on (?!to)|last|yesterday"
        r"|out\b|in with|in together|this|in (?:january|february|march|april|may|june|july|august"
        r"|september|october|november|december)))|\b(?:i|we|he|she|'ve|'s|has|have|just|finally|son"
        r"|daughter|brother|sister|friend) moved out\b(?! of (?:the way|his|her|my way))|\bsettled"
        r" (?:down )?in (?!front|for|the|bed|well|nicely|now|at|quickly|ok|fine|just|and|here|my|a"
        r"|to)\w+|\b(?:got|have|has|found) (?:my|our|his|her|their) own (?:place|flat|apartment"
        r"|house)\b|\b(?:back|home) in \w+ for good\b|\b(?:am|i'm|im|is|are|we're|he's|she's"
        r"|became) homeless\b|\b(?:stay|staying|based) in \w+ (?:now|these days|for good)\b"
        r"|\bupped sticks\b|\brelocated\b|\bgot transferred to\b|\bsigned (?:the|a|our)"
        r" (?:new )?lease\b|\b(?:the|our) (?:big )?move (?:is|went|was) (?!on|in|next)"
        r"|\bnew address\b|\b(?:in|into|to|love|like) (?:the|our|my|his|her) new (?:place|flat"
        r"|house|apartment|home|room|studio|cottage|bungalow)\b|\bput (?:me|him|her) in(?:to)?"
        r" (?:an?|the) (?:home|hospice|sheltered|care)|\b(?:gone|went|moved|going) back to \w+"
        r" (?:to live|for good|in the end)|\bwent back to [a-z]+$|\bleft \w+ (?:for good|in the end"
        r"|behind for good)|\bleft [a-z]+ for [a-z]+$|\b(?:evicted|kicked (?:me|us) out)\b"
        r"|\bmoved in with\b|\b(?:'s|is|'re|are|'m|am|im|hes|shes) in an? home\b|\bcare home now\b"
        r"|\bfound an? (?:one|two|three)[ -]bed(?:room)?\b|\bhome (?:is|'s) \w+ now\b|\b(?:'re|are"
        r"|'m|am|im) (?:back )?in [a-z]+ now\b|\b(?:'re|are) \w+(?:ians|ites) now\b",
    ),
    aspect_of(
        "",
        r"\b(?:flatmates?|room-?mates?|housemates?|share (?:an?|the|my) (?:flat|house|apartment"
        r"|place|room)|share with|sharing with)\b",
        r"\b(?:moved out|moving out|to myself|by myself|on my own now|own place|my own (?:flat"
        r"|place|apartment)|one[ -]bed(?:room)?|live alone now|live on my own|went back to|new"
        r" (?:flatmate|room-?mate|housemate)s?|kicked (?:him|her|them) out)\b",
        is_mutual=True,
    ),
    aspect_of(
        "",
        r"\b(?:rent|rents|renting|rented)\b|\b(?:trying|want|hoping|looking|saving)\b.*\b(?:buy"
        r"|for) (?:an? |our |my )?(?:\w+ )?(?:house|home|flat|apartment|place|condo|cottage)\b"
        r"|\b(?:house|flat|home)[- ]hunting\b",
        r"\bbought (?:a|an|our|my|the) (?:own |first |very |little |new |\w+ )*(?:house|home|flat"
        r"|apartment|place|condo|cottage|bungalow)\b(?! (?:for|warming))|\b(?:homeowners?"
        r"|closed on (?:the|our|a) (?:\w+ )?(?:house|home|flat|apartment|place)|got the keys)\b",
    ),
)
