"""Things: lost and found, broken and mended, new ones in the place of old ones."""

from domain.memory.change.aspects.aspect import aspect_of

_CARS = (
    r"(?:cars?|van|truck|suv|pickup|honda|toyota|ford|tesla|bmw|audi|volvo|fiat|mazda|nissan|kia"
    r"|hyundai|subaru|jeep|volkswagen|vw|mercedes|renault|peugeot|citro[eë]n|skoda|chevy|chevrolet"
    r"|mini|opel|vauxhall|golf|corolla|civic|prius|corsa|beetle)"
)

THINGS = (
    aspect_of(
        "",
        r"\b(?:lost|losing|can'?t find|cannot find|missing|misplaced|stolen|stole)\b",
        r"\b(?:found|got .{2,30} back|turned up|showed up|gave .{2,30} back"
        r"|returned (?:my|our|his|her)|(?:was|were|been|got) (?:found|returned|recovered))\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        r"\b(?:is|are|'s|was|got) (?:\w+ )?(?:broken|broke|in the shop|in the garage|cracked"
        r"|damaged|not working|out of order|on the blink)\b|\b(?:broke|broken|broke down"
        r"|doesn't work|won't start|stopped working|died)\b",
        r"\b(?:fixed|repaired|mended|works? again|working again|running again|good as new"
        r"|back from the (?:shop|garage))\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "car",
        rf"\b(?:drive|drives|driving|have|has|own|owns|bought|got) (?:an?|the|my|our|his|her)"
        rf" (?:\w+ ){{0,2}}?{_CARS}\b|\bmy car is\b|\b(?:don't|do not|doesn't|haven't) (?:have|own"
        rf"|got) (?:a |any )?(?:car|wheels)\b|\bno car\b",
        rf"\b(?:bought|got|leased|purchased) (?:myself |ourselves )?an?"
        rf" (?:\w+ ){{0,3}}?{_CARS}\b(?! (?:keys?|wash|seat|alarm|insurance|toy"
        rf"|for))(?<!second car)|\b(?:drive|driving) an? (?:\w+ ){{0,2}}?{_CARS} now\b|\btraded"
        rf" (?:it|my \w+|the \w+) in\b|\b(?:swapped|traded) (?:it|my \w+|the \w+) for an?"
        rf" (?:\w+ ){{0,2}}{_CARS}\b",
    ),
    aspect_of(
        "",
        r"\b(?:have|has|own|use|uses|using|got|on|with|'ve got) (?:an?|my|the)? ?(?:\w+ )?(?:iphone"
        r"|android|samsung|pixel|nokia|huawei)\b",
        r"\b(?:switched|changed|moved|went|upgraded) (?:over )?(?:to|back to)"
        r" (?:an? )?(?:\w+ )?(?:iphone|android|samsung|pixel|nokia|huawei|apple)\b|\b(?:bought"
        r"|got) an? (?:new )?(?:\w+ )?(?:iphone|android|samsung|pixel|nokia|huawei|phone)\b",
    ),
    aspect_of(
        "",
        r"\b(?:have|has|own|use|got|'ve got|my) (?:an?|my|the)? ?(?:\w+ )?(?:laptop|computer|phone"
        r"|tv|tablet|macbook|camera|bike|bicycle|washing machine|fridge|dishwasher|watch"
        r"|console)\b(?! number)",
        r"\b(?:laptop|computer|phone|tv|tablet|macbook|camera|bike|bicycle|washing machine|fridge"
        r"|dishwasher|watch|console)(?: has| just| finally)? (?:got (?:lost|stolen|smashed"
        r"|destroyed)|is (?:smashed|beyond repair)|was (?:lost|stolen|smashed|destroyed)"
        r"|gave up the ghost)\b|\b(?:laptop|computer|tv|tablet|macbook|camera|washing machine"
        r"|fridge|dishwasher)(?: has| just| finally)? (?:broke|died)(?=$|[.!,]| (?:for good"
        r"|yesterday|last|so|and)\b)",
        is_of_one_thing=True,
    ),
    aspect_of(
        "number phone_number",
        r"\b(?:phone |cell |mobile )?number is\b",
        r"\b(?:(?:my|our) (?:phone |cell |mobile )?number (?:has )?changed|new (?:phone |mobile "
        r"|cell )?number|changed (?:my|our) (?:phone |cell |mobile )?number)\b",
    ),
)
