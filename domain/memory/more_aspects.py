"""More that changes: bodies, habits, who shares the flat, what is owed."""

from domain.memory.aspects import OF_A_LIFE, aspect_of

_OTHERS = (
    aspect_of(
        "",
        r"\b(?:vegan|don't eat (?:fish|animals|any animals)|eat no fish|haven't eaten fish)\b",
        r"\b(?:back on|back to|eat|eats|eating|started eating) (?:fish|cheese|eggs|dairy"
        r"|salmon)(?: again"
        r"| now)\b",
    ),
    aspect_of(
        "expecting",
        r"\b(?:pregnant|expecting (?:in|a|our|my|her|twins)|expecting$|due in|having a (?:baby|boy"
        r"|girl)|the baby is due)\b",
        r"\b(?:had (?:the|her|our|a) (?:baby|little|boy|girl|son|daughter)|baby(?:'s| is| has)"
        r" (?:here|born|arrived)|gave birth|was born|lost the baby|miscarr\w+|had twins)\b",
    ),
    aspect_of(
        "",
        r"\b(?:flatmates?|room-?mates?|housemates?|share (?:an?|the|my) (?:flat|house|apartment"
        r"|place"
        r"|room)|share with|sharing with)\b",
        r"\b(?:moved out|moving out|to myself|by myself|on my own now|own place|my own (?:flat"
        r"|place"
        r"|apartment)|one[ -]bed(?:room)?|live alone now|live on my own|went back to|new"
        r" (?:flatmate"
        r"|room-?mate|housemate)s?|kicked (?:him|her|them) out)\b",
        is_mutual=True,
    ),
    aspect_of(
        "",
        r"\b(?:best friend|bestie|my friend|friends with|haven't spoken|isn't talking|not speaking"
        r"|aren't speaking|don't speak|not talking)\b",
        r"\b(?:fell out|fallen out|(?:aren't|isn't|not|no longer) (?:speaking|talking|friends)"
        r"|forgiven (?:me|him|her)|(?:talking|speaking|friends) again|made up|blocked (?:me|him"
        r"|her)"
        r"|not friends)\b",
        is_mutual=True,
    ),
    aspect_of(
        "",
        r"\b(?:drinks?|glass(?:es)? of (?:wine|red|whisky|whiskey)|beers?|wine|whisky|sober|aa"
        r" meetings?|on the wagon)\b(?! (?:tea|water|coffee|milk|juice))",
        r"\b(?:sober|on the wagon|off the wagon|(?:stopped|quit|gave up|given up) (?:drinking"
        r"|alcohol"
        r"|the drink|booze|wine|beer)|off the (?:drink|booze)|drinking again|teetotal|don't drink"
        r" any ?more|no longer drink)\b",
    ),
    aspect_of(
        "smoking",
        r"\b(?:smok\w+|cigarettes?|vap\w+)\b",
        r"\b(?:smok(?:e|es|ing) again|(?:stopped|quit|gave up|given up) (?:smoking|cigarettes|the"
        r" cigarettes|vaping|the fags)|smoke-?free|off the (?:fags|cigarettes|cigs)|non-?smoker now"
        r"|don't smoke any ?more|no longer smoke)\b",
    ),
    aspect_of(
        "",
        r"\b(?:in a (?:cast|sling|boot|brace)|in plaster|broke my|broken (?:my|arm|leg|wrist|ankle"
        r"|foot)|on crutches|stitches|sprained|concussion)\b",
        r"\b(?:cast|stitches|brace|crutches|sling|boot|plaster|bandages?)(?:'s| is| are| came|"
        r" come)"
        r" (?:finally )?(?:off|out)\b|\boff (?:the|my) crutches\b",
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
        r"\b(?:allerg\w+|can'?t eat|can not eat|co?eliac|intoleran\w+|asthma|makes me (?:sick|itch"
        r"|sneeze))\b",
        r"\b(?:not (?:really )?allergic|isn't allergic|no longer allergic|outgr(?:ew|own)|gr[eo]wn?"
        r" out of|can (?:eat|drink|have) \w+ (?:again|now)|wasn't (?:co?eliac|an allergy)|never"
        r" allergic|not intolerant)\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        r"\b(?:(?:united|city|\w+) (?:fan|supporter)|support (?:the )?\w+$|big fan of)\b",
        r"\b(?:i |we |he |she )supports? \w+ now\b|\bchanged (?:teams|sides)\b|\b\w+ fan now\b",
    ),
    aspect_of(
        "",
        r"\bhair\b|\bbeard\b|\bmoustache\b|\bdreadlocks\b|\bbraids\b|\bponytail\b",
        r"\b(?:(?:cut|chopped|shaved|buzzed) (?:it|my hair|my head|everything) ?(?:all )?(?:off"
        r"|short)?|shaved it|pixie|dyed (?:it|my hair)|(?:a|went|gone) (?:blonde?|brunette"
        r"|red(?:head)?"
        r"|grey|gray|bald)(?: again| now)?|new haircut|haircut|shaved off)\b",
    ),
    aspect_of(
        "",
        r"\b(?:owe|owes|debt|debts|loan|loans|mortgage)\b",
        r"\b(?:paid (?:it|them|everything|the \w+|my \w+|off|back)(?: all)?(?: off| back)?|debt-?"
        r" ?free"
        r"|cleared my debts?|last instalment)\b",
    ),
    aspect_of(
        "",
        r"\b(?:believe in god|pray|prays|go to (?:church|mass)|catholic|believer|christian|muslim"
        r"|atheist|religious)\b",
        r"\b(?:(?:stopped|quit) (?:believing|praying|going to church)|lost my faith|converted to"
        r"|(?:an )?atheist now|don't believe (?:in god )?any ?more|left the church|found (?:god"
        r"|jesus))\b",
    ),
    aspect_of(
        "",
        r"\b(?:can'?t (?:drive|swim|ride|cook|skate|ski)|can not (?:drive|swim|ride|cook)|never"
        r" learn(?:ed|t)|learning to|lessons?|don't know how to|don't know to)\b",
        r"\b(?:got my (?:driving )?licen[cs]e|can \w+(?: \w+)? (?:now|at last)|(?:finally|now)"
        r" (?:can|able"
        r" to)|learn(?:ed|t) (?:how )?to|passed (?:my|the) driving test|can do \w+ (?:lengths?"
        r"|metres"
        r"|the length))\b",
        is_of_one_thing=True,
    ),
)  # fmt: skip
ASPECTS = (*OF_A_LIFE, *_OTHERS)
