"""Bodies and fears: a pregnancy, a broken arm, bad sleep, what one is afraid of or allergic to."""

from domain.memory.change.aspects.aspect import aspect_of

HEALTH = (
    aspect_of(
        "expecting",
        r"\b(?:pregnant|expecting (?:in|a|our|my|her|twins)|expecting$|due in"
        r"|having a (?:baby|boy|girl)|the baby is due)\b",
        r"\b(?:had (?:the|her|our|a) (?:baby|little|boy|girl|son|daughter)"
        r"|baby(?:'s| is| has) (?:here|born|arrived)|gave birth|was born|lost the baby|miscarr\w+"
        r"|had twins)\b",
    ),
    aspect_of(
        "",
        r"\b(?:in a (?:cast|sling|boot|brace)|in plaster|broke my"
        r"|broken (?:my|arm|leg|wrist|ankle|foot)|on crutches|stitches|sprained|concussion)\b",
        r"\b(?:cast|stitches|brace|crutches|sling|boot|plaster|bandages?)(?:'s| is| are| came"
        r"| come) (?:finally )?(?:off|out)\b|\boff (?:the|my) crutches\b",
    ),
    aspect_of(
        "",
        r"\b(?:insomnia|can'?t sleep|sleep badly|sleepless|hardly sleep|barely sleep)\b",
        r"\bsle(?:ep|pt|eping) (?:like|well|fine|better|through|again|properly|soundly)\b",
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
        r"\b(?:allerg\w+|can'?t eat|can not eat|co?eliac|intoleran\w+|asthma"
        r"|makes me (?:sick|itch|sneeze))\b",
        r"\b(?:not (?:really )?allergic|isn't allergic|no longer allergic|outgr(?:ew|own)"
        r"|gr[eo]wn? out of|can (?:eat|drink|have) \w+ (?:again|now)"
        r"|wasn't (?:co?eliac|an allergy)|never allergic|not intolerant)\b",
        is_of_one_thing=True,
    ),
)
