"""Cutting a message into sentences and plain clauses."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
import re

from attrs import frozen

from adapters.local.fact_rules.slang import spelled_out

LONGEST = 4_000
"""Characters that are read of one message."""
_LONGEST_CLAUSE = 400

_ROLEPLAY = re.compile(r"\*[^*\n]{1,400}\*|```[^`]{0,4000}```|^\s*>[^\n]*$", re.MULTILINE)
_ACTION = re.compile(r"\*\w[^*\n]*\s[^*\n]*\*")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_QUOTE = re.compile(r"[\"“”«»]([^\"“”«»\n]{1,600})[\"“”«»]")
_QUOTES = frozenset('"“”«»')
_SHORT_QUOTE_WORDS = 4
_ABBREVIATION = re.compile(
    r"\b(Dr|Mr|Mrs|Ms|Prof|St|Mt|Jr|Sr|vs|approx|Sra|Dra|Hr|Fr|No|Inc|Ltd|Co|[A-Z])\.(?=\s)"
)
_DOT = "\u2024"
_INNER_DOT = re.compile(r"\b([ap])\.\s?m\.|\b(e)\.(g)\.|\b(i)\.(e)\.", re.IGNORECASE)
# Only endings that no sentence begins with where its space was forgotten ("in Rome.It rained").
_ADDRESS = re.compile(
    r"[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|info|dev|app|io|co|uk|eu)\b(?!\.?\w)"
)
_SENTENCE = re.compile(r"[^.!?…\n]+(?:\.(?=\d)[^.!?…\n]+)*(?:[.!?…]+|\n|$)")

_RUN_TOGETHER = re.compile(
    r"\b(?:(i)(m|ve)|(he|she|that|there|what|where|who)(s)|(don|doesn|didn|isn|wasn|can|won|hasn"
    r"|haven|couldn|wouldn|shouldn|aren)(t))\b(?=[ ,.!?]|$)",
    re.IGNORECASE,
)
_EXPANSIONS = [
    (re.compile(pattern, re.IGNORECASE), to)
    for pattern, to in [
        (r"\b(i)'?m\b", r"\1 am"),
        (r"\b(can)(?:'t|not)\b|\bcant\b", "can not"),
        (r"\bwon'?t\b(?! be a)", "will not"),
        (r"\bain't\b", "is not"),
        (r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should|need)n'?t\b", r"\1 not"),
        (r"\b(i|we|you|they)'?ve\b", r"\1 have"),
        (r"\b(i|we|you|they|he|she|it|that)'ll\b", r"\1 will"),
        (r"\b(i|we|you|they|he|she)'d\b(?= (?:been|had|better))", r"\1 had"),
        (r"\b(i|we|you|they|he|she)'d\b", r"\1 would"),
        (r"\b(we|you|they)'re\b", r"\1 are"),
        (r"\b(he|she|it|that|there|here|who|what|name|where)'s\b(?= (?:got|been)\b)", r"\1 has"),
        (r"\b(he|she|it|that|there|here|who|what|where)'s\b", r"\1 is"),
        (r"\b(name|birthday|anniversary|favou?rite \w+)'s\b", r"\1 is"),
        (r"(\w)'s(?= (?:called|named|a|an|the|from|in|on|at|not|now|getting|moving|(?!wedding"
         r"|morning|evening|building|painting|meeting|thing|king|ring|spring|birthday)\w+ing"
         r"|\d+)\b)",
         r"\1 is"),
        (r"(\w)'s(?= (?:got|been|had|just|moved|died|passed|become|started)\b)", r"\1 has"),
        (
            r"^([A-ZÀ-Þ][a-zà-ÿ]+)'s(?= (?:my|our|so|due|on|very|\w+ed)\b)",
            r"\1 is",
        ),
        (r"\b(he|she)s\b", r"\1 is"),
        (r"\bits\b(?= (?:an?|the|on|in|my|not|called|\w+$))", "it is"),
        (r"\btheyre\b", "they are"),
        (r"\bill\b(?= (?:be|have|start|move|go)\b)", "i will"),
        (r"\bu\b", "you"),
        (r"\bur\b", "your"),
        (r"\b(birthday|name|email|number)s (?=the|on|in|a|my|called|\d)", r"\1 is "),
        (r"\b(my (?:e-?mail|number|phone number))'s\b", r"\1 is"),
        (r"\bwanna\b", "want to"),
        (r"\bgonna\b", "going to"),
        (r"\bgotta\b", "have to"),
        (r"\blet's\b|\blets\b", "let us"),
        (r"\bno more\b$|\banymore\b|\bany longer\b", "any more"),
        (r"\bhave got\b(?= (?:a|an|two|three|four|five|\d|my|the|some|no)\b)", "have"),
        (r"\bhas got\b(?= (?:a|an|two|three|four|five|\d)\b)", "has"),
    ]
]  # fmt: skip

_BEGINS_ANEW = (
    r"(?:i|i'm|i've|i'd|i'll|im|ive|we|we're|we've|he|he's|she|she's|it|it's|they|they're|you"
    r"|that's"
    r"|that is|this is|there's|there is|my|our|no|not|never|actually|sorry|wait|really|seriously"
    r"|thanks|thank|but|so|and|well|wow|lol|haha|oh)"
)
"""What a "no" stands before that answers, where no comma says so: "no more sugar" denies."""
_INTERJECTION = re.compile(
    r"(?:(?:oh|ah|aha|though|although|omg|update|yeh|yea|lol|ugh|hm+|well|so|and|but|also|plus"
    r"|anyway|anyways"
    r"|btw|by the way|you know(?:"
    r" what)?"
    r"|ok|okay|yes|yeah|yep|yup|right(?! (?:now|after|before|in|on|at|next|by)\b)|sure(?! enough\b)"
    rf"|(?:no|nope|nah)(?=\s*(?:[,:;.!–—]|-\s)|\s+-|\s+{_BEGINS_ANEW}\b)|hi|hey|hello"
    rf"|good morning|good evening"
    r"|honestly|frankly|to be honest|tbh|fun fact|guess what|look|listen|see|thanks(?! to\b)"
    r"|thank you"
    r"|great(?! (?:aunt|uncle|grand))|cool|nice|haha+|lol|hehe|oops|sorry|wait|actually|in fact"
    r"|as a matter of fact"
    r"|for (?:the record|your information)|fyi|just so you know|as you know|speaking of which"
    r"|i think(?= i (?:want|wanna|am going|would|will)\b| i'm going\b)|first(?: of all)?"
    r"|second(?:ly)?|finally|in addition|besides|apparently|sadly|unfortunately"
    r"|luckily|fortunately|happily|believe it or not|personally|in general|basically|correction"
    r"|i(?:'ve)? (?:forgot|forgotten) to (?:say|mention|tell you)(?: that)?"
    r"|(?:i (?:have to|must|should|can|wanted to|want to|need to|'d like to|would like to)?"
    r" ?(?:tell|told|let|say|mention|admit|confess|add)"
    r"(?: you)?(?: know)?(?: that|,|:))"
    r"|(?:just )?(?:so|to let) you know(?: that)?|the (?:thing|truth|fact) is(?: that)?"
    r"|i (?:am|'m) (?:happy|sad|sorry|proud|glad|excited|afraid) to (?:say|tell you|report)"
    r"(?: that)?|(?:the )?(?:good|bad|big|great|sad) news(?: is)?(?: that)?"
    r")(?:\s*[,:;.!–—]+\s*|\s*-+\s+|\s+-+|\s+))",
    re.IGNORECASE,
)
_EMOTICON = re.compile(
    r"(?:\s+(?:lol|lmao|haha+|hehe+|xd|rofl|omg|btw|tbh|:[-']?[()DdPp/|]|;-?\)|<3"
    r"|[\U0001f300-\U0001faff"
    r"\u2600-\u27bf\ufe0f]+))+(?=[.!?…]*$)|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]+$",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"\b(?:actually|correction|i meant|i mean|no|nope|sorry|wait|oops)\b[\s,:–—-]", re.IGNORECASE
)
_LEADING_TIME = re.compile(
    r"(?:(?:last|next|this|every) (?:night|week|month|year|weekend|spring|summer|autumn|fall"
    r"|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march"
    r"|april|may|june|july|august|september|october|november|december)"
    r"|yesterday|tomorrow|today|recently|lately|nowadays|these days|currently|now|right now"
    r"|in (?:the )?(?:spring|summer|autumn|fall|winter)|in (?:19|20)\d\d|in (?:january|february"
    r"|march|april|may|june|july|august|september|october"
    r"|november|december)(?: \d{4})?|(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d+"
    r"|a few|some|many|several)(?: \w+)? (?:days?|weeks?|months?|years?) ago"
    r"|in (?:a|an|one|two|three|four|five|six|\d+|a few) (?:days?|weeks?|months?|years?)"
    r"|(?:from|as of) (?:the )?[\w ]{3,24}?(?: on)?(?=,? (?:i|we)\b)"
    r"|on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?"
    r"|as of (?:today|now|yesterday)|since (?:last|this) (?:week|month|year)"
    r"|as a (?:child|kid|teenager|boy|girl)|when i was (?:a )?[\w ]{2,20})"
    r"\s*,?\s+",
    re.IGNORECASE,
)


@frozen
class Clause:
    """One thing said.

    ``text`` is the person's own words, ``plain`` the same for patterns: straight quotes, no
    contractions, no end mark, without what leads in. ``lead`` is the time that stood before it.
    """

    text: str
    plain: str
    lead: str = ""
    is_question: bool = False
    is_correction: bool = False


def sentences_of(message: str) -> list[str]:
    """The sentences that are the person's own, without role play, links and long quotations."""
    text = message[:LONGEST].replace("’", "'").replace("‘", "'").replace("`", "'")
    text = _ROLEPLAY.sub(" ", text) if "*" in text or "'''" in text or ">" in text else text
    if "//" in text or "www." in text:
        text = _LINK.sub(" ", text)
    text = _RUN_TOGETHER.sub(_apostrophed, text)
    if not _QUOTES.isdisjoint(text):
        text = _QUOTE.sub(_unquoted, text)
    if "." in text[:-1]:
        text = _INNER_DOT.sub(_undotted, text)
        text = _ABBREVIATION.sub(rf"\1{_DOT}", text)
        text = _ADDRESS.sub(_in_one, text)
    found = (" ".join(part.split()) for part in _SENTENCE.findall(text))
    return [part.replace(_DOT, ".") for part in found if len(part) > 1]


def is_acted(message: str) -> bool:
    """Whether something is done between asterisks."""
    return _ACTION.search(message) is not None


def plain(text: str) -> str:
    """Without contractions, without the end mark."""
    text = spelled_out(text.strip(' .!?…,;:-–—"“”«»()'))
    if "'" in text or "nn" in text or "tt" in text or "any" in text or _SLOPPY.search(text):
        for pattern, to in _EXPANSIONS:
            text = pattern.sub(to, text)
    elif " got " in text:
        for pattern, to in _EXPANSIONS[-2:]:
            text = pattern.sub(to, text)
    return text


_SLOPPY = re.compile(
    r"\b(?:im|ive|dont|doesnt|didnt|cant|wont|isnt|lets|no more|hes|shes|birthdays|names|emails"
    r"|its|theyre|ill|u|ur)\b",
    re.IGNORECASE,
)


def clause_of(text: str) -> Clause:
    """A clause without its interjections; too long a one is cut."""
    text = _EMOTICON.sub("", text[:_LONGEST_CLAUSE]).strip(" ,;:-–—()")
    corrects = False
    while (match := _INTERJECTION.match(text)) is not None and match.end() < len(text):
        corrects = corrects or _CORRECTION.match(match[0]) is not None
        text = text[match.end() :].lstrip(" ,;:-–—")
    bare = plain(text)
    lead = _LEADING_TIME.match(bare)
    time = ""
    if lead is not None and lead.end() < len(bare):
        time, bare = lead[0].strip(" ,"), bare[lead.end() :]
    bare = with_subject(bare)
    return Clause(tidy(text), bare, time, text.endswith("?"), corrects)


_DROPPED = re.compile(
    r"(?P<been>been (?=\w+ing\b|with |at (?!it\b)|a |an |on (?!my\b)|sober|vegan|married|together))"
    r"|(?P<be>(?:just |still |now |also )?(?:moving|starting|learning|doing|working|studying|living"
    r"|saving|training|planning|getting|thinking of|going to|trying to|writing|building|dating"
    r"|seeing"
    r"|allergic|lactose|vegan|vegetarian|veggie|pregnant|engaged|married|single|terrified of"
    r"|scared of|afraid of|from (?-i:[A-Z]))\b)"
    r"|(?P<do>(?:just |finally |also |still )?(?:got|sold|bought|moved|started"
    r"|quit(?! \w+ing (?:me|us)\b)|lost|won|passed|adopted|joined|switched|live|work|study"
    r"|love|hate|have|had|play|collect"
    r"|grew up|broke up|met|booked|signed up|turned|handed in|gave up|stopped|used to|can not|can't"
    r"|hit|graduated|retired|named|transferred|cancelled|became|drive|speak|teach|failed|learned"
    r"|finished|divorced|inherited|applied|enrolled)\b)"
    r"|(?P<kin>(?:mum|mom|dad|gran|grandma|granny|grandpa|grandad|granddad|nana|mummy|daddy)"
    r" (?=\w)|(?:(?:full |last |first |real |middle )?name|surname|birthday|home|hometown|job"
    r"|nickname|favou?rite \w+) is (?=\w))",
    re.IGNORECASE,
)


def with_subject(bare: str) -> str:
    """With the "I" that people leave out where they write as they speak."""
    match = _DROPPED.match(bare)
    if match is None:
        return bare
    start = {"been": "i have ", "be": "i am ", "do": "i ", "kin": "my "}[match.lastgroup or "do"]
    return f"{start}{bare}"


def tidy(text: str) -> str:
    """As a sentence of its own."""
    text = text.strip(" ,;:-–—")
    if not text:
        return text
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?…" else f"{text}."


def _apostrophed(match: re.Match[str]) -> str:
    before, after = (one for one in match.groups() if one)
    return f"{before}'{after}"


def _unquoted(match: re.Match[str]) -> str:
    inner = match[1]
    return inner if len(inner.split()) <= _SHORT_QUOTE_WORDS else " "


def _in_one(match: re.Match[str]) -> str:
    return match[0].replace(".", _DOT)


def _undotted(match: re.Match[str]) -> str:
    return match[0].replace(".", "").replace(" ", "")
