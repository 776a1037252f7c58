"""The wish that something be forgotten, in whichever words: above all, never miss one.

A wish has a request ("could you", "please", a bare "forget" where a sentence may begin), what is
to be done, and of what. Of what may stand before it: "What I told you about Tom, please delete it".
"""

import re

from attrs import frozen

from adapters.local.fact_rules.forgetting.hearing import heard_in
from adapters.local.fact_rules.forgetting.matters import Beside
from adapters.local.fact_rules.objects import (
    PLACE,
    TOLD_OBJECT,
    is_told,
    is_told_in,
    named_before,
    object_of,
    without_reasons,
)
from adapters.local.fact_rules.sentences import plain

_MAY_BE = re.compile(
    r"\b(?:forget|forgett|forgot|delet|eras|wip|remov|strik|scratch|scrap|scrub|disregard|unlearn"
    r"|unremember|drop|los[ei]|ditch|discard|clear|purg|trash|cross|rid|let|leav|tak|put|keep|kept"
    r"|never ?mind|pretend|act|remember|stor|sav|hold|hang|bring|mention|record|log|writ|not(?:e"
    r"|ing)"
    r"|refer|retain|gone|go|need|know|brought|make|memor|out of|off the|file|disappear|un-)",
    re.IGNORECASE,
)
_SOFTLY = (
    r"(?:(?:please|pls|plz|just|maybe|kindly|also|ever|actually|now|then|possibly|perhaps|simply"
    r"|completely|totally|try to|go ahead and|be sure to|make sure (?:to|you)|do me an?(?: \w+)?"
    r" favou?r and|be an? \w+ and|be so (?:kind|good) (?:as to|and)|for me|and|not mind),? )*"
)
_ASK = (
    r"(?:(?:can|could|would|will|may|might) (?:you|we|u)|(?:let us|let's)"
    r"|(?:i must |i would |i'?d |so |then )?you (?:can|could|should|may|must|might|need to|have to"
    r"|had better|would better|'d better)"
    r"|i (?:would |'d |do )?(?:want|like|love|need|prefer|ask|beg|must ask|have to ask"
    r"|am asking) you"
    r" to|i (?:would|had|'d) (?:like|love|prefer|appreciate|be (?:so |very |really )?(?:grateful"
    r"|happy|happier|relieved"
    r"|glad|thankful)|feel better|much rather|really rather|rather)(?: it)?(?: very much| a lot)?"
    r"(?: if)?(?: that)? you(?: would| could| can| to)?"
    r"|i'?d rather you|(?:it|that) (?:would|'d) (?:be|mean) [\w ]{1,20}? if you (?:could|would|can)"
    r"|if you (?:could|would|can|do not mind|would not mind)|(?:do|would) you mind"
    r"|(?:would it be|is it|would that be) (?:possible|okay|ok|alright|all right|too much)"
    r"(?: for you)?(?: to| if you| for you to)|is there (?:any|a|some) way (?:for )?you (?:could"
    r"|can|to)"
    r"|any chance (?:you could|of|that you could)"
    r"|it'?s? (?:is )?best (?:if|that) you|i am asking you to"
    r"|please|kindly|pls|plz)"
)
_AT_A_START = (
    r"(?:^|[,;:.!?–—-]\s+|(?<=[,;:])|\b(?:so|but|then|ok|okay|oh|no|well|yeah|hey|sorry|actually"
    r"|wait|um|anyway|just|yo|lol|also|best|better|listen|look"
    r"|girl|man|dude|bro|honey|darling|dear|love|btw|alright|fine|thanks|thank you),? +)"
)
_SO_FAR = (
    r"(?:(?:please|just|now|then|and|also|kindly|ok|so|yeah|no|you know|maybe|for me"
    r"|(?:and )?do me an?"
    r"(?: \w+)? favou?r(?: and)?|be an? \w+ and|as a favou?r),? )*"
)
_VERB = (
    r"(?:(?:forget(?:ting)?|delet(?:e|ing)|eras(?:e|ing)|wip(?:e|ing)|unlearn(?:ing)?"
    r"|un-?remember|un-?know"
    r"|disregard(?:ing)?|purg(?:e|ing)|get(?:ting)? rid of)(?: (?:of|all about))?)"
)
_LOOSE_VERB = (
    r"(?:remov(?:e|ing)|strik(?:e|ing)(?: out)?|scratch(?:ing)?(?: out)?|scrap(?:ping)?"
    r"|scrub(?:bing)?|drop(?:ping)?|los(?:e|ing)|ditch(?:ing)?|discard(?:ing)?"
    r"|clear(?:ing)?(?: out)?"
    r"|trash(?:ing)?|cross(?:ing)? out|throw(?:ing)? (?:away|out)|let(?:ting)? go of|never ?mind"
    r"|leav(?:e|ing) out|take back|taking back)"
)
_KEEP = (
    r"(?:keep(?:ing)?(?: track of)?|remember(?:ing)?|stor(?:e|ing)|sav(?:e|ing)|hold(?:ing)? on ?to"
    r"|hang(?:ing)? on ?to|hav(?:e|ing)|know(?:ing)?|us(?:e|ing)|carry(?:ing)?(?: around)?"
    r"|bring(?:ing)? up|mention(?:ing)?|record(?:ing)?|log(?:ging)?|retain(?:ing)?"
    r"|writ(?:e|ing) down|not(?:e|ing)(?: down)?|refer(?:ring)? to|talk(?:ing)? about)"
)
_KEPT = (
    r"(?:kept|stored|remembered|saved|brought up(?: again)?|on file|on record|written down|recorded"
    r"|logged|retained)"
)
_GONE = (
    r"(?:gone|forgotten|deleted|erased|removed|wiped|scrapped|off the record|purged|dropped"
    r"|out of there|cleared)"
)
_NOT = r"(?:did not|do not|would not|not|never|never ever)"
_STRONG_NOUN = r"(?=(?:my|our|the|that|his|her|their|about|[A-Z])\b)"


@frozen
class Wish:
    """Of what; empty where it is not said, or where it is ``of_before``: the sentence before."""

    what: str
    is_of_before: bool = False


@frozen
class _Form:
    pattern: re.Pattern[str]
    is_weak: bool = False
    """Counts only of what was told, or of what is in the companion's memory."""
    has_pronoun: bool = True


def _form(pattern: str, *, is_weak: bool = False) -> _Form:
    return _Form(re.compile(pattern, re.IGNORECASE), is_weak)


_REST = r"[:,]? (?P<x>.{2,200})"
_FORMS = (
    # "let's pretend I never told you about Tom", "act as if Tom never happened"
    _form(rf"(?:\b{_ASK} {_SOFTLY}|{_AT_A_START}{_SOFTLY}|^)(?:pretend|act (?:like|as if|as though)"
          r"|make believe|forget)(?: that| like)? "
          r"(?:i|we|you) (?:have |had |do |did )?(?:never|not)(?: ever)? (?P<x>(?:told|tell|said"
          r"|say|"
          r"mentioned?|shared?|brought up|spoke|heard|hear|knew|know|read|talked).{2,160})"),
    _form(rf"(?:\b{_ASK} {_SOFTLY}|{_AT_A_START}{_SOFTLY}|^)(?:pretend|act (?:like|as if"
          rf"|as though))"
          r"(?: that)? (?P<x>.{2,80}?) (?:never happened|did not happen|was never said"
          r"|never came up)", is_weak=False),
    # "take Tom off your list", "I'd like Tom to be out of your memory"
    _form(rf"(?:{_AT_A_START}{_SO_FAR}|\b{_ASK} {_SOFTLY})(?:take|leave|keep|put|get|cut|strike"
          r"|scrub|scratch|cross|wipe|delete|erase|remove|drop|clear|have)"
          rf" (?P<x>.{{2,120}}?) {PLACE}"),
    _form(r"\bi (?:would |'d |do )?(?:like|love|prefer|want|need|rather have)(?: to have)?"
          rf" (?P<x>.{{2,120}}?) (?:to (?:be|get|go|stay) |to be taken )?(?:{PLACE}|forgotten\b"
          r"|off the record)"),
    _form(r"\bi (?:would |'d |do )?(?:like|love|prefer|want|need|rather have)(?: to have| for)?"
          rf" (?P<x>.{{2,120}}?) (?:to (?:be|get) )?{_GONE}\b", is_weak=True),
    _form(rf"\bi (?:do|would) not (?:want|like|need)(?: to have)? (?P<x>.{{1,120}}?) (?:to (?:be"
          rf"|stay"
          rf"|remain) )?(?:{_KEPT}\b|(?:in|on|among) (?:your|ur) \w+|(?:somewhere|anywhere|lying"
          r" around|sitting around|floating around|in there)\b)"),
    _form(rf"(?:{_AT_A_START}{_SO_FAR}|\b{_ASK} {_SOFTLY})(?:put|putting) out of (?:your|ur)"
          rf" (?:mind|head|memory){_REST}"),
    # "I'd rather you didn't keep ...", "could you not bring up ..."
    _form(rf"\b{_ASK} {_SOFTLY}{_NOT} {_SOFTLY}(?:to )?{_SOFTLY}{_KEEP}(?: (?:of|on to))?{_REST}"),
    _form(rf"\bi (?:do|would) not (?:want|need|like) you (?:to )?{_SOFTLY}{_KEEP}{_REST}"),
    _form(rf"(?:\b{_ASK} {_SOFTLY}|{_AT_A_START}{_SO_FAR})stop (?:\w+ing to )?{_KEEP}{_REST}"),
    _form(rf"(?:\bplease,? |\bpls |\bplz |^){_SO_FAR}(?:(?:do not|never|not)(?: ever| please)*)"
          r" (?:remember|store|bring up|mention|save|hold on ?to|keep in mind|talk about)"
          rf" (?:about )?{_STRONG_NOUN}(?P<x>.{{2,200}})"),
    _form(rf"(?:{_AT_A_START}{_SO_FAR}|\band )(?:do not|never|did not)(?: ever| please)? {_SOFTLY}"
          rf"{_KEEP}{_REST}", is_weak=True),
    _form(rf"\byou (?:do|should|need|must)(?: really)? not(?: really)? (?:need to "
          rf"|have to )?(?:remember"
          rf"|keep|store|save|hold on ?to|know){_REST}", is_weak=True),
    _form(r"(?:\bplease,? |\bpls |\bplz |^|[,;:.] )(?:do not"
          r"|never)(?: ever)? bring (?P<x>.{2,80}?)"
          r" up\b"),
    _form(rf"\b{_ASK} {_SOFTLY}make (?P<x>.{{2,120}}?) (?:disappear|go away|vanish)\b"),
    _form(r"\bif (?P<x>.{2,120}?) (?:were|was|is|are) (?:not|no longer) (?:in|on"
          r"|part of) (?:your|ur) "
          r"(?:memory|memories|notes|mind|list|head|records?|files?)\b"),
    # "could you forget ...", "please delete ...", and bare at a beginning
    _form(rf"\b(?!let us){_ASK} {_SOFTLY}{_VERB}{_REST}"),
    _form(rf"\blet us {_SOFTLY}{_VERB}{_REST}", is_weak=True),
    _form(rf"\bif you {_SOFTLY}(?:forgot(?: about)?|deleted|erased|wiped|dropped){_REST}"),
    _form(rf"\b{_ASK} {_SOFTLY}{_LOOSE_VERB}{_REST}", is_weak=True),
    _form(rf"{_AT_A_START}{_SO_FAR}(?:{_VERB}){_REST}"),
    _form(rf"(?:{_AT_A_START}{_SO_FAR}|\band ){_LOOSE_VERB}{_REST}", is_weak=True),
    _form(rf"(?:^|(?<!not )(?<!\w to )(?<!never )(?<!always )(?<!i )(?<!he )(?<!we )(?<!you )"
          rf"(?<!they )(?<!'ll )(?<!will )(?<!can )(?<!ever )(?<!to )\b)(?:{_VERB}|{_LOOSE_VERB})"
          rf" (?=(?:please |all )?{TOLD_OBJECT})(?P<x>.{{2,200}})"),
    # As in: the thing about Tom, gone please; what I said about Tom should go
    _form(rf"^(?P<x>.{{3,160}}?)[,:;–—-]* (?:(?:should|can|must|has to|needs to"
          rf"|ought to) (?:please )?"
          rf"(?:go\b(?! (?:to|for|on|with|in|and)\b)|be {_GONE})|{_GONE}[, ]+(?:please|pls|now|ok)"
          rf"|(?:should|must|can|may|has to|better) not be {_KEPT})", is_weak=True),
)  # fmt: skip
_BLOCKED = re.compile(
    r"\b(?:(?:asked|told|begged|wants?|wanted|tells|asks|orders?|ordered|wished?|says?|said|texted"
    r"|reminded|helps?|made|makes|expects?) (?:to )?(?:me|him|her|them|us|my \w+|everyone"
    r"|people|that i)\b"
    r"|(?:he|she|they|everyone|everybody|people|mom|mum|dad|(?:my|his|her|the) [\w]+) (?:just "
    r"|always"
    r" |once |then |also )?(?:said|says|asked|asks|goes|went|tells|told|texted|wrote|shouted|kept"
    r" saying|sang|sings|begged)\b(?! you)"
    r"|how (?:do|can|could|would|did) (?:i|you|we|one|people)|(?:why|when) (?:do|did|can|would|are"
    r"|is)|(?:what|who) (?:would|do|did)|if (?:i|somebody|someone|he|she|they|we)\b|i (?:can|could"
    r"|will|would|did|do|should|must|have|had) (?:not |never )(?!(?:want|need|like|wish)\b)"
    r"|help me|teach me|trying to|tried to"
    r"|want to|wanted to|(?<!do not )need to|(?<!do not )have to|going to|used to|ought to"
    r"|wish i could|wish i can)"
    r"[^,.;:!?]*$",
    re.IGNORECASE,
)
_IDIOM = re.compile(
    r"^(?:oh |ah |just |ok |okay |no |well |hm |ugh |sorry |yeah |actually |nah |lol |so"
    r" |anyway |then )*[,.]?\s*(?:forget|drop|scratch|never ?mind|disregard|scrap|strike|leave"
    r"|lose)"
    r" (?:it|that|about it|about that|this|him|her|them|me|you|us|everything|all that"
    r"|the whole (?:thing|lot))\b",
    re.IGNORECASE,
)
_PLEASE = re.compile(rf"\b(?:{_ASK})\b", re.IGNORECASE)
_MEMORY_WORD = re.compile(
    r"\b(?:delet|eras|wip|purg|unlearn|remember|stor|sav|keep|hold|rid of|kept|memor|forget)",
    re.IGNORECASE,
)


_OF_WHAT_WAS_SAID = re.compile(r"\b(?:told|said|mention\w*|know)\b", re.IGNORECASE)
_ONLY_SOUNDS_LIKE_IT = re.compile(
    r"forget(?:ting)? (?:all )?about (?:(?:me|us|him|her|them|my \w+) )?\w+ing\b(?! of)"
    r"|^(?:\w+,? )?(?:erase|delete|forget|forgive) and \w+"
    r"|(?:forget|drop|scratch|strike) [^,]{2,40}, (?:(?:my|the) )?\w+ (?:say|says|said|told|goes)\b"
    r"|[\w']{3,} [\w' ]{6,}, forget the \w+(?: \w+)?$"
    r"|\bsaid (?:sorry|no|oh|wait|ah)\W+(?:scratch|strike|forget|drop|scrap) (?:that|it)\b",
    re.IGNORECASE,
)
"""As in "Forget the half marathon, my knees say", "pass the cake, forget the calories"."""
_NOT_MEMORY = re.compile(
    r"(?:forget(?:ting)?|forgot) (?:all )?about [\w' -]{2,40} (?:for (?:a|now|tonight|today|one"
    r"|the)\b"
    r"|tonight$|today$)"
    r"|\b(?:delet\w+|remov\w+|eras\w+|wip\w+) (?:the |my |this |that |all |these |those "
    r"|some )*(?:last |first"
    r" |second |next )?(?:lines?|sentences?|paragraphs?|words?|typos?|commas?|files?|photos?"
    r"|pictures?"
    r"|e-?mails?|essay|code|apps?|accounts?|rows?|columns?|verse|spaces?|table|floor|counter)\b",
    re.IGNORECASE,
)


def wish_in(sentence: str, before: str = "", after: str | None = None) -> Wish | None:
    """The wish to forget that a sentence is, or nothing; ``before`` and ``after`` stand beside.

    Freer words are listened to only where ``after`` is given, be it empty: they take longer.
    """
    said = plain(sentence)
    wish = _usual_wish(said, before) if _MAY_BE.search(sentence) is not None else None
    if wish is None and after is not None:
        what = heard_in(said, Beside(plain(before), plain(after)))
        wish = Wish(what) if what else None
    return None if wish is None or _ONLY_SOUNDS_LIKE_IT.search(said) is not None else wish


def _usual_wish(said: str, before: str) -> Wish | None:
    if _NOT_MEMORY.search(said) is not None and _OF_WHAT_WAS_SAID.search(said) is None:
        return None
    for form in _FORMS:
        for match in form.pattern.finditer(said):
            head = said[: match.start()]
            if _BLOCKED.search(said[: match.start("x")]) and not _is_asked(match):
                continue
            wish = _wish(form, match, said, head, before)
            if wish is not None:
                return wish
    return None


def _is_asked(match: re.Match[str]) -> bool:
    return (
        re.match(r"\b(?:can|could|would|will) (?:you|u)\b|please", match[0], re.IGNORECASE)
        is not None
    )


def _wish(form: _Form, match: re.Match[str], said: str, head: str, before: str) -> Wish | None:
    rest = match["x"]
    named = object_of(rest)
    placed = re.search(PLACE, match[0] + said[match.end() :], re.IGNORECASE) is not None
    if named.what:
        is_sure = is_told(rest) or placed
        return None if form.is_weak and not is_sure else Wish(named.what)
    if not named.is_pronoun:
        return None
    after = object_of(named.after) if is_told(named.after) else None
    if after is not None and after.what:
        return Wish(after.what)
    is_said_lightly = _IDIOM.match(said) is not None and _PLEASE.search(match[0]) is None
    for earlier in (head, plain(before)):
        what = "" if is_said_lightly and not is_told_in(earlier) else named_before(earlier)
        if what:
            return Wish(what)
    return _of_what_was_said(match, said, head, before)


def _of_what_was_said(match: re.Match[str], said: str, head: str, before: str) -> Wish | None:
    """All that stands before, where it is asked."""
    asked = _PLEASE.search(match[0]) is not None and _MEMORY_WORD.search(match[0]) is not None
    if not asked or _IDIOM.match(said):
        return None
    own = without_reasons(head)
    if own:
        return Wish(own)
    return Wish("", is_of_before=bool(before))
