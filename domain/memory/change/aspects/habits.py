"""What somebody drinks and smokes."""

from domain.memory.change.aspects.aspect import aspect_of

HABITS = (
    aspect_of(
        "",
        r"\b(?:on|in|of|with|part of|member of|play for|plays for|joined) (?:the|a|an|my|our"
        r"|\w+'?s?) (?:[\w']+ )*?(?:team|squad|committee|council|board|cast|crew|club|choir"
        r"|band)\b",
        r"\b(?:kicked|cut|dropped|thrown|resigned|removed|banned|expelled) (?:off|from|out of)"
        r" (?:the|my|our) (?:\w+ )?(?:team|squad|committee|council|board|cast|crew|club|choir"
        r"|band)\b|\b(?:quit|left|leaving) (?:the|my|our) (?:\w+ )?(?:team|squad|committee|council"
        r"|board|cast|crew)\b|\b(?:i'm|im|am) out of the (?:team|squad|cast|crew|club|choir|band)\b"
        r"|\bno longer (?:on|in|part of) the (?:\w+ )?(?:team|squad|committee|council|board|cast"
        r"|crew)\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        r"\b(?:training for|signed up for|running|preparing for|going to run|run the"
        r"|doing)\b.*\b(?:marathon|race|half|10k|5k|triathlon|ironman|ultra)\b",
        r"\b(?:ran|finished|completed|did|survived|made it through|crossed the finish line (?:of"
        r"|at)) (?:the|my|our|a)(?: first| half| full| \w+)? ?(?:marathon|race|half|10k|5k"
        r"|triathlon|ironman|ultra)\b",
    ),
    aspect_of(
        "",
        r"\b(?:my|our|the|a|an) (?:\w+ )?(?:band|duo|trio|quartet|choir)\b",
        r"\b(?:my|our|the) (?:\w+ )?(?:band|duo|trio|quartet|choir) (?:has |have |just )?(?:broke"
        r"|broken|split|breaking|splitting)(?: up)?\b|\bleft the (?:band|choir)\b",
    ),
    aspect_of(
        "",
        r"\b(?:drinks?|glass(?:es)? of (?:wine|red|whisky|whiskey)|beers?|wine|whisky|sober"
        r"|aa meetings?|on the wagon)\b(?! (?:tea|water|coffee|milk|juice))",
        r"\b(?:sober|on the wagon|off the wagon|(?:stopped|quit|gave up|given up) (?:drinking"
        r"|alcohol|the drink|booze|wine|beer)|off the (?:drink|booze)|drinking again|teetotal"
        r"|don't drink any ?more|no longer drink)\b",
    ),
    aspect_of(
        "smoking",
        r"\b(?:smok\w+|cigarettes?|vap\w+)\b",
        r"\b(?:smok(?:e|es|ing) again|(?:stopped|quit|gave up|given up) (?:smoking|cigarettes"
        r"|the cigarettes|vaping|the fags)|smoke-?free|off the (?:fags|cigarettes|cigs)"
        r"|non-?smoker now|don't smoke any ?more|no longer smoke)\b",
    ),
)
