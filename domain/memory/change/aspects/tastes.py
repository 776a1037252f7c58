"""Teams, kinds of people and of days: what somebody is a friend of."""

from domain.memory.change.aspects.aspect import aspect_of

_SPORT = r"(?:football|soccer|basketball|baseball|hockey|rugby|cricket|nfl|nba|sports?)"
_NOW = r"(?:now|these days|nowadays|at heart now)"

TASTES = (
    aspect_of(
        "",
        rf"\bfavou?rite (?:{_SPORT} )?(?:team|club|side)\b|\b(?:support|supports|root for|roots for"
        r"|cheer for)\b|\b(?:am|i'm|im|is|'s|he's|she's|been) an? (?:\w+ ){1,2}(?:fan|supporter)\b",
        rf"\b(?:am|i'm|im|is|'s|became|become) an? (?:\w+ ){{1,2}}(?:fan|supporter) {_NOW}\b"
        rf"|\b(?:root|cheer|rooting) for .{{2,25}} {_NOW}\b|\b(?:support"
        rf"|supporting) .{{2,25}} {_NOW}\b"
        r"|\b(?:switched|changed|moved|went over|defected) (?:over )?to the \w+(?=$|[.!,]| (?:this"
        r"|last))|\b(?:changed|switched) (?:teams|sides|allegiance)\b|\bnow (?:i )?(?:support"
        r"|root for)\b",
        of_topics=(
            "favourite:football team",
            "favourite:team",
            "favourite:sports team",
            "favourite:soccer team",
            "favourite:basketball team",
            "favourite:baseball team",
            "favourite:club",
            "favourite:hockey team",
            "like:",
        ),
    ),
    aspect_of(
        "",
        r"\bfavou?rite\b",
        r"\b(?:took over as|is now|became|replaced .{2,30} as|beats?|knocked .{2,30} off"
        r"|overtook .{2,30} as) (?:my |the )?(?:new |all-time )?favou?rite\b",
        is_of_one_thing=True,
        of_topics=("favourite:",),
    ),
    aspect_of(
        "trait:a_night_owl trait:a_morning_person trait:an_early_bird trait:an_early_riser",
        r"\b(?:night owl|morning person|early (?:bird|riser)|stay up late|sleep in)\b",
        rf"\b(?:(?:become|became|turned into|more of|'m|am) an? (?:real )?(?:night owl"
        rf"|morning person|early (?:bird|riser))|(?:night owl|morning person|early (?:bird"
        rf"|riser)) {_NOW})\b",
    ),
    aspect_of(
        "",
        r"\b(?:cat|dog|tea|coffee|beach|city|country|people|winter|summer|bird|horse) person\b",
        rf"\b(?:become|became|turned into|more of|'m|am) an? (?:total |real )?(?:cat|dog|tea|coffee"
        rf"|beach|city|country) person\b(?: {_NOW})?|\bturns out (?:cats|dogs) are\b",
    ),
    aspect_of(
        "trait:an_introvert trait:an_extrovert trait:shy trait:introverted trait:extroverted",
        r"\b(?:shy|introverted|introvert|extrovert|extroverted|outgoing)\b",
        r"\b(?:not|no longer|isn't) (?:so |that |as )?(?:shy|introverted)(?: any ?more)?\b"
        r"|\b(?:come|came) out of my shell\b",
    ),
    aspect_of(
        "religion",
        r"\b(?:catholic|christian|muslim|jewish|buddhist|hindu|atheist|agnostic|mormon|religious"
        r"|believer|believe in god|faith|go to church)\b",
        r"\b(?:converted(?: to)?|became|become|turned|found) (?:an? )?(?:catholic|christian\w*"
        r"|muslim|islam|jewish|judaism|buddhis[tm]|hindu\w*|atheist|agnostic|religious|believer|god"
        r"|jesus|(?:my |his |her )?faith)\b|\b(?:lost|left) (?:my|his|her|the) (?:faith|religion"
        r"|church)\b|\b(?:no longer|don't|do not) (?:believe in god|religious|believe"
        r"|go to church)(?: any ?more)?\b|\b(?:atheist|agnostic|muslim|christian|buddhist|catholic"
        r"|jewish) now\b",
    ),
    aspect_of(
        "",
        r"\b(?:against|for|in favou?r of|think|support|oppose|believe in|vote|voting|for"
        r"|agree with)\b",
        r"\b(?:changed my mind (?:about|on)|changed my (?:view|opinion|stance) (?:about|on|of)"
        r"|see .{2,30} differently now|came round to)\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "diet",
        r"\b(?:vegetarian|vegan|pescatarian|keto)\b",
        r"\b(?:gave up|given up|quit|stopped|done with|dropped) (?:being )?(?:a )?(?:vegetarian"
        r"|vegan|vegetarianism|veganism|keto)\b",
    ),
    aspect_of(
        "",
        r"\bvotes?\b",
        r"\bvot(?:e|es|ing) (?:for )?(?:the )?\w+ (?:now|these days|instead)\b"
        r"|\bswitched parties\b",
    ),
    aspect_of(
        "diet",
        r"\b(?:meat|steak|cheese|bacon|burgers?|chicken|barbecue|milk|eggs|ham|sausages?|fish|lamb"
        r"|pork|beef)\b(?!.*\b(?:allerg|don't|do not|hate|never))",
        r"\b(?:went|gone|going|became|become|turned|am|i'm|im) (?:a )?vegan(?: now)?\b"
        r"|\b(?:switched|gone|went|moved|changed) (?:over )?to (?:a )?(?:plant-based|vegan"
        r"|vegetarian)\b|\bplant-based now\b",
        of_topics=("like:",),
    ),
)
