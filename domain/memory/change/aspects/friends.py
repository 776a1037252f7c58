"""Friends, and how one gets on with somebody."""

from domain.memory.change.aspects.aspect import aspect_of

FRIENDS = (
    aspect_of(
        "",
        r"\b(?:friends?|bestie|close to|besties|mates?|buddy|pal)\b",
        r"\b(?:(?:fell|fallen) out(?! of)|falling out|(?:aren't|isn't|are not|not|no longer|never)"
        r" (?:\w+ )?(?:friends|mates)(?: any ?more)?|stopped (?:talking|speaking)"
        r"|ended our friendship|(?:don't|do not|doesn't|no longer|never) (?:talk|speak|hang out"
        r"|see each other)(?: to| with)?(?: \w+)?(?: any ?more| any longer)|(?:not"
        r"|no longer) on speaking terms|unfriended|cut (?:him|her|them) (?:off|out)|drifted apart"
        r"|grew apart)\b",
        is_of_one_thing=True,
        is_of_named=True,
    ),
    aspect_of(
        "",
        r"\b(?:(?:aren't|isn't|not|am not|i'm not|don't|doesn't|won't|haven't|stopped|no longer)"
        r" (?:\w+ )?(?:talk|talking|speak|speaking|spoken|friends)|falling out|fell out|fallen out"
        r"|fighting|feud|estranged|fight with|had a fight)\b",
        r"\b(?:made up|(?:talking|speaking|friends) again|(?:on (?:speaking|good) terms)|forgave"
        r"|forgiven|reconciled|patched things up|sorted things out|buried the hatchet"
        r"|made peace)\b",
        is_of_one_thing=True,
        is_of_named=True,
    ),
    aspect_of(
        "",
        r"\b(?:can'?t stand|hate|hates|don't like|dislike|don't get (?:along|on)|do not get"
        r" (?:along|on)|doesn't get (?:along|on)|can'?t bear|annoy\w*|gets on my nerves|jealous of"
        r"|enem(?:y|ies)|bull(?:y|ies|ied)|mean to me|don't trust)\b",
        r"\b(?:grown on me|grew on me|(?:good|best|great|close|real) friends (?:now|with)"
        r"|friends now|get (?:on|along)\b.*\b(?:now|these days|finally|at last)|(?:like|likes|love"
        r"|loves) (?:him|her|them|it|\w+) now|warmed (?:up )?to|(?:really "
        r"|actually )?quite like .* now|nice to me now|came? to like|come to love|learned to love"
        r"|learnt to love)\b",
        is_of_one_thing=True,
        is_of_named=True,
        of_topics=("like:",),
    ),
    aspect_of(
        "",
        r"\b(?:lives?|is) (?:\w+ )?(?:next door|down the (?:street|road)|around the corner"
        r"|across the (?:street|road)|upstairs|downstairs|nearby|two doors)\b",
        r"\b(?:moved (?:away|out|to)|moving away|has moved)\b",
    ),
)
