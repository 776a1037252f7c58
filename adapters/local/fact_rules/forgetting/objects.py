"""Of what a wish to forget speaks: "what I told you yesterday about Tom" speaks of Tom."""

import re

from attrs import frozen

_WHEN = (
    r"(?: (?:yesterday|earlier|before|today|once|tonight|just now|recently|back then|(?:last|this"
    r"|the other|on|one) \w+(?: (?:morning|night|evening))?|(?:\w+|a few|a couple of) (?:days?"
    r"|weeks?"
    r"|months?|years?|minutes?) ago|a (?:while|bit) (?:ago|back)|in (?:another|an earlier|the other"
    r"|our last|this) \w+|in confidence|by accident|by mistake|when i was \w+))*"
)
_SPOKE = (
    r"(?:told|tell|telling|said|say|mentioned|mention|shared|share|wrote|written|confided|confessed"
    r"|talked|talking|spoke|spoken|discussed|texted|typed|revealed|let slip|brought up|asked|heard"
    r"|blabbed|rambled)"
)
_I_TOLD = (
    rf"(?:(?:i|we|you)(?: should| would| could)?(?: have| had| did)?(?: not)?(?: have)?"
    r"(?: ever| just| once| also| already| never| kind of)*"
    rf" {_SPOKE}(?: to| with)?(?: you| me| us)?(?: everything| anything| something| all"
    rf"| it)?{_WHEN})"
)
_WHOLE = (
    r"(?:(?:absolutely |every single |literally )?(?:what(?:ever)?|everything|every word|anything"
    r"|something|all|any|(?:all |any |the whole |the |that |this |those "
    r"|my )*(?:whole )?(?:thing|things"
    r"|stuff|parts?|bits?|story|stories|information|info|details?|business|chats?|talks?"
    r"|conversations?|memory|memories|notes?|facts?|mentions?|messages?|comments?|confession"
    r"|rant|subject|topic)"
    r"|that|this|it))"
)
_YOU_KNOW = (
    r"(?:(?:that )?you (?:might |may )?(?:know|have|remember|learned|heard|stored|saved|kept)"
    r"(?: stored| saved)?)"
)
_ABOUT = r"(?:about|concerning|regarding|on the subject of|to do with|with respect to)"
_TOLD_ANYWHERE = re.compile(
    rf"(?:{_I_TOLD}|{_WHOLE}{_WHEN}|know|hear|heard|knew|talk)(?: (?:that|all))? {_ABOUT} (?P<x>.+)"
    rf"|^(?:so |and |well |ok |okay |hey |hi |now |oh |also )*{_ABOUT} (?P<x2>.+)",
    re.IGNORECASE,
)
_STATED = re.compile(rf"(?:{_I_TOLD})(?: that)? (?=(?:i|we|my|our)\b)", re.IGNORECASE)
_LEAD = re.compile(
    rf"(?:(?:please|now|ok|all|again|ever|about)[, ]+|(?:the fact )?that (?=(?:i|we|my)\b)"
    rf"|(?:{_I_TOLD}|{_SPOKE}(?: to)?(?: you)?{_WHEN})(?: that| of)?(?: |$)"
    rf"|{_YOU_KNOW} |{_ABOUT} |{_WHOLE}(?: that| which)?{_WHEN}(?=(?: (?:{_ABOUT}|i|we|you"
    rf"|that)\b))"
    r" |(?:the|that|this|all|any|all that|all the)"
    r" (?:whole )?(?:thing|stuff|story|part|bit|business|memory|mention|fact|memories|mentions"
    r"|details?"
    rf"|subject|topic)s? (?:(?:[\w']+ ){{0,4}}?{_ABOUT}|of|with|where|that) )",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"(?!that (?:i|we|my) (?!(?:just )?(?:told|said|mentioned|do|did|would|want|wish|feel|regret"
    r"|should"
    r"|changed)\b))(?:about |that )?(?:it|that|this|them|these|those|all of (?:it|that)"
    r"|all (?:that|this)|the (?:whole )?thing"
    r"|that (?:one|part|bit|thing|stuff|story)|the thing|everything|what i (?:just )?(?:said"
    r"|told you"
    r"|wrote)(?: to you)?|(?:i|we) (?:(?:just|ever|even) )?(?:said|told you|mentioned)(?: (?:it"
    r"|that"
    r"|this|anything|so))?)"
    r"(?=$|[,.;:!? ])(?! (?:\w+ ){0,2}(?:thing|stuff|story|part|bit)\b)",
    re.IGNORECASE,
)
_AFTER_PRONOUN = re.compile(
    r"$|[,.;:!?–—-]| (?:please|again|for|from|off|out|any ?more|at all|now|completely|entirely|ever"
    r"|if|because|since|as|so|i|we|let|and|then|too|all|forever|ok|okay|up|somewhere|anywhere|on|in"
    r"|right|thanks|thank|it|down|around|kept|stored|gone|to be|when|before|lol)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"[,;:.!?–—].*$| - .*$| (?:because|so that|since|as it|if you|if that|if possible|when you"
    r"|before"
    r" (?:you|we|i)|and (?:i|please|let|never|do not|then|move|that|just|you|we)|but|please|thanks"
    r"|thank you|now|ok|okay|alright|again|any ?more|at all|for (?:ever|good|me)|forever|right away"
    r"|immediately|cheers|lol|completely|entirely|altogether|whatsoever|it (?:is|was|makes|hurts"
    r"|feels"
    r"|would|stresses)|that (?:is|was) (?:private|none|too|not|between|personal)|this is"
    r"|(?:i|we) (?:am|was|did|do|would|will|want|wish|feel|felt|regret|should|need|just|really"
    r"|shared|said it|told you|have (?:already |since )?(?:talked|thought|decided|realized|realised"
    r"|changed|dealt|moved|made|come|regretted|been)|had not|had better|promised)"
    r"|(?:can|could|would|will) you|(?:forget|delete|erase|wipe|drop|remove|scrap) (?:it|that"
    r"|this)|from (?:here|now)|"
    r"(?:from|off|out of|in) (?:of )?(?:your|ur|the|my) (?:\w+ )?(?:brain|memory|memories|mind"
    r"|head|notes"
    r"|records?|lists?|system|database|files?|history|profile|conversations?|chats?))\b.*$",
    re.IGNORECASE,
)
_STATE = re.compile(
    r" (?:(?:is|was|are|were) (?:so |really |very |too |a bit |kind of |just |all |strictly "
    r"|meant to be"
    r" |between |not )*(?:private|personal|secret|a secret|confidential|wrong|a mistake|nobody"
    r"|none|you"
    r"|silly|stupid|embarrassing|painful|sensitive|off|nonsense|old|over|sad|us|for|meant|too|yours"
    r"|something i|not)|(?:can|could|should|must|has to|needs to|have to|would|up)\b|makes me|still"
    r" (?:hurts|upsets)|(?:to )?be\b|never happened|gone|(?:kept|stored|saved) anywhere).*$",
    re.IGNORECASE,
)
_THE_THING = re.compile(
    r"(?:the |that |this |all (?:that|the) )?(?P<x>.{2,60}?) (?:thing|stuff|story|part|bit"
    r"|business|fact|situation|topic|subject)s?$",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:it|that|this|about|about it|about that|to \w+.*|everything|all|anything|things?|something"
    r"|someone.*|somebody.*|people|(?:i )?(?:said|asked)(?: anything)?|never mind|you|me|us|him|her"
    r"|them|what (?:i|you) (?:just )?(?:said|wrote|asked|told you|told me)|what (?:he|she|they)\b.*"
    r"|the (?:last )?question|how .*|who .*|where .*|when .*|why .*|if .*|one(?:'s)?|of .{0,3}"
    r"|(?:gone )?(?:from|out of|off) your .*|gone|your .*|yourself|myself|what|i|we|the|a|an|my"
    r"|in|on|up|out|and|for|off"
    r"|my (?:last |previous |first )?(?:question|message|question please))$",
    re.IGNORECASE,
)
_TOPIC_NOUN = re.compile(
    r"^(?:(?:so|and|well|ok|okay|hey|hi|also|oh|now|listen|sorry|um) *,? )*"
    r"(?P<x>(?:my|our|the|that|this|his|her|those|all (?:the|that)) [^,;:.!?]{2,60}?"
    r"|(?!(?:please|can|could|would|just|kindly|actually|so|ok|okay|and|but|oh|hey|no|sorry|then"
    r"|also|well|pls|i|you|yes|thanks|now)\b)(?-i:[A-Z])[\w'-]+(?: (?-i:[A-Z])[\w'-]+)?)"
    r"(?: (?:is|was|are|were) (?:\w+ ){0,2}?(?:private|personal|secret|confidential|sensitive"
    r"|painful"
    r"|a mistake|a secret|between us|too much|nobody's business|embarrassing)\b[^,;:.!?]*)?"
    r"[,;:.!?–—-]*(?: (?:so|and|but))?$",
    re.IGNORECASE,
)
_WHOLE_MATTER = re.compile(
    r"(?:about )?(?:(?:all|the|that|this|whole|entire|sorry|sad|silly|of) )+(?:business|affair"
    r"|matter|episode|saga|lot|thing|stor(?:y|ies)|topic|subject|mess|it|that|this)"
    r"(?: (?:now|please|again|completely|entirely|altogether))*"
    r"(?:(?P<named>\s*[,:;–—-]+ (?P<x>(?:the|my|our|his|her|all|both)"
    r" (?!bad$)(?:(?!(?:is|are|was|were|has|have|had|will|can|does|did|just|called|says|said)\b)"
    r"[\w-]+ ?){1,6}))?[ .!]*$"
    r"|(?=,))",
    re.IGNORECASE,
)
"""As in "the whole business, the loan and the rest": of what it is may follow."""
_AND_THE_REST = re.compile(
    r",? and (?:the rest(?: of it)?|all(?: (?:of )?(?:that|it))?|so on|everything|what have you)$",
    re.IGNORECASE,
)


@frozen
class Object:
    """What is named, or that only "it" is; ``after`` is what follows a pronoun."""

    what: str = ""
    is_pronoun: bool = False
    after: str = ""


def object_of(rest: str) -> Object:
    """What comes after the verb of a wish."""
    rest = rest.strip(" ,.;:!?-–—")
    matter = _WHOLE_MATTER.match(rest)
    if matter is not None:
        named = _AND_THE_REST.sub("", (matter["x"] or "").strip())
        return Object(named) if named else Object(is_pronoun=True, after=rest[matter.end() :])
    pronoun = _PRONOUN.match(rest)
    is_alone = pronoun is not None and _AFTER_PRONOUN.match(rest, pronoun.end()) is not None
    if pronoun is not None and is_alone and not _told_about(rest):
        return Object(is_pronoun=True, after=rest[pronoun.end() :])
    what = _bare(rest)
    return Object(what)


def _told_about(text: str) -> bool:
    return (
        re.match(rf"{_WHOLE}{_WHEN}(?: that)?(?: {_I_TOLD})? {_ABOUT} ", text, re.IGNORECASE)
        is not None
    )


def named_before(text: str) -> str:
    """What a text names that ends in a wish to forget "it"; empty when nothing."""
    all_told = list(_TOLD_ANYWHERE.finditer(text))
    if all_told:
        told = all_told[-1]
        return _bare(_STATE.sub("", _cut(told["x"] or told["x2"])))
    stated = _STATED.match(text)
    if stated is not None:
        return _bare(text[stated.end() :])
    noun = _TOPIC_NOUN.match(text.strip())
    return "" if noun is None else _bare(noun["x"])


def _cut(text: str) -> str:
    return _END.sub("", text.strip(" ,.;:!?-–—")).strip(" ,.;:!?-–—")


def _bare(text: str) -> str:
    what = text.strip()
    while (lead := _LEAD.match(what)) is not None and lead.end() > 0:
        what = what[lead.end() :].lstrip()
    what = (
        _STATE.sub("", _cut(what))
        if not re.match(r"(?:i|we) ", what, re.IGNORECASE)
        else _cut(what)
    )
    thing = _THE_THING.match(what)
    what = (what if thing is None else thing["x"]).strip(" ,.;:!?\"'-–—")
    return "" if not what or _NOTHING.match(what) else what
