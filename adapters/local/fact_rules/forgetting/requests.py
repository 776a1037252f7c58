"""Who asks, and for what: the ways to say that the companion shall not have something any more.

A way is a pattern with what it needs besides: nothing, a matter that is named in the sentence or
beside it, or one that was told. ``x`` is what stands where the object does.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from attrs import frozen

from adapters.local.fact_rules.forgetting.vocabulary import (
    AWAY,
    ENDED,
    ENDING,
    FORGETTING,
    KEEPING,
    MIND,
    REMOVING,
    any_of,
)


class Needs(Enum):
    """What a way of asking needs to be a wish."""

    NOTHING = auto()
    """Plain enough: what it means may be all that stands beside it."""
    MATTER = auto()
    """Something named, in the sentence before the verb or right beside it."""
    TOLD = auto()
    """Something that was told, or a place where only memories are."""


@frozen
class Way:
    """One way to ask; its pattern is for text in lower case."""

    pattern: re.Pattern[str]
    needs: Needs
    has_object: bool = True
    """Whether ``x`` may name the matter by itself."""
    is_requested: bool = False
    """Whether it begins as a request: where there is none, there is no need to look."""
    is_of_you: bool = False
    """Whether it says "you"."""


_START = (
    r"(?:^|[,;:.!?…)–—-]\s*|(?<=[ ,])(?:and|so|but|then|now|btw|also|just|ok|okay|oh|well|yo|best"
    r"|abort) )"
)
_REQUEST = (
    r"\b(?:(?:can|could|would|will|might|may) (?:you|ya|u|we)|i (?:do )?(?:beg|ask|urge|implore"
    r"|trust|need|want|command|instruct|would ask|would like|would love|would prefer)"
    r" (?:you|that you)(?: to| can| could| will)?|i (?:am begging|am asking|beg|ask)(?: you)? to"
    r"|(?:let us|let me ask you to)|you(?:'ll| will| can| could| may| should| must| might| ought to"
    r"| had better)|(?:would|do) you mind|(?:do|be) me an?(?: \w+)? (?:favou?r|kindness|solid)"
    r"(?:,? and|[,:])?|please|pls|plz|kindly|(?:i would|i'd) (?:be|feel|rather|prefer|appreciate)"
    r"[\w ]{0,24}? (?:if|that) you(?: would| could| can)?|i would rather you|have you)"
)
_SOFTLY = (
    r"(?:(?:please|pls|plz|just|kindly|now|also|ever|maybe|perhaps|possibly|simply|quickly|quietly"
    r"|then|not mind|go ahead and|try to|do me an?(?: \w+)? favou?r and|be an? \w+ and"
    r"|do me an?(?: \w+)? favou?r|for me|contrive(?: to)?|manage(?: to)?),? )*"
)
_ASKED = rf"(?:{_START}{_SOFTLY}|{_REQUEST},? {_SOFTLY})"
_SURELY_ASKED = rf"{_REQUEST},? {_SOFTLY}"
_NOT = r"(?:not|never|not to|no longer|never again|not ever)"
_YOURS = rf"(?:your|ur) (?:\w+ )?{any_of(MIND)}"
_ENDED = any_of(ENDED)
_WANTED = (
    r"(?:i|we) (?:would|do)?(?: much| really)? ?(?:like|love|prefer|want|need|rather|wish)"
    r"(?: that)?"
)

_TO_USE = (
    r"(?:remember|remind|keep|tell|repeat|recall|explain|help|think|say|believe|guess|use|see|read"
    r"|note|find|look|know|mean|do|is|was|has|have|ask|quote|recite|list|show|give|share"
    r"|summari[sz]e"
    r"|hear|add|write|save|understand|consider|talk|imagine|and|to|the|that|not|never|be|go|get"
    r"|make|let|take|put|leave|hold|say|speak|you|know|just|please|mind|forgive|excuse|ignore"
    r"|\w+(?:s|ed|ing))"
)
"""What one asks to be done with what was told, where it shall not be forgotten."""


def _way(pattern: str, needs: Needs, *, has_object: bool = True) -> Way:
    # Over lower case only: a pattern that has to tell no cases apart is twice as fast.
    is_requested = pattern.startswith(_REQUEST)
    is_of_you = pattern.startswith((r"\byou", "^(?:.{0,40}[,:] )?you"))
    return Way(re.compile(pattern), needs, has_object, is_requested, is_of_you)


_REST = r" (?P<x>.{2,160})"
_NO_OBJECT = r"(?P<x>)"
WAYS = (
    # "unhear the bed one", "would you kindly unknow it"
    _way(rf"{_SURELY_ASKED}{any_of(FORGETTING)}{_REST}", Needs.NOTHING),
    _way(rf"{_START}{_SOFTLY}{any_of(FORGETTING)}{_REST}", Needs.MATTER),
    # "lose the Toronto thing", "the poem, burn it", "chuck that crush out of your memory"
    _way(rf"{_ASKED}{any_of(REMOVING)}{_REST}", Needs.MATTER),
    _way(rf"{_SURELY_ASKED}(?:unlearned|unheard|struck|dropped|lost|binned|erased|deleted|wiped"
         rf"|buried|burned"
         rf"|scrapped|removed|forgot){_REST}", Needs.TOLD),
    # "let it go over the side", "let that piece fall out of your pocket"
    _way(rf"{_ASKED}let (?P<x>.{{2,80}}?) (?:just )?{any_of(ENDING)}\b", Needs.MATTER),
    # "can I take back what I said", "consider it unsaid", "I want that gossip shredded"
    _way(rf"\b(?:(?:can|could|may|might) i|i (?:would (?:like|love)|want|wish"
         rf"|need) to)(?: please)? "
         rf"(?:{any_of(FORGETTING)}|{any_of(REMOVING)}){_REST}", Needs.TOLD),
    _way(rf"{_ASKED}(?:consider|count|treat|regard|mark|file) (?P<x>.{{2,60}}?) (?:as )?(?:{_ENDED}"
         r"|withdrawn|never (?:said|told|spoken|happened|mentioned|heard))\b", Needs.MATTER),
    _way(rf"(?:{_WANTED}(?: to have| to see)?|{_ASKED}(?:have|get|see)|{_ASKED}see that) "
         rf"(?P<x>.{{2,60}}?) (?:to be |is |are |to )?{_ENDED}\b", Needs.TOLD),
    _way(rf"{_ASKED}(?:draw|pull|drop|throw) (?:a|the) (?:veil|curtain|blanket|line|sheet) (?:over"
         rf"|under|on|through){_REST}", Needs.MATTER),
    _way(rf"{_ASKED}(?:turn the page on|wave (?:it )?goodbye to|say goodbye to"
         rf"|have amnesia (?:about"
         rf"|over|on)|go blank (?:on|about|over)|play dumb (?:on|about)){_REST}", Needs.TOLD),
    _way(rf"{_ASKED}let (?P<x>.{{2,80}}?) slip (?:your|ur) mind", Needs.NOTHING),
    # "out with it", "into the bin with it", "out of your brain"
    _way(rf"{_START}{_SOFTLY}(?:out|away|off|gone) with (?P<x>.{{2,60}})", Needs.MATTER,
         has_object=False),
    _way(rf"{_START}{_SOFTLY}(?:straight )?(?P<away>{any_of(AWAY)})(?P<x> with (?:it|them|that))?"
         r"(?=$|[.!,])", Needs.MATTER, has_object=False),
    # as in: the arrest, gone please; nuked?; the id thing has to disappear
    _way(rf"(?:[,:;.!?…–—=-]|\bis hereby|\bare hereby)[ \w]{{0,24}}? ?{_ENDED}"
         rf"(?:[, ]+(?:please|pls|now|ok|thanks?|thx|right)\b){_NO_OBJECT}", Needs.MATTER),
    _way(rf"(?:[,:;.!?…–—=-])[ \w]{{0,24}}? ?{_ENDED}(?=$|[.!?]){_NO_OBJECT}", Needs.TOLD),
    _way(rf"^{_ENDED}(?=$|[,.!?]| (?:please|pls|now|yes|ok)){_NO_OBJECT}", Needs.TOLD),
    _way(rf"\b(?:is|are) hereby (?:\w+ and )?{_ENDED}{_NO_OBJECT}", Needs.MATTER),
    _way(rf"\b(?:(?:has|have|needs?|ought|got) (?:to|2)|must|should|can|may) (?:now |please "
         rf"|just )?"
         rf"(?:disappear|vanish|go away|go(?=$|[.,!?]| please)|lapse|be {_ENDED}|be nowhere)"
         rf"{_NO_OBJECT}", Needs.TOLD),
    _way(rf"\b(?:is|=|into the|down the|to the) memory hole{_NO_OBJECT}", Needs.NOTHING),
    # "there is one thing I would like gone from your head"
    _way(rf"\b(?:one thing|something|a thing|things?) (?:that )?{_WANTED} (?:you (?:to )?)?"
         rf"(?:{any_of(FORGETTING)}|{_ENDED}|{any_of(REMOVING)})"
         rf"(?: (?:{any_of(AWAY)}))?(?P<x>.*)", Needs.NOTHING),
    # Whatever is done to get it out of a memory, except to use it.
    _way(rf"{_ASKED}(?!{_TO_USE}\b)[a-z-]{{3,14}} (?P<x>.{{2,80}}?) (?:off|out of|from) (?:of )?"
         rf"{_YOURS}", Needs.NOTHING),
    # "I'd sleep better if it weren't known", "as far as you're concerned it never happened"
    _way(r"\b(?:rather|prefer(?: that)?|(?:better|happier|glad|relieved|grateful|like it|love it"
         r"|lighter|safer|easier) if) (?P<x>.{2,60}?) (?:were|was|is|are|be) (?:not|no longer"
         r"|never) (?:\w+ )?(?:known|there|kept|stored|in|on|around|anywhere|part of|something you"
         r"|with you)",
         Needs.NOTHING),
    _way(r"\b(?:rather|prefer(?: that)?|(?:better|happier|glad|relieved|grateful|like it|love it"
         r"|lighter|safer|easier) if) you (?:no longer |never |could |would )?(?:forgot|forget|lost"
         r"|dropped|knew nothing|had no idea|had never|knew|did not know|let go)"
         r"(?P<x>.{0,80})", Needs.NOTHING),
    _way(r"\b(?:as far as you (?:are concerned|know)|for all you know|officially),? "
         r"(?P<x>(?!is |are ).*\b(?:never|no|nothing|not|nobody)\b.*)", Needs.NOTHING),
    _way(r"\b(?:we|you and (?:i|me)) never (?:had|spoke of|talked about|discussed|mentioned) "
         r"(?P<x>(?:that|this) (?:\w+ )?(?:conversation|chat|talk|thing)|it|that|this|any of (?:it"
         r"|this|that))(?=$|[,.])", Needs.MATTER),
    _way(r"\b(?:that|this|our) (?:conversation|chat|talk|message|confession)(?P<x>(?: about"
         r".{2,50}?)?) (?:never (?:happened|took place|was)|did not happen)", Needs.MATTER),
    _way(r"^(?:.{0,40}[,:] )?you (?:know|knew|remember|heard|saw) nothing(?: (?:of|about))?"
         r"(?P<x>[^?]{0,80})$", Needs.MATTER),
    # "you never heard it", "neither do you", "you have no knowledge of it"
    _way(r"\byou (?:have |had |'ve |too have )?(?:never|did not|have not|ain't)(?: ever)? "
         r"(?:hear|heard|know|knew|see|saw|seen|got|get|read|were told)(?: of| about)?"
         r"(?: (?:it|that|this|nothing|none|any of (?:it|that|this)|a (?:word|thing)|anything"
         r"|no word))\b(?![ ]+(?:was|is|were|had|you|could|would|coming))(?:[ ,]*(?:about|of))?"
         r"(?P<x>[^?]{0,80})$", Needs.MATTER,
         has_object=False),
    _way(rf"\b(?:so|and) neither (?:do|did|have|should|must|will) you\b{_NO_OBJECT}", Needs.TOLD),
    _way(rf"\b(?:nor|neither) (?:do|did|have) you\b{_NO_OBJECT}", Needs.TOLD),
    _way(rf"\byou(?:'ll| will|'re| are)? (?:must |should |are to )?(?:have|having) no "
         rf"(?:knowledge|memory|recollection|idea|record) (?:of|about){_REST}", Needs.NOTHING),
    _way(r"\b(?:with|have|having) no (?:memory|recollection|knowledge)(?: of (?:it|that|them))?"
         rf"(?: whatsoever| at all)?{_NO_OBJECT}$", Needs.MATTER),
    _way(rf"\b(?:you (?:must|should|may) {_NOT}|{_SURELY_ASKED}{_NOT}) (?:to )?{_SOFTLY}"
         rf"{any_of(KEEPING)}{_REST}", Needs.MATTER),
    _way(rf"\b(?:you|it)(?:'d| would)[\w ]{{1,30}} (?:if|when) you (?:do|did|had|would) (?:not|no)"
         rf"(?: longer)? (?:heard|know|known|{any_of(KEEPING)})\b(?P<x>.*)", Needs.NOTHING),
    _way(rf"{_WANTED} you (?:had|did|do|would) not (?:hear|heard|know|known|{any_of(KEEPING)})\b"
         r"(?P<x>.*)", Needs.MATTER),
    _way(rf"(?:{_ASKED})(?:make like|make as if|pretend|act (?:like|as if|as though)"
         r"|make believe)(?: that)? (?:you do not|you did not|you never) (?:know|hear|heard|knew)"
         r"\b(?P<x>.*)", Needs.NOTHING),
    _way(rf"(?:{_ASKED})(?:pretend|make (?:like|as if)|act (?:like|as if|as though))(?: that)? "
         r"(?:i|we) (?:had |have )?(?:never|not) (?P<x>(?:brought|spoke|typed|said|told|mention)"
         r".{0,80})", Needs.NOTHING),
    _way(r"\b(?:agree|settle|decide|pretend|say) that (?P<x>.{2,60}?) (?:is|was) not known to you",
         Needs.NOTHING),
    _way(r"\byou never (?:heard|got|had) (?P<x>it|this|that) from me", Needs.MATTER),
    _way(r"(?:can|could|will|would) you make it so (?:that )?i (?:did not|never)(?P<x>.{0,40})",
         Needs.NOTHING),
    # "keep no trace of it", "don't hang on to it", "I don't want it in you"
    _way(rf"(?:{_ASKED}|\byou |\byou'll )?(?:keep|kept|hold|leave|retain|save|store) (?:no"
         rf"|not (?:so"
         r" much as )?(?:a|any)) (?:trace|note|record|copy|memory|mark|smudge|hint|word|log)s?"
         r"(?: (?:of|about|from|on|concerning))?(?P<x>.{0,80})", Needs.NOTHING),
    _way(rf"{_ASKED}keep nothing(?: (?:of|about|from))?(?P<x>.{{0,60}})", Needs.NOTHING),
    _way(rf"{_ASKED}(?:do not|never)(?: ever)? (?:you )?(?:please )?(?:keep|hang on ?to|hold on ?to"
         rf"|retain|store|save|remember|recollect|hold|carry){_REST}", Needs.MATTER),
    _way(r"\bi (?:do|would) not want (?P<x>.{1,60}?)(?: to be| lurking| sitting| living| floating)?"
         rf" (?:in(?:side)? (?:you|u|there)\b|(?:on|in) {_YOURS}|known|kept|stored)", Needs.MATTER),
    _way(r"\bi (?:do|would) not want (?:you|anyone|anybody|it)(?: to (?:be a thing that you)?)? "
         r"(?:to )?(?:know|hold|keep|have|carry|remember)\b(?P<x>.{0,60})", Needs.MATTER),
    _way(rf"{_WANTED} (?P<x>.{{1,60}}?) (?:not|never) (?:to be )?(?:kept|stored|known|remembered"
         r"|on file|written down)", Needs.NOTHING),
    _way(r"\b(?:no ?(?:one|body)|nobody|anyone) should (?:have|keep|hold) (?:a |any )?(?:record"
         r"|note"
         r"|memory|trace)s? of (?P<x>.{2,60}?), (?:so |and )?(?:please )?(?:do not|nor|neither)",
         Needs.NOTHING),
    _way(rf"\b(?:no longer|not) (?:stood|stand|be|exist|existed|kept|there) (?:anywhere|any more"
         rf"|in you){_NO_OBJECT}", Needs.TOLD),
    _way(rf"\bno more (?:knowing|remembering|reminding|mention)\b{_NO_OBJECT}", Needs.NOTHING),
    # "I withdraw what I told you", "I take it back, and I'd like it not kept"
    _way(rf"(?:^|[,.;] |\band |\bso )i (?:hereby )?(?:withdraw|take back|retract|unsay){_REST}",
         Needs.TOLD),
    _way(rf"{_ASKED}(?:make (?:that|it) )(?P<x>.{{2,60}}?) never (?:was|were|existed|happened)",
         Needs.MATTER),
    _way(rf"{_ASKED}(?:close|shut) the book on (?P<x>.{{2,60}})", Needs.TOLD),
    _way(r"\bhave (?:been )?(?:instructed|asked|told) to have you forget (?P<x>.{2,80})",
         Needs.MATTER),
    _way(r"\b(?:should|should be|be) (?:quite |all |entirely )?forgotten between us"
         rf"{_NO_OBJECT}", Needs.NOTHING),
    _way(r"\bmight be (?:quite |all |entirely )?forgotten(?: between us)?(?P<x>)", Needs.NOTHING),
)  # fmt: skip
OF_A_MEMORY = re.compile(
    rf"\b(?:off|out of|from|in|on|out from) {_YOURS}\b|\b(?:out of|from|in|inside|with"
    rf"|within) you\b"
    r"|\b(?:from|out of|off) (?:wherever|everywhere|anywhere) you\b|\boff the record\b"
    r"|\bfrom the record\b",
    re.IGNORECASE,
)
IS_ASKED = re.compile(_REQUEST, re.IGNORECASE)
_IS_REQUEST = re.compile(_REQUEST)


def ways_in(lowered: str) -> Iterator[Way]:
    """The ways of which a text in lower case has the beginning."""
    is_request, is_of_you = _IS_REQUEST.search(lowered) is not None, "you" in lowered
    for way in WAYS:
        if (is_request or not way.is_requested) and (is_of_you or not way.is_of_you):
            yield way
