"""Whom somebody loves or is married to, and with whom they are friends."""

from domain.memory.change.aspects.aspect import aspect_of

PEOPLE = (
    aspect_of(
        "partner marriage dating",
        r"\b(?:boyfriend|girlfriend|husband|wife|fianc[ée]+|partner|gf|bf|seeing|dating"
        r"|been married|married (?:to|man|woman|for)|together with|going out with|(?:am|i'm|im|is"
        r"|he's|she's|being) single|engaged|in love with|(?:getting|am|i'm|im|is|are) married"
        r"|(?:the|our) wedding|separated|(?:been|'m|am|be) with (?!the\b|my\b|a\b|it\b)\w+"
        r"|living together|boyfriends?|on a date)\b",
        r"\b(?:broke up|broken up|split up|separated|(?:(?:i|we|me|us) are|we're|it's|it is)"
        r" (?:all |both )?(?:over|done|finished)(?= with|$| between)|divorc(?:ed|ing)|called it off"
        r"|no longer (?:together|seeing|dating)|single (?:again|now)|dumped|gave"
        r" (?:me )?(?:back )?the ring|(?:me (?:and|n|&) \w+|and (?:i|me)) (?:are|r) (?:done|over"
        r"|finished|no more|history)|(?:seeing|with|dating|met) (?:somebody|someone) new|got"
        r" (?:married|hitched|engaged)|the divorce|called it (?:a day|quits)|walked out on me|left"
        r" (?:me|him|her)|(?:did not|didn't|didnt) (?:work out|last) (?:with|between)|(?:i'm|im"
        r"|i am|he's|she's) single|we're engaged|we are engaged|proposed|tied the knot"
        r"|(?:engagement|wedding|marriage) is (?:off|over)|another go|back together|made up|(?:not"
        r"|aren't|isn't) (?:with|seeing|dating|together)(?: \w+)? any ?more|ended (?:it|things)"
        r"|broke (?:it|things) off|have split|is history|kicked (?:him|her) out|over between"
        r"|(?:getting|want|wants|filed for|got) (?:a |the )?divorce|(?:has|have|got) a new"
        r" (?:boyfriend|girlfriend|partner|man|woman)|(?:is|'s|are|'re|am|'m) (?:now )?dating \w+"
        r"|have a (?:boyfriend|girlfriend|partner) now|we're dating|we are dating|(?:aren't|isn't"
        r"|not|no longer) (?:a couple|an item|together)(?: any ?more)?)\b",
        is_of_named=True,
    ),
    aspect_of(
        "partner marriage dating",
        r"\b(?:boyfriend|girlfriend|husband|wife|fianc[ée]+|partner|seeing|dating|together with"
        r"|going out with|engaged|in love with|married|been with|living together"
        r"|in a relationship)\b",
        r"\b(?:(?:left|dumped|walked out on|broke up with|cheated on|ghosted|divorced"
        r"|divorcing) me(?=$|[.!,]| (?:for|last|this|yesterday|today|and|so|over|after|on)\b)"
        r"|proposed to me|(?:he|she|i) (?:just |finally )?proposed(?=$|[.!,]| and| last| yesterday)"
        r"|(?:is|am|'s) (?:officially|now|finally) (?:my|his|her) (?:wife|husband)|is my (?:wife"
        r"|husband) (?:now|as of|since)|he popped the question|put a ring on it)\b",
        is_own=True,
    ),
    aspect_of(
        "",
        r"\b(?:broke up|split up|broken up|separated|my ex|dumped me|left me|single|divorced"
        r"|on a break)\b",
        r"\b(?:took (?:me|him|her) back|gave (?:me|us) another (?:chance|try)|back together"
        r"|got back with|back with (?:him|her|my)|remarried)\b",
    ),
    aspect_of(
        "",
        r"\b(?:crush|in love with)\b",
        r"\b(?:(?:gave up|given up) on (?:him|her|them)|(?:moved on|over) (?:from )?(?:him|her"
        r"|them)|no longer (?:like|love|fancy) (?:him|her)|don't (?:like|love|fancy) (?:him"
        r"|her) any ?more|lost interest in (?:him|her))\b",
        is_own=True,
    ),
    aspect_of(
        "",
        r"\b(?:best friend|bestie|my friend|friends with|haven't spoken|isn't talking|not speaking"
        r"|aren't speaking|don't speak|not talking)\b",
        r"\b(?:fell out|fallen out|(?:aren't|isn't|not|no longer) (?:speaking|talking|friends)"
        r"|forgiven (?:me|him|her)|(?:talking|speaking|friends) again|made up|blocked (?:me|him"
        r"|her)|not friends)\b",
        is_mutual=True,
    ),
)
