"""Bodies and fears: a pregnancy, a broken arm, bad sleep, what one is afraid of or allergic to."""

from domain.memory.change.aspects.aspect import aspect_of

HEALTH = (
    aspect_of(
        "expecting",
        r"\b(?:pregnant|expecting (?:in|a|our|my|her|twins)|expecting$|due in|having a (?:baby|boy"
        r"|girl)|the baby is due)\b",
        r"\b(?:had (?:the|her|our|a) (?:baby|little|boy|girl|son|daughter)|baby(?:'s| is| has)"
        r" (?:here|born|arrived)|gave birth|was born|lost the baby|miscarr\w+|had twins)\b",
    ),
    aspect_of(
        "",
        r"\b(?:in a (?:cast|sling|boot|brace)|in plaster|broke my|broken (?:my|arm|leg|wrist|ankle"
        r"|foot)|on crutches|stitches|sprained|concussion)\b",
        r"\b(?:cast|stitches|brace|crutches|sling|boot|plaster|bandages?)(?:'s| is| are"
        r"| finally came| came| come) (?:finally )?(?:off|out)\b|\boff (?:the|my) crutches\b",
    ),
    aspect_of(
        "",
        r"\b(?:insomnia|can'?t sleep|sleep badly|sleepless|hardly sleep|barely sleep)\b",
        r"\b(?:i|he|she|we|can|now|finally|been|am|i'm|is)(?: \w+)? sle(?:ep|eps|pt|eping) (?:like"
        r"|well|fine|better|through|again|properly|soundly)\b",
    ),
    aspect_of(
        "",
        r"\b(?:scared|afraid|terrified|frightened|phobia|fear of|fears?|petrified)\b",
        r"\b(?:(?:not|no longer|isn't|aren't) (?:so |that |really )?(?:scared|afraid|terrified"
        r"|frightened)|(?:got|get|gotten) over (?:my|his|her) fear|conquered|overc[ao]me|cured of"
        r"|doesn't scare|don't scare|used to (?:be|it))\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        r"\b(?:allerg\w+|can'?t eat|can not eat|co?eliac|intoleran\w+|asthma|makes me (?:sick|itch"
        r"|sneeze))\b",
        r"\b(?:not (?:really )?allergic|isn't allergic|no longer allergic|outgr(?:ew|own)"
        r"|gr[eo]wn? out of|can (?:eat|drink|have) \w+ (?:again|now)|wasn't (?:co?eliac|an allergy)"
        r"|never allergic|not intolerant)\b",
        is_of_one_thing=True,
    ),
)
