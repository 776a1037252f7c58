"""Children, grandchildren, brothers and sisters: how many there are, and who was born."""

from domain.memory.change.aspects.aspect import aspect_of

_COUNTED = r"(?:one|two|three|four|five|six|[1-6]|only one|only an?|just one|a single)"
_NEXT = r"(?:second|third|fourth|fifth|sixth|another|2nd|3rd|4th|new)"
_CAME = r"(?:was born|were born|is here|are here|'s here|has arrived|arrived|came|is born)"

FAMILY = (
    aspect_of(
        "expecting person:wife:expecting person:girlfriend:expecting person:partner:expecting",
        r"\b(?:pregnant|expecting)\b",
        r"\b(?:our|my) (?:\w+ ){0,2}?(?:daughter|son|baby|boy|girl|child|twins|little one)"
        rf" (?:{_CAME})|\b(?:we|i) (?:just |finally |have )?had (?:our|the|a) (?:\w+ )?(?:baby|boy"
        r"|girl|son|daughter|child)\b|\bwe had twins\b",
        is_own=True,
    ),
    aspect_of(
        "",
        rf"\b(?:have|has|'ve|got|with|of) (?:got )?{_COUNTED} (?:\w+ )?(?:daughters?|sons?|boys?"
        r"|girls?)\b",
        rf"\b(?:our|my) {_NEXT} (?:\w+ )?(?:daughter|son|boy|girl)\b.*{_CAME}|\bhad (?:our|my"
        rf"|a) {_NEXT} (?:\w+ )?(?:daughter|son|boy|girl)\b",
        is_of_one_thing=True,
        is_own=True,
    ),
    aspect_of(
        "",
        rf"\b(?:have|has|'ve|got|with|of) (?:got )?{_COUNTED} (?:\w+ )?(?:kids?|child|children)\b",
        rf"\b(?:our|my) {_NEXT} (?:\w+ )?(?:daughter|son|boy|girl|baby|child|kid)\b.*{_CAME}"
        r"|\b(?:we|i) (?:just |finally )?had (?:our|my|a|another) (?:\w+ )?(?:baby|child|daughter"
        r"|son|twins)\b|\b(?:we|i) had twins\b",
        is_own=True,
    ),
    aspect_of(
        "",
        rf"\b(?:have|has|'ve|got) (?:got )?{_COUNTED} (?:\w+ )?(?:grandkids?|grandchild(?:ren)?"
        r"|grandsons?|granddaughters?)\b",
        rf"\b(?:our|my) {_NEXT} (?:grandkid|grandchild|grandson|granddaughter"
        rf"|grandbaby)\b.*{_CAME}",
        is_own=True,
    ),
    aspect_of(
        "",
        r"\b(?:(?:don't|do not|haven't|have) (?:have |got )?(?:any |no )?(?:kids|children)|no"
        r" (?:kids|children)(?! of)|childless|child-?free|trying for (?:a|another) (?:baby|kid"
        r"|child)|trying to (?:get pregnant|conceive|have (?:a baby|kids)))\b",
        r"\b(?:(?:we|i)(?:'ve)? (?:just |finally )?had (?:a|our|my|the) (?:\w+ )?(?:baby|son"
        r"|daughter|child|boy|girl)|(?:we|i) had twins|(?:our|my) (?:\w+ )?(?:son|daughter|baby"
        rf"|child|twins|little (?:boy|girl)) (?:{_CAME})"
        r"|(?:i'm|i am|im|we're|we are) (?:a |an )?(?:officially )?(?:mothers?|fathers?"
        r"|parents?)(?: now| at last|!|$)|(?:i|we) (?:\w+ )?bec[ao]me (?:a )?(?:mother|father"
        r"|parents?)|(?:i|wife|girlfriend|partner) (?:has |just )?gave birth|adopted (?:a|our|my)"
        r" (?:\w+ )?(?:baby|boy|girl|child|son|daughter)|(?:i'm|im|i am|we're|we are) pregnant"
        r"|have a (?:son|daughter|baby|child) now)\b",
        is_own=True,
    ),
    aspect_of(
        "",
        r"\b(?:no (?:kids|children)(?! of)|childless|(?:doesn't|don't) have (?:any )?(?:kids"
        r"|children))\b",
        r"\b(?:(?:has|have) (?:a|an|two) (?:\w+ )?(?:baby|son|daughter|child|kids?|children|boy"
        r"|girl) now|had (?:a|his|her|their) (?:first )?(?:baby|child|son|daughter|boy|girl)|(?:is"
        r"|'s) a (?:mother|father) now|became a (?:mother|father|parent))\b",
    ),
    aspect_of(
        "",
        r"\b(?:no|don't have (?:any )?|do not have (?:any )?) ?(?:grandchildren|grandkids|nieces"
        r"|nephews)\b",
        r"\b(?:i'm|im|i am|we're|became) (?:an? )?(?:grandmothers?|grandfathers?|grandparents?|aunt"
        r"|auntie|uncle)(?: now| at last|$)|\bmy (?:first )?(?:niece|nephew|grandson|granddaughter"
        rf"|grandchild) (?:{_CAME})\b",
        is_own=True,
    ),
    aspect_of(
        "",
        r"\b(?:only child|no (?:siblings|brothers|sisters)|(?:don't|do not) have (?:any "
        r"|a )?(?:siblings?|brothers?|sisters?))\b",
        r"\b(?:my (?:step-?)?(?:mother|father|parents)(?:'s| and \w+)? (?:just |have |has )?(?:had"
        r"|having|expecting) (?:a|another) (?:baby|boy|girl|kid)|my (?:baby|little|new|half)[ -]"
        rf"(?:brother|sister) {_CAME}|have an? (?:\w+[ -]){{0,2}}(?:brother|sister|sibling) now"
        r"|(?:i'm|im|i am|i) (?:going to be |gonna be |about to be |becoming |became )?an? (?:big"
        r"|older) (?:sister|brother))\b",
        is_own=True,
    ),
    aspect_of(
        "person:sister:school person:brother:school",
        r"\b(?:in|at|goes to) (?:kindergarten|nursery|day ?care|preschool|pre-school)\b",
        r"\b(?:started|starts|began|goes to|is in) (?:school|first grade|year one|primary"
        r"|elementary)\b",
    ),
    aspect_of(
        "",
        r"\bin the (?:army|navy|marines|air force|military|service)\b|\bin (?:prison|jail|rehab)\b"
        r"|\bdeployed\b",
        r"\b(?:got|is|'s|came|was let|am|i'm|finally) (?:out|home|back|released|discharged) (?:of"
        r"|from) (?:the )?(?:army|navy|marines|air force|military|service|prison|jail|rehab)\b"
        r"|\bleft the (?:army|navy|marines|air force|military|service)\b|\bno longer in the (?:army"
        r"|navy|marines|air force|military)\b",
        is_of_one_thing=True,
    ),
)
