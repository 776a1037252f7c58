"""What somebody could not do, or was learning to."""

from domain.memory.change.aspects.aspect import aspect_of

SKILLS = (
    aspect_of(
        "",
        r"\b(?:can'?t (?:drive|swim|ride|cook|skate|ski)|can not (?:drive|swim|ride|cook)"
        r"|never learn(?:ed|t)|learning to|lessons?|don't know how to|don't know to)\b",
        r"\b(?:got my (?:driving )?licen[cs]e|can \w+(?: \w+)? (?:now|at last)|(?:finally|now)"
        r" (?:can|able to)|learn(?:ed|t) (?:how )?to|passed (?:my|the) driving test|can do \w+"
        r" (?:lengths?|metres|the length))\b",
        is_of_one_thing=True,
    ),
    aspect_of(
        "",
        r"\b(?:learning|lessons?|studying|beginner|don't speak|can'?t speak|classes"
        r"|trying to learn)\b",
        r"\bfluent in\b|\b(?:speak|speaks) (?:fluent )?\w+ (?:now|fluently)\b|\bmastered\b",
        is_of_one_thing=True,
    ),
)
