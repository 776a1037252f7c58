"""What somebody is called, how old they are, how they wear their hair."""

from domain.memory.change.aspects.aspect import aspect_of

IDENTITY = (
    aspect_of(
        "nickname",
        r"\b(?:call|calls|calling) me\b(?! (?:back|later|if|when|every|at|on))|\bknown as\b"
        r"|\bgo by (?!b|c|t|foot|plane|myself)",
        r"\b(?:call me|calling me|address me as|name is now|go by)\b",
    ),
    aspect_of(
        "age",
        r"\b(?:years? old|years of age|(?:i'm|im|i am|he's|hes|she's|is) (?:\d{1,2}|one|two|three"
        r"|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen"
        r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?)(?=$|[.,!]"
        r"| (?:and|now|years|today|but))|turning \w+)",
        r"\b(?:turned|i'm|im|i am|he's|hes|she's|is|just) (?:now )?\d{1,2} (?:now|today"
        r"|years old)\b|\bturned (?:\d|one\b|two|three|four|five|six|seven|eight|nine|ten|eleven"
        r"|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)",
    ),
    aspect_of(
        "",
        r"\bhair\b|\bbeard\b|\bmoustache\b|\bdreadlocks\b|\bbraids\b|\bponytail\b",
        r"\b(?:(?:cut|chopped|shaved|buzzed) (?:it|my hair|my head|everything) ?(?:all )?(?:off"
        r"|short)?|shaved it|pixie|dyed (?:it|my hair)"
        r"|(?:a|went|gone) (?:blonde?|brunette|red(?:head)?|grey|gray|bald)(?: again| now)?"
        r"|new haircut|haircut|shaved off)\b",
    ),
)
