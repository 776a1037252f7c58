"""What in a life has one value at a time: how a text speaks of it, and how news of it sounds."""

import re

from attrs import frozen


@frozen
class Aspect:
    """``told`` is how a text speaks of it, ``news`` how one says that it has changed."""

    topics: frozenset[str]
    told: re.Pattern[str]
    news: re.Pattern[str]


def _aspect(topics: str, told: str, news: str) -> Aspect:
    return Aspect(
        frozenset(topic.replace("_", " ") for topic in topics.split()),
        re.compile(told),
        re.compile(news),
    )


_WORKS = (
    r"(?:work|works|working|drive|drives|teach|teaches|nurse|cook|cooks|draw|draws|sell|sells|run"
    r"|runs|keep shop|clean|cleans|serve|manage|manages|volunteer)"
)
ASPECTS = (
    _aspect(
        "home dwelling address",
        r"\b(?:live|lives|living|am based|is based|are based)\b (?:\w+ ){0,2}?(?:in|at|near"
        r"|on (?!this|that|it\b)|above|by"
        r"|over|with|outside|here|still)\b|\bfrom here\b|\blive \w+$"
        r"|\bhome(?:'s| is) \w|\b(?:i|we) (?:rent|share|own) (?:an?|the|with|our)\b"
        r"|\b(?:my|our) (?:\w+ )?(?:flat|house|apartment|room|place|cottage) (?:is|has)\b"
        r"|\b(?:an?|the|that|'s|is) \w+ (?:up|over|out|down) (?:in|at|near) \w|\bhere is \w",
        r"\b(?:moved|relocated|moving|move) (?:(?:back|over|out|away|down|up|house|again|here|now) "
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
        r"|\b(?:live|lives|living) .{2,40}\bnow\b|\bnow (?:live|living|lives)\b",
    ),
    _aspect(
        "job employer field business working_hours",
        rf"\b(?:i|we|he|she)(?:'?m| am|'s| is)? (?:currently |still |mostly |now )?{_WORKS}\b"
        r"|\b(?:i|he|she)(?:'?m| am|'s| is|'?ve been| have been| been) (?:an?|the|with"
        r"|at) (?!home\b)"
        r"|\bmy (?:job|work|boss|shifts?)\b"
        r"|(?:\bis|'s) an? (?:[\w-]+ )?(?:\w+(?:er|or|ist|ian|ant|man|woman)|nurse|chef|cook|judge"
        r"|pilot|vet|clerk|deputy|student|doctor)\b"
        r"|\b(?:i'm|im|i am) (?:an? |the )?\w+ at\b|\b(?:on|do|doing|work) (?:the )?(?:nights|days"
        r")\b"
        r"|\b(?:do|doing) (?:\w+ )?shifts\b|\b(?:i'm|im|i am) with the\b",
        r"\b(?:new|got (?:me |myself )?an?|found an?|landed an?|took an?|accepted the"
        r"|offered (?:me|him"
        r"|her) the|taken an?) (?:\w+ ){0,2}(?:job|post|position|role)\b|\b(?:start|starting"
        r"|started|begin"
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
        r"|\bnow (?:i'm|im|i am|he's|she's) (?:an?|the)\b",
    ),
    _aspect(
        "studies school school_year",
        r"\b(?:study|studying|studies|uni|university|college|degree|major|year at|doing an?"
        r" \w+ degree|first year|second year|third year|\w+ eng)\b",
        r"\b(?:switched|transferred|changed|changing|moved) (?:\w+ ){0,2}?(?:to|course|degree"
        r"|subject"
        r"|uni\w*|school|college|major)\b|\b(?:dropped out|graduated|finished (?:uni|university"
        r"|school"
        r"|college|my degree))\b|\bstud(?:ying|ies|y) .{2,40}\bnow\b|\bnow (?:study|studying)\b",
    ),
    _aspect(
        "partner marriage dating",
        r"\b(?:boyfriend|girlfriend|husband|wife|fianc[ée]+|partner|gf|bf|seeing|dating"
        r"|together with|going out with|single"
        r"|engaged|in love with|(?:getting|am|i'm|im) married)\b",
        r"\b(?:broke up|broken up|split up|separated|(?:(?:i|we|me|us) are|we're|it's|it is)"
        r" (?:all |both )?(?:over|done"
        r"|finished)(?= with|$| between)"
        r"|divorc(?:ed|ing)|left me|called it off|no longer (?:together|seeing|dating)"
        r"|single (?:again"
        r"|now)|dumped|gave (?:me )?(?:back )?the ring|(?:me (?:and|n|&) \w+"
        r"|and (?:i|me)) (?:are|r) (?:done"
        r"|over|finished|no more|history)|(?:seeing|with|dating|met) (?:somebody|someone) new"
        r"|got married|the divorce)\b",
    ),
    _aspect(
        "nickname",
        r"\b(?:call|calls|calling) me\b|\bknown as\b|\bgo by\b",
        r"\b(?:call me|calling me|address me as|name is now|go by)\b",
    ),
    _aspect(
        "age", r"\b(?:years? old|years of age|(?:i'm|im|i am|he's|hes|she's|is) \d{1,2}\b)",
        r"\b(?:turned|i'm|im|i am|he's|hes|she's|is|just) (?:now )?\d{1,2} (?:now|today"
        r"|years old)\b"
        r"|\bturned \w+",
    ),
    _aspect(
        "diet", r"\b(?:vegan|vegetarian|veggie|eat (?:no )?(?:meat|fish)|don't eat)\b",
        r"\b(?:eat(?:ing)? (?:meat|chicken|bacon) again|started eating meat|no longer (?:vegan"
        r"|vegetarian)"
        r"|(?:gone|turned|became|become|am|i'm|im) (?:a )?(?:vegan|veggie|vegetarian))\b",
    ),
)  # fmt: skip
