"""Where somebody lives, and with whom they share the place."""

from domain.memory.change.aspects.aspect import aspect_of

HOME = (
    aspect_of(
        "home dwelling address",
        r"\b(?:live|lives|living|am based|is based|are based)\b (?:\w+ ){0,2}?(?:in|at|near"
        r"|on (?!this|that|it\b)|above|by|over|with|outside|here|still)\b|\bfrom here\b"
        r"|\blive \w+$|\bhome(?:'s| is) \w|\b(?:i|we) (?:rent|share|own) (?:an?|the|with|our)\b"
        r"|\b(?:my|our) (?:\w+ )?(?:flat|house|apartment|room|place|cottage) (?:is|has)\b"
        r"|^home is\b|\b(?:my|our) (?:address|street|road)\b|\bmove to \w+ (?:last|in|years)\b"
        r"|\bliving together\b|\b(?:an?|the|that|'s|is) \w+ (?:up|over|out|down) (?:in|at|near) \w"
        r"|\bhere is \w",
        r"\b(?:moved|relocated|moving|move) (?!(?:on|over|in|to) (?:to )?(?:the (?:other|window"
        r"|front|back|top|next|side|sofa|couch|bed|table|corner)|dessert|tears|bed"
        r"|another (?:topic|subject)))(?:(?:back|over|out|away|down|up|house|again|here|now) "
        r"|(?:the|my|his|her|our) (?:\w+ )?(?:girls|boys|kids|children|family|lot) )*(?:to|into"
        r"|back|in (?!with)|house\b|away from|out of)\b|\b(?:got|found|bought|rented|signed for"
        r"|taken|took) (?:us |me |ourselves |myself )?(?:an?|the|our) (?:\w+ ){0,2}(?:place|flat"
        r"|house|apartment|cottage|room|bungalow) (?:\w+ )?(?:in|up|by|near|on|at|out|down)\b"
        r"|\b(?:sold|selling|sell|given up|gave up|leaving|left) (?:the|our|my) (?:\w+ )?(?:house"
        r"|flat|apartment|home|place|cottage)\b|\b(?:got|have) (?:the|our|my) keys (?:to|for|of)\b"
        r"|\bback (?:in )?with (?:my|his|her|the) (?:parents|mum|mom|mother|dad|father|folks)\b"
        r"|\b(?:swapped|traded|left|leave|given up) (?:the|my|our) (?:\w+ )?(?:flat|house"
        r"|apartment|room|place|cottage)\b|\b(?:live|lives|living) .{2,40}\b(?:now|these days)\b"
        r"|\bnow (?:live|living|lives)\b|(?:'s|'ve|has|have|just|finally|we|i) moved(?=$"
        r"| (?:on (?!to)|last|yesterday|out\b|in with|in together|this|in (?:january|february"
        r"|march|april|may|june|july|august|september|october|november|december)))"
        r"|\bupped sticks\b|\brelocated\b|\bgot transferred to\b"
        r"|\bsigned (?:the|a|our) (?:new )?lease\b"
        r"|\b(?:the|our) (?:big )?move (?:is|went|was) (?!on|in|next)|\bnew address\b|\b(?:in|into"
        r"|to|love|like) (?:the|our|my|his|her) new (?:place|flat|house|apartment|home|room|studio"
        r"|cottage|bungalow)\b"
        r"|\bput (?:me|him|her) in(?:to)? (?:an?|the) (?:home|hospice|sheltered|care)"
        r"|\b(?:gone|went|moved|going) back to \w+ (?:to live|for good|in the end)"
        r"|\bwent back to [a-z]+$|\bleft \w+ (?:for good|in the end|behind for good)"
        r"|\bleft [a-z]+ for [a-z]+$|\b(?:evicted|kicked (?:me|us) out)\b|\bmoved in with\b"
        r"|\b(?:'s|is|'re|are|'m|am|im|hes|shes) in an? home\b|\bcare home now\b"
        r"|\bfound an? (?:one|two|three)[ -]bed(?:room)?\b|\bhome (?:is|'s) \w+ now\b"
        r"|\b(?:'re|are|'m|am|im) (?:back )?in [a-z]+ now\b|\b(?:'re|are) \w+(?:ians|ites) now\b",
    ),
    aspect_of(
        "",
        r"\b(?:flatmates?|room-?mates?|housemates?"
        r"|share (?:an?|the|my) (?:flat|house|apartment|place|room)|share with|sharing with)\b",
        r"\b(?:moved out|moving out|to myself|by myself|on my own now|own place"
        r"|my own (?:flat|place|apartment)|one[ -]bed(?:room)?|live alone now|live on my own"
        r"|went back to|new (?:flatmate|room-?mate|housemate)s?|kicked (?:him|her|them) out)\b",
        is_mutual=True,
    ),
)
