"""Whom somebody loves or is married to, and with whom they are friends."""

from domain.memory.change.aspects.aspect import aspect_of

PEOPLE = (
    aspect_of(
        "partner marriage dating",
        r"\b(?:boyfriend|girlfriend|husband|wife|fianc[ée]+|partner|gf|bf|seeing|dating"
        r"|together with|going out with|(?:am|i'm|im|is|he's|she's|being) single|engaged"
        r"|in love with|(?:getting|am|i'm|im|is|are) married|(?:the|our) wedding|separated"
        r"|(?:been|'m|am|be) with (?!the\b|my\b|a\b|it\b)\w+|living together|boyfriends?"
        r"|on a date)\b",
        r"\b(?:broke up|broken up|split up|separated|(?:(?:i|we|me|us) are|we're|it's"
        r"|it is) (?:all |both )?(?:over|done|finished)(?= with|$| between)|divorc(?:ed|ing)"
        r"|called it off|no longer (?:together|seeing|dating)|single (?:again|now)|dumped"
        r"|gave (?:me )?(?:back )?the ring"
        r"|(?:me (?:and|n|&) \w+|and (?:i|me)) (?:are|r) (?:done|over|finished|no more|history)"
        r"|(?:seeing|with|dating|met) (?:somebody|someone) new|got (?:married|hitched|engaged)"
        r"|the divorce|called it (?:a day|quits)|walked out on me|left (?:me|him|her)"
        r"|(?:did not|didn't|didnt) (?:work out|last) (?:with|between)"
        r"|(?:i'm|im|i am|he's|she's) single|we're engaged|we are engaged|proposed|tied the knot"
        r"|(?:engagement|wedding|marriage) is (?:off|over)|another go|back together|made up"
        r"|(?:not|aren't|isn't) (?:with|seeing|dating|together)(?: \w+)? any ?more"
        r"|ended (?:it|things)|broke (?:it|things) off|have split|is history"
        r"|kicked (?:him|her) out|over between)\b",
    ),
    aspect_of(
        "",
        r"\b(?:best friend|bestie|my friend|friends with|haven't spoken|isn't talking|not speaking"
        r"|aren't speaking|don't speak|not talking)\b",
        r"\b(?:fell out|fallen out|(?:aren't|isn't|not|no longer) (?:speaking|talking|friends)"
        r"|forgiven (?:me|him|her)|(?:talking|speaking|friends) again|made up"
        r"|blocked (?:me|him|her)|not friends)\b",
        is_mutual=True,
    ),
)
