"""What somebody drinks and smokes."""

from domain.memory.change.aspects.aspect import aspect_of

HABITS = (
    aspect_of(
        "",
        r"\b(?:drinks?|glass(?:es)? of (?:wine|red|whisky|whiskey)|beers?|wine|whisky|sober"
        r"|aa meetings?|on the wagon)\b(?! (?:tea|water|coffee|milk|juice))",
        r"\b(?:sober|on the wagon|off the wagon"
        r"|(?:stopped|quit|gave up|given up) (?:drinking|alcohol|the drink|booze|wine|beer)"
        r"|off the (?:drink|booze)|drinking again|teetotal|don't drink any ?more"
        r"|no longer drink)\b",
    ),
    aspect_of(
        "smoking",
        r"\b(?:smok\w+|cigarettes?|vap\w+)\b",
        r"\b(?:smok(?:e|es|ing) again"
        r"|(?:stopped|quit|gave up|given up) (?:smoking|cigarettes|the cigarettes|vaping|the fags)"
        r"|smoke-?free|off the (?:fags|cigarettes|cigs)|non-?smoker now|don't smoke any ?more"
        r"|no longer smoke)\b",
    ),
)
