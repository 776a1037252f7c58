"""What somebody drinks and smokes."""

from domain.memory.change.aspects.aspect import aspect_of

HABITS = (
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
