"""What somebody eats no more, or eats again."""

from domain.memory.change.aspects.aspect import aspect_of

FOOD = (
    aspect_of(
        "diet",
        r"\b(?:vegan|vegetarian|veggie|eat (?:no )?(?:meat|fish)|don't eat)\b",
        r"\b(?:eat(?:ing)? (?:meat|chicken|bacon) again|started eating meat|no longer (?:vegan"
        r"|vegetarian)|(?:gone|went|turned|became|become|am|i'm|im) (?:a )?(?:vegan|veggie"
        r"|vegetarian|pescatarian)|(?:not|stopped being|done being) (?:a )?(?:vegan|veggie"
        r"|vegetarian)|(?:back on|back to|eat|eating|started eating) (?:meat|chicken|animals|beef"
        r"|bacon)(?: again)?)\b",
    ),
    aspect_of(
        "",
        r"\b(?:vegan|don't eat (?:fish|animals|any animals)|eat no fish|haven't eaten fish)\b",
        r"\b(?:back on|back to|eat|eats|eating|started eating) (?:fish|cheese|eggs|dairy"
        r"|salmon)(?: again| now)\b",
    ),
)
