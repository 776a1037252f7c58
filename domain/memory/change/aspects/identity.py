"""What somebody is called, how old they are, how they wear their hair."""

from domain.memory.change.aspects.aspect import aspect_of

IDENTITY = (
    aspect_of(
        "name nickname",
        r"\b(?:call|calls|calling) me\b(?! (?:back|later|if|when|every|at|on))|\bknown as\b|\bmy"
        r" (?:first |full )?name(?:'s| is)\b|\bgo by (?!b|c|t|foot|plane|myself)",
        r"\bmy name(?:'s| is) (?!also)[\w-]+(?: [\w-]+)? (?:now|from now on|these days)\b"
        r"|\bchanged my (?:first |legal )?name\b",
    ),
    aspect_of(
        "nickname",
        r"\b(?:call|calls|calling) me\b(?! (?:back|later|if|when|every|at|on))|\bknown as\b"
        r"|\bgo by (?!b|c|t|foot|plane|myself)|\b(?:user ?name|nickname|handle|alias)\b",
        r"\b(?:use|used|using|by|prefer|call me by|it's|is) my (?:real|full|actual|first|middle"
        r"|legal|proper|own|given) name\b|\bmy real name(?:'s| is)\b|\b(?:don't|do not|stop"
        r"|quit) us(?:e|ing) (?:that name|my nickname|the name|[\w-]+ any ?more)|\b(?:rather"
        r"|prefer)(?: to)? (?:go by|be called)\b|\bdrop the (?:nickname|title|mister|miss)\b",
        is_wish=True,
    ),
    aspect_of(
        "nickname",
        r"\bnickname\b|\bcalls? me\b",
        r"\b(?:nobody|no one|no-one|they don't|people don't) calls? me [\w-]+(?: any ?more)?\b",
        is_of_one_thing=True,
        is_wish=True,
    ),
    aspect_of(
        "surname last_name maiden_name",
        r"\b(?:last name|surname|family name)\b",
        r"\b(?:took|taken) (?:his|her|their|my \w+'s) (?:last |sur|family )?name\b|\bchanged my"
        r" (?:last |sur|family )name\b|\b(?:have|use|go by) my married name\b",
    ),
    aspect_of(
        "pronouns",
        r"\bpronouns\b",
        r"\bpronouns are .{2,20} now\b|\b(?:use|go by|changed) .{0,12}\b(?:they|she|he|ze)/\w+",
    ),
    aspect_of(
        "",
        r"(?:'s|his|her|their) name(?:'s| is)\b|\bis (?:called|named)\b",
        r"\bchanged (?:his|her|their) (?:first )?name\b|\b(?:goes by|calls (?:him|her)self) \w+"
        r" (?:now|these days)\b",
    ),
    aspect_of(
        "nickname",
        r"\b(?:call|calls|calling) me\b(?! (?:back|later|if|when|every|at|on))|\bknown as\b"
        r"|\bgo by (?!b|c|t|foot|plane|myself)",
        r"\b(?:call me|calling me|address me as|name is now|go by)\b",
    ),
    aspect_of(
        "age",
        r"\b(?:years? old|years of age|(?:i'm|im|i am|he's|hes|she's|is) (?:\d{1,2}|one|two|three"
        r"|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven"
        r"|eigh|nine)ty(?:-\w+)?)(?=$|[.,!]| (?:and|now|years|today|but))|turning \w+)",
        r"\b(?:turned|i'm|im|i am|he's|hes|she's|is|just) (?:now )?\d{1,2} (?:now|today|since|as of"
        r"|years old)\b|\bturned (?:\d|one\b|two|three|four|five|six|seven|eight|nine|ten|eleven"
        r"|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)",
        is_of_named=True,
        of_topics=("pet:",),
    ),
    aspect_of(
        "",
        r"\bhair\b|\bbeard\b|\bmoustache\b|\bdreadlocks\b|\bbraids\b|\bponytail\b",
        r"\b(?:(?:cut|chopped|shaved|buzzed) (?:it|my hair|my head|everything) ?(?:all )?(?:off"
        r"|short)?|shaved it|pixie|dyed (?:it|my hair)|(?:a|went|gone) (?:blonde?|brunette"
        r"|red(?:head)?|grey|gray|bald)(?: again| now)?|(?:chopped|cut|shaved) off (?:all )?(?:my"
        r"|his|her) hair|new haircut|haircut|shaved off)\b",
    ),
)
