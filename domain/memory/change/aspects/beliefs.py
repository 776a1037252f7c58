"""What somebody believes in, and which team they are for."""

from domain.memory.change.aspects.aspect import aspect_of

BELIEFS = (
    aspect_of(
        "",
        r"\b(?:(?:united|city|\w+) (?:fan|supporter)|support (?:the )?\w+$|big fan of)\b",
        r"\b(?:i |we |he |she )supports? \w+ now\b|\bchanged (?:teams|sides)\b|\b\w+ fan now\b",
    ),
    aspect_of(
        "",
        r"\b(?:believe in god|pray|prays|go to (?:church|mass)|catholic|believer|christian|muslim"
        r"|atheist|religious)\b",
        r"\b(?:(?:stopped|quit) (?:believing|praying|going to church)|lost my faith|converted to"
        r"|(?:an )?atheist now|don't believe (?:in god )?any ?more|left the church|found (?:god"
        r"|jesus))\b",
    ),
)
