"""What only sounds like a wish to forget: for now, of somebody else, of a thing, of no matter.

A wish that is not heard can be said again; one that is heard where there is none deletes what
somebody told, so whatever stands here wins.
"""

import re

from adapters.local.fact_rules.forgetting.vocabulary import MIND, any_of

_TIME = (
    r"(?:an?|one|two|five|ten|\w+teen|the|this|a few|a couple of|half an)(?: \w+)?"
    r" (?:seconds?|secs?|moments?|minutes?|mins?|hours?|while|bit|evening|night|day|week"
    r"|weekend|morning|walk|meal)"
)
_TOLD_WHEN = re.compile(
    r"\b(?:told|said|say|mentioned|shared|wrote|confessed|typed|whispered|spoke|talked)(?: to)?"
    r"(?: you)?(?: \w+){0,1}? (?:today|tonight|this \w+|right now|just now|yesterday)\b"
)
_FOR_NOW = re.compile(
    rf"\bfor (?:{_TIME}|now|today|tonight|once|the (?:moment|time being|day|night|evening))\b"
    r"|\b(?:tonight|today|right now|this (?:evening|weekend|morning|afternoon|week)|at the moment"
    r"|just yet|yet|until|till|before (?:breakfast|lunch|dinner|bed|work|noon)|over (?:dinner"
    r"|lunch)|at (?:dinner|lunch|breakfast|work|the table)|every (?:day|time|night|morning)"
    r"|(?:when|while|as long as|whenever) [\w ]{1,30} (?:is|are|am|was)|so often)\b"
)
_AND_ON = re.compile(
    r"(?:[,;:–—-]|\band|\bthen|\bor) (?:then |just |please |let us |now )?(?:tell|talk|start|begin"
    r"|read|try|sing|play|ask|go on|have|get|come|help|give|make|write|do|see|continue|carry on"
    r"|enjoy|think of|move on)\b"
    r"|[,;:–—-] (?:and |then |so )?(?:(?:what|how|who|where|which|when) (?:is|are|was|do|did"
    r"|shall|would|about)|let us)\b"
)
"""As in "forget work, tell me about the sea": the talk goes on to something else."""
_ELSEWHERE = re.compile(
    r"\b(?:from|off|in|into|on|to|out of|onto|for) (?:the|my|our|this|that|his|her|their|an?) "
    r"(?:[\w'-]+ )?(?:e-?mails?|letter|speech|list for|guest list|shopping list|essay|poem"
    r"|itinerary|group(?: chat)?|chat group|toast|text|plan|calendar|draft|cv|resume|application"
    r"|post|video|album|playlist|menu|recipe|invitation|report|slides?|presentation|desk|table|house|flat"
    r"|kitchen|fridge|car|phone|computer|laptop|wall|whiteboard|agenda|schedule|order|basket|cart"
    r"|contract|article|blog|website|song|script|novel|book i|draft|review|budget|cover letter"
    r"|postcard|minute|sentence|summary|quiz|story|tale|scene|film"
    r"|movie|game)\b"
    r"|\binto (?!the (?:bin|trash|rubbish|shredder|fire|flames|oven|furnace|bog|toilet|loo|drain"
    r"|sea|river|memory|wastebasket))"
    r"|\bas (?:an?|the) |\bto (?:an?|one|two|three|half|\d+) "
)
_THINGS = re.compile(
    r"\b(?:photos?|pictures?|pics?|files?|apps?|e-?mails?|whiteboard|phone(?! number)|account"
    r"|lines?|sentence|paragraph|typos?|commas?|verse|essay|code|table|row|column|egg|eggs|coat|box|tab"
    r"|browser|reminders?|alarms?|score|poem|song|playlist|game|timer|order|subscription|accent"
    r"|messages?|chats?|conversations?|emojis?|tone|voice|joke|seat|place|spot|progress|tape|introduction|calories|dishes)\b"
)
_OF_A_TEXT = re.compile(
    r"\b(?:last|first|second|third|next|previous) (?:lines?|sentences?|paragraphs?|words?|messages?"
    r"|verse|part|stanza|chapter|page)\b"
)
_REPORTED = re.compile(
    r"\b(?:he|she|they|people|everyone|everybody|somebody|someone|mum|mom|dad|gran|nan|(?!i\b"
    r"|you\b|we\b)"
    r"[\w']+) (?:just |then |also |always |once |never )?(?:said|says|asked|asks|tells|told"
    r"|texted|wrote|shouted|yelled|wants?|wanted|sings?|sang|reckons|thinks|keeps saying)\b(?! you)"
    r"(?: (?:to )?(?:me|him|her|them|us|you|my \w+|the \w+))?(?: that| to| ah| oh| just)?\s*$"
    r"|\bi(?: have|'ve| had)? (?:said|told|asked|shouted)(?! you)(?: (?:him|her|them|my \w+"
    r"|the \w+))?"
    r"(?: to)?(?: ah| oh| just)?[,:]?\s*$"
    r"|\b(?:if|when|before|until|unless|how|why|what|who|where)\s*$"
    r"|\b(?:should|shall|can|could|may|must|do|did|would|will) (?:i|we|he|she|they)(?: \w+)?\s*$"
    r"|\b(?:how|why|when|if|trying|want|wanted|going|used|able|time|like|plan|plans|easy|hard"
    r"|ought|help|teach|wish) "
    r"(?:do|to|i|we|he|she|they|you|does|did|can|could|me)(?: \w+)?\s*$"
    r"|\b(?:i|we|he|she|they|you) (?:can not|could not|will not|would not|never|can|could|will"
    r"|should|must|might|want to|wanted to|have to|had to|need to|try to|tried to|am trying to"
    r"|wish i could)(?: \w+)?\s*$"
)
"""Right before it: somebody else asked it, or somebody does it."""
_SUPPOSED = re.compile(
    r"\b(?:i am (?:afraid|scared|worried|sad|sure)|be (?:so )?(?:sad|awful|terrible|hurt)"
    r"|i (?:would )?(?:hate|hope|fear|wonder)|my heart|is it true|what if|suppose|whether"
    r"|if i (?!may|might|can|could|ask\b(?! you))\w+)\b"
    r"[^.;:!?]*$"
)
_OF_OTHERS = re.compile(
    r"\b(?:asked|told|begged|wants?|wanted|tells|asks|orders?|ordered|wished?|says?|said|texted"
    r"|reminded|helps?|made|makes|expects?) (?:to )?(?:me|him|her|them|us|my \w+|everyone"
    r"|people|that i)\b[^,;:.!?]*$"
)
_QUOTED = re.compile(
    r"[^.!?]*?, (?!i told you|i said)(?:\w+ ){1,2}(?:say|says|said|told|tells|goes|went|asked"
    r"|sings|wrote|warned|whispered|texted)\b(?! you)"
    r"|[^.!?]*?, i (?:said|told|tell|say) (?:to )?(?:my|him|her|them|everyone|the)\b"
)
_SURELY = re.compile(r"(?:please|pls|(?:can|could|would|will) (?:you|u))\b")
_IDIOM = re.compile(
    r"^(?:oh |ah |just |ok |okay |no |well |hm |ugh |sorry |yeah |actually |nah |lol |so |anyway"
    r" |then |let us )*,? ?(?:forget|drop|scratch|scrap|strike|leave|lose|undo|disregard|ditch)"
    r" (?:it|that|about it|about that|this|everything|all that|the whole (?:thing|lot))\b"
)
_ONLY_SOUNDS_LIKE_IT = re.compile(
    r"forget(?:ting)? (?:all )?about (?:(?:me|us|him|her|them|my \w+) )?\w+ing\b(?! of)"
    r"|^(?:\w+,? )?(?:erase|delete|forget|forgive) and \w+"
    r"|(?:forget|drop|scratch|strike) [^,]{2,40}, (?:(?:my|the) )?\w+ (?:say|says|said|told|goes)\b"
    r"|[\w']{3,} [\w' ]{6,}, forget the \w+(?: \w+)?$"
    r"|\bsaid (?:sorry|no|oh|wait|ah)\W+(?:scratch|strike|forget|drop|scrap) (?:that|it)\b"
    r"|\bif you (?:could )?(?:forget|erase|delete) (?:one|a|any)\b"
    r"|\b(?:would|could|can|do|will) you ever\b|\bcut (?:[\w']+ ){1,6}short\b"
)
"""As in "Forget the half marathon, my knees say", "pass the cake, forget the calories"."""
_OF_MIND = re.compile(rf"\b{any_of(MIND)}\b")
_ME = re.compile(r"(?:me|you|us|myself|yourself|what i (?:tell|say))\b(?! (?:saying|telling))")


def is_never_meant(lowered: str) -> bool:
    """Whether a whole sentence is one of those that only sound like a wish."""
    return _ONLY_SOUNDS_LIKE_IT.search(lowered) is not None


def is_for_now(asking: str) -> bool:
    """Whether a request, up to its first comma, is for the time being."""
    return (
        _FOR_NOW.search(_TOLD_WHEN.sub("", re.split("[,;:]", asking.lstrip(" ,;:."))[0]))
        is not None
    )


def is_of_others(head: str, asking: str) -> bool:
    """Whether what stands before makes it no request to the companion; ``asking`` is the rest."""
    before = head.rstrip(" ,:")
    if _REPORTED.search(before) is not None or _SUPPOSED.search(before) is not None:
        return True
    is_asked = _SURELY.match(asking) is not None
    others = not is_asked and _OF_OTHERS.search(before) is not None
    return others or _QUOTED.match(asking) is not None


def is_of_things(rest: str) -> bool:
    """Whether what is to go is a thing."""
    return _THINGS.search(rest) is not None


def is_of_a_text(rest: str) -> bool:
    """Whether it is a part of what is being written."""
    return _OF_A_TEXT.search(rest) is not None


def goes_elsewhere(rest: str) -> bool:
    """Whether it is to be put somewhere else, which is no memory."""
    return _ELSEWHERE.search(rest) is not None


def goes_on(rest: str) -> bool:
    """Whether the talk goes on to something else."""
    return _AND_ON.search(rest) is not None


def is_said_lightly(lowered: str) -> bool:
    """Whether it is "forget it", "scratch that", as people say without meaning a memory."""
    return _IDIOM.match(lowered) is not None


def is_of_somebody_here(rest: str) -> bool:
    """Whether the object is only one of the two who talk."""
    return _ME.match(rest.strip()) is not None
