"""Of what a wish to forget speaks, wherever it is said: before the verb, after it, or beside it."""

import re

from attrs import frozen

from adapters.local.fact_rules.forgetting.objects import Object, named_before, object_of
from adapters.local.fact_rules.forgetting.vocabulary import AWAY, MATTER, PRONOUN, SPOKEN, any_of
from domain.memory.words import telling_words

_TOLD = re.compile(
    rf"\b(?:i|we)(?: have| had| ever| just| once| should not have| should never have| never should"
    rf" have| did)*(?: \w+ly)? {any_of(SPOKEN)}\b"
    rf"|\bmy (?:\w+ )?(?:confession|admission|secret(?! \w+$)|rant|remarks?|slip|talk|ramblings?)\b"
    rf"|\b(?:what|whatever|anything|everything|all|the things?) (?:that )?(?:you|u) (?:may "
    rf"|might )?"
    rf"(?:have|know|heard|remember|hold|keep|stored|saved)\b"
    rf"|\b(?:me|my) (?:saying|telling|mentioning|having (?:said|told|mentioned))\b"
    rf"|\b(?:you|u) (?:now )?(?:know|heard|remember|recall)\b"
    rf"|\b(?:open|frank|honest|candid|indiscreet|boasted|moaned|joked|cried) (?:with|to) (?:you"
    rf"|u)\b"
    rf"|\b(?:our|that|this) (?:\w+ )?(?:conversation|chat|talk)\b",
    re.IGNORECASE,
)  # fmt: skip
_OF_MATTER = re.compile(
    rf"(?:(?:all|the|that|this|my|our|those|your|his|her|their|what|\w+'s)\b[^,;:!?]{{0,60}}?"
    rf" {any_of(MATTER)}\b(?! (?:is|are|was|were|where|when|in which)\b)"
    rf"|{any_of(MATTER)} (?:about|with|of|regarding|concerning)\b"
    r"|(?:everything|anything|something|every word|whatever|all|any|what|that|this|it|info"
    r"|information|facts?|notes?)(?: (?:that )?(?:you|i) \w+){0,2}"
    r" (?:about|of|on|regarding|concerning)\b)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:and|so|but|well|ok|okay|oh|now|then|also|please|pls|btw|by the way|actually|um|uh"
    r"|yo|hey"
    r"|listen|look|look here|dear|one (?:small|last|more|little)? ?(?:thing|request|favou?r|wish)"
    r"(?: (?:please|then|though))?|two things|god|omg|ugh|hmm?|right|anyway|sorry|you know|ay"
    r"|kindly|just|really|remember|about|on|as (?:to|for)|regarding|concerning|re|with regard to"
    r"|of|that(?= (?:the|my|our|what|i|we|his|her|he|she)\b))(?:[,:;.!?…–— -]+|$))+",
    re.IGNORECASE,
)
_NEW_SUBJECT = re.compile(
    r"\b(?:i|we|he|she|they|it|there) (?:am|is|are|was|were|have|has|had|do|does|did|will|would"
    r"|can|could|should|must|went|got|get|want|need|feel|felt|think|thought|said|says|asked|told"
    r"|found|made|just|never|always|really|still|only)\b|\b(?:i'm|we're|it's|he's|she's|they're)\b",
    re.IGNORECASE,
)
_FILLING = re.compile(
    rf"^(?:all |the |that |this |those |these |my |our |whole |entire |silly |stupid |sorry |little"
    rf" |sad )*(?:{any_of(MATTER)})(?: (?:is|was))?(?: (?:about|with|of|where|when|regarding"
    rf"|concerning|that|which))?\b",
    re.IGNORECASE,
)  # fmt: skip
_PRONOUN = re.compile(
    rf"(?:up |out |away |off |down |over )?{any_of(PRONOUN)}(?=$|[,.;:!?…–—-]| -| (?:please|pls|now"
    r"|out|away|off|up|down|back|over|from|for|in|into|to|right|ok|okay|k|and|then|again|too|as"
    r"|with (?:it|them)|before|behind|because|all|forever|completely|entirely|altogether|will|would"
    r"|can|could|thanks?|any|at|if|so|or|like|on|onto|ever|u|once|straight|go|be|not|asap)\b)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[,;:!?…–—].*$|\.\s.*$| (?:please|pls|plz|now|ok|okay|k|for (?:me|good|ever|us)|forever"
    r"|will (?:you|ya)|would you|can you|could you|thanks|thank you|ta|any ?more|any longer"
    r"|entirely|completely|altogether|again|because|since|before it|so that|if you|and (?:do not"
    r"|never|i|we|let)|but|from (?:your|ur|the|there|you|my)|off (?:your|ur|the)|out (?:of|from)"
    r"|(?:in|into|to|down|over) (?:your|ur|the (?:bin|trash|shredder|fire|oven|sea|bottom|side)))"
    r"\b.*$",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"^(?:up|out|away|off|down|over|back) ", re.IGNORECASE)
_PARTICLE_AFTER = re.compile(
    r" (?:up|out|away|off|down|over|back|behind|will (?:you|ya)|pls|plz)$", re.IGNORECASE
)
_ABOUT_IT = re.compile(
    r"(?:\w+ ){1,6}(?:about|of) (?:it|this|him|her|them)(?:$|[,.;:!?]| (?:please|pls|now|again)\b)",
    re.IGNORECASE,
)
_AWAY_FIRST = re.compile(rf"^{any_of(AWAY)},? ", re.IGNORECASE)
_ONE_OF_MANY = re.compile(r"\b(?:something|some things?|a thing|one thing) about\b", re.IGNORECASE)
"""Who said "something about Willa" does not mean all that there is of Willa."""
_ENDS = " ,.;:!?…-–—"
_PARTS = re.compile(r"[,;:.…]\s+(?:so |and |but )?| - | [\U0001f300-\U0001faff] ?")
_FRAGMENT_WORDS = 9
_FEWEST_WORDS = 4
_TOPIC_WORDS = 22
_SAYS_THAT_IT_WAS_TOLD = re.compile(
    rf"\b(?:what|whatever|anything|everything|something|all|the \w+|(?:i"
    rf"|we) wish)? ?(?:that )?(?:i|we|id|you|u)"
    rf"(?: would| have| had| may| might| did| just| ever| once| never| not| should| shouldn't)*"
    rf"(?: (?:told|gave)(?: you)?| {any_of(SPOKEN)}(?: (?:to|with) you| you)?| know| have| heard)"
    rf"(?: (?:about|on|of|regarding|concerning)\b)?"
    rf"|\b(?:i|it) (?:is|was|am) (?:\w+ ){{0,4}}(?:of me |that )?(?:to (?:mention|tell|say)"
    rf"|not clever"
    rf"|you know|not my story to tell)\b|\bnot my story to tell\b",
    re.IGNORECASE,
)
_SAY_NOTHING = frozenset(
    """
    want wanted back two three all both other others thing things one ones word words every mine
    yours own sentence whole lot bit part story it said told say tell know knew made make lied
    everything anything something nothing happened spoken much too open said mention mentioned
    should could must shall might may if that's what who why how where when which there therefore
    time times before after number corrected next last first sorry tale silly piece
    pieces bits parts
    """.split()  # noqa: SIM905 - read best as a text
)


@frozen
class Beside:
    """The sentences before and after the one that asks, plain."""

    before: str = ""
    after: str = ""


def tells_of_telling(text: str) -> bool:
    """Whether it speaks of what the companion was told: "what I said", "you know", "my rant"."""
    return _TOLD.search(text) is not None


def is_told_matter(text: str) -> bool:
    """Whether it begins as something that was told: "that business about Tom", "what I said"."""
    text = _LEAD.sub("", text.strip(), count=1)
    return _OF_MATTER.match(text) is not None or tells_of_telling(text[:80])


def object_in(rest: str) -> Object:
    """What stands after the verb: a name for it, or only "it"."""
    text = _PARTICLE.sub("", _AWAY_FIRST.sub("", rest.strip(_ENDS)))
    if _ABOUT_IT.match(text) is not None:
        return Object(is_pronoun=True)
    found = object_of(text)
    pronoun = _PRONOUN.match(text)
    if pronoun is not None and not (_tells(found.what) and is_told_matter(text)):
        return Object(is_pronoun=True, after=text[pronoun.end() :])
    if not found.what:
        return found
    what = _PARTICLE_AFTER.sub("", _TAIL.sub("", found.what))
    bare = _FILLING.sub("", what, count=1).strip(_ENDS)
    what = bare if _tells(bare) else what
    return Object(what) if _tells(what) else Object()


def _tells(text: str) -> bool:
    return bool(telling_words(text) - _SAY_NOTHING)


def named_in(text: str) -> str:
    """What a text names, without what only says that something was told; empty for nothing."""
    named = "" if _ONE_OF_MANY.search(text) else named_before(text)
    if _tells(named):
        return named
    text = _LEAD.sub("", text.strip(_ENDS), count=1)
    text = _SAYS_THAT_IT_WAS_TOLD.sub(" ", text)
    text = " ".join(_FILLING.sub("", text.strip(_ENDS), count=1).split()).strip(_ENDS)
    return text if _tells(text) else ""


def topic_of(head: str) -> tuple[str, bool]:
    """The matter that a sentence names before it asks, and whether it says that it was told.

    As in "That business in the loos, …"; the last part may be it, "She must not know, so about
    Monday: …", or the first, "As to Monday, you are …".
    """
    text = re.sub(r" (?:so|and|but|then|please|pls)$", "", head.strip(_ENDS))
    named = "" if _ONE_OF_MANY.search(text) else named_before(text)
    if _tells(named):
        return named, is_told_matter(text)
    if len(text.split()) > _TOPIC_WORDS:
        text = _PARTS.split(text)[-1]
    parts = _PARTS.split(text)
    for part in dict.fromkeys((text, parts[-1], parts[0])):
        bare = _LEAD.sub("", part, count=1).strip(_ENDS)
        is_told = tells_of_telling(bare) or _OF_MATTER.match(bare) is not None
        named = re.sub(r"^(?:so|and|but|ok|well|yo|btw),? ", "", part, flags=re.IGNORECASE)
        if bare and (is_told or is_fragment(named)):
            return named_in(bare), is_told
    return "", False


def is_fragment(text: str) -> bool:
    """Whether it names something and says nothing of it."""
    text = text.strip(" ,.;:!?…-–—")
    if not text or len(text.split()) > _FRAGMENT_WORDS:
        return False
    if re.match(r"(?:about|on|as (?:to|for)|regarding|concerning|re) ", text, re.IGNORECASE):
        return True
    is_relative = re.match(
        r"(?:what|whatever|the \w+ (?:that )?(?:i|you|we))\b", text, re.IGNORECASE
    )
    return is_relative is not None or (
        _NEW_SUBJECT.search(text) is None
        and re.match(
            r"(?:the|that|this|those|these|my|our|his|her|their|all|both|about|\w+'s|\w+ \w+'s)\b",
            text,
            re.IGNORECASE,
        )
        is not None
        and re.search(
            r" (?:is|are|was|were|has|have|had|will|would|can|says?|said|came|got|went)\b", text
        )
        is None
    )


def matter_beside(head: str, beside: Beside, *, is_sure: bool) -> str:
    """What the neighbouring sentences name, or what leads to the wish.

    ``is_sure``: the wish is plain, and must mean what stands there, whatever it is.
    """
    after = beside.after.strip(_ENDS)
    meant = re.sub(r",? i mean(?:t)?$", "", after, flags=re.IGNORECASE)
    if after and is_fragment(meant) and (is_sure or after != meant):
        return named_in(meant)
    before = beside.before.strip()
    if is_named_alone(before) or tells_of_telling(before):
        return named_in(before)
    if not is_sure:
        return ""
    lead = named_in(head)
    return lead if len(lead.split()) >= _FEWEST_WORDS else named_in(before)


def is_named_alone(sentence: str) -> bool:
    """Whether a sentence only names something: "The business with the loan."."""
    return is_fragment(_LEAD.sub("", sentence, count=1))
