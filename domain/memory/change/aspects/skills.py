"""What somebody could not do, or was learning to."""

from domain.memory.change.aspects.aspect import aspect_of

SKILLS = (
    aspect_of(
        "",
        r"\b(?:can'?t (?:drive|swim|ride|cook|skate|ski)|can not (?:drive|swim|ride|cook)"
        r"|never learn(?:ed|t)|learning to|lessons?|don't know how to|don't know to)\b",
        r"\b(?:got my (?:driving )?licen[cs]e|can \w+(?: \w+)? (?:now|at last)"
        r"|(?:finally|now) (?:can|able to)|learn(?:ed|t) (?:how )?to"
        r"|passed (?:my|the) driving test|can do \w+ (?:lengths?|metres|the length))\b",
        is_of_one_thing=True,
    ),
)
