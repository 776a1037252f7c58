"""Animals: got, had young, lost and found."""

from domain.memory.change.aspects.aspect import aspect_of

_ANIMAL = (
    r"(?:dogs?|pupp(?:y|ies)|pups?|cats?|kittens?|rabbits?|bunn(?:y|ies)|hamsters?|guinea pigs?"
    r"|parrots?|budgies?|birds?|fish|goldfish|turtles?|tortoises?|snakes?|horses?|pon(?:y|ies)"
    r"|goats?|chickens?|hens?|ducks?|ferrets?|rats?|mouse|mice|gerbils?|hedgehogs?|lizards?|geckos?"
    r"|pets?)"
)
_GOT = r"(?:got|get|adopted|bought|have|rescued|brought home|took in|picked up|have got|'ve got)"

PETS = (
    aspect_of(
        "",
        rf"\b{_ANIMAL}\b",
        r"\bmy ex(?:-\w+)? (?:\w+ )?(?:took|kept|got|has) (?:the|our|my)? ?\w+\b",
        is_of_one_thing=True,
        is_own=True,
        of_topics=("pet:",),
    ),
    aspect_of(
        "",
        rf"\b{_ANIMAL}\b",
        r"\b(?:give|gave|giving|given) (?:[\w']+ ){1,3}?away\b|\bgave (?:my|our|the)"
        r" (?:\w+ ){1,2}to\b|\b(?:went|gone|moved|going) to live (?:with|on|at|in)\b|\blives?"
        r" (?:with|on|at|in) (?:[\w']+ ){1,4}now\b|\b(?:couldn't|could not|unable to"
        r"|too late to) save\b|^rip\b|\br\.i\.p|\brest in peace\b|\b(?:didn't|did not|didnt)"
        r" (?:make it|survive|wake up|pull through)\b|\b(?:put (?:\w+ )?(?:down|to sleep)|rehom(?:e"
        r"|ed|ing)|euthani[sz]ed)\b|\b(?:adopted|taken in|bought) by (?:a|another|some|my|our"
        r"|the)\b|\b(?:had to go(?=$|[.!,])|was taken away|disappeared|never came (?:back|home))\b"
        r"|\b(?:took|brought|returned|gave) (?:\w+ ){1,2}(?:back )?to the (?:shelter|breeder|pound"
        r"|rescue)\b|\bcrossed the rainbow\b|\bflew (?:away|out|off)\b",
        is_of_one_thing=True,
        is_of_named=True,
        of_topics=("pet:",),
    ),
    aspect_of(
        "",
        r"\b(?:called|named|name is|name's|name)\b",
        r"\bname (?:isn't|is not|is no longer|was never) \w+(?: any ?more| any longer|$|,)"
        r"|\b(?:isn't|not|no longer) (?:called|named) \w+|\b(?:renamed|rename)\b|\bname(?:'s"
        r"| is) \w+,? not \w+|\b(?:went with|chose|picked|settled on|decided on) \w+ instead\b",
        is_of_one_thing=True,
        is_of_named=True,
        of_topics=("pet:",),
    ),
    aspect_of(
        "",
        rf"\b(?:don't|do not|doesn't|no|never had|haven't|can't have|want|wants|would love|dream of"
        rf"|wish for|saving for|looking for|thinking about) (?:to )?(?:have |had |get |getting "
        rf"|got |own |adopt |adopting )?(?:a |an |any |another )?(?:\w+ )?{_ANIMAL}\b(?!.* (?:hair"
        rf"|food))",
        rf"\b(?:i|we|he|she|they|finally|just|now)(?:'ve)? (?:just |finally |have )?{_GOT} (?:an?"
        rf"|our|my|two|three|our very own) (?:\w+ ){{0,2}}?{_ANIMAL}\b",
    ),
    aspect_of(
        "",
        rf"\b(?:one|two|three|four|1|2|3|4|only have|just) (?:\w+ )?{_ANIMAL}\b",
        rf"\b{_GOT} (?:another|a (?:second|third|fourth|fifth|new)|our (?:second|third|fourth"
        rf"|fifth)|my (?:second|third|fourth)) (?:\w+ )?{_ANIMAL}\b|\bhave (?:two|three|four|five"
        rf"|six|\d) (?:\w+ )?{_ANIMAL} now\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        r"\b(?:missing|ran away|run away|is lost|got lost|escaped|disappeared|gone missing"
        r"|can'?t find)\b",
        r"\b(?:came (?:back|home)(?! (?:clear|negative|positive|fine|normal|clean|with|to|from))"
        r"|(?:is|'s|are|was|were) (?:safe|home|back|found)(?! (?:at|to|in|from|on|with|by))|found"
        r" (?!a |an |out|it |that )|turned up|showed up|brought (?:him|her|it) (?:back|home)"
        r"|back home|home again)\b",
        is_of_one_thing=True,
        is_of_named=True,
    ),
    aspect_of(
        "",
        r"\b(?:pregnant|expecting)\b",
        r"\b(?:had|gave birth to) (?:her |the |\w+ )?(?:kittens|pupp(?:y|ies)|babies|foal|litter"
        r"|calf|lambs?|bunnies|pups)\b|\b(?:kittens|puppies|foal|litter) (?:are|is|were|was)"
        r" (?:here|born)\b",
        is_of_one_thing=True,
        is_of_named=True,
    ),
)
