"""The ways to say that the companion shall not have something any more, in six families.

A way is a pattern with what it needs besides: nothing, a matter that is named in the sentence or
beside it, or one that was told. ``x`` is what stands where the object does.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

from attrs import frozen

from adapters.local.fact_rules.forgetting.requests import (
    ASKED,
    GLADLY,
    NOT,
    SOFTLY,
    START,
    SURELY_ASKED,
    WANTED,
    YOURS,
)
from adapters.local.fact_rules.forgetting.vocabulary import (
    AWAY,
    DELETING,
    ENDED,
    ENDING,
    FORGETTING,
    FORGOT,
    KEEPING,
    KEPT,
    KNOWING,
    MENTIONING,
    REMEMBERING,
    REMOVING,
    SPOKEN,
    any_of,
)


class Needs(Enum):
    """What a way of asking needs to be a wish."""

    NOTHING = auto()
    """Plain enough: what it means may be all that stands beside it."""
    NAME = auto()
    """Somebody's name, and no more."""
    MATTER = auto()
    """Something that was told, named in the sentence or right beside it."""
    TOLD = auto()
    """As before; and where only "it" stands, it was said that it was told."""


@frozen
class Way:
    """One way to ask; its pattern is for text in lower case."""

    pattern: re.Pattern[str]
    needs: Needs
    has_object: bool = True
    """Whether ``x`` may name the matter by itself."""


def _way(pattern: str, needs: Needs, *, has_object: bool = True) -> Way:
    # Over lower case only: a pattern that has to tell no cases apart is twice as fast.
    return Way(re.compile(pattern), needs, has_object)


_REST = r"[:,]? (?P<x>.{2,160})"
_NO_OBJECT = r"(?P<x>)"
_ENDED = any_of(ENDED)
_THANKS = r"(?:[, ]+(?:please|pls|now|ok|yes|thanks?|thx|right)\b)"
_SHALL = (
    r"\b(?:(?:has|have|needs?|ought|got) (?:to|2)|must|should|can|may|might)"
    r"(?: now| please| just| quite)?"
)
_PRETEND = r"(?:pretend|make (?:like|as if|believe)|act (?:like|as if|as though)|make it so)"
_OWN = r"(?:(?:all )?about )?(?:my|our|(?:the fact )?that (?:i|we|my|our|he|she))\b"
_FOR_GOOD = (
    r"(?:stop|(?:do not|never)(?= (?:ever\b|.*\b(?:again|any more|any longer)\b))(?: ever)?)"
    r"(?: please)? "
)
_FORGET = (
    # "could you forget the loan", "would you kindly unknow it", "please delete my arrest"
    _way(rf"{SURELY_ASKED}{any_of(FORGETTING)}{_REST}", Needs.NOTHING),
    _way(rf"{SURELY_ASKED}{any_of(DELETING)} (?P<x>{_OWN}.{{2,80}})", Needs.NOTHING),
    # "forget my loan": what is said bare names one's own, or what was told
    _way(rf"{START}(?!you ){SOFTLY}{any_of(FORGETTING)} (?P<x>{_OWN}[^,;:]{{2,60}})$",
         Needs.NOTHING),
    _way(rf"{START}{SOFTLY}{any_of(FORGETTING)} (?:(?:the fact )?that )?"
         r"(?P<x>(?:i|we|my|our)\b[^,;:]*)$", Needs.NOTHING),
    _way(rf"{START}(?!you ){SOFTLY}{any_of(FORGETTING)} (?:about )?(?P<x>[^,;:]{{2,40}})$",
         Needs.NAME),
    _way(rf"{START}{SOFTLY}{any_of(FORGETTING)} about (?P<x>[^,;:]{{2,40}}?) (?:ok|okay)\b",
         Needs.NOTHING),
    _way(rf"{START}{SOFTLY}{any_of(FORGETTING)} (?P<x>.{{2,60}}?),? (?:please|pls|plz|will you"
         r"|would you|can you|could you)\b", Needs.NOTHING),
    _way(rf"{ASKED}{any_of(FORGETTING, DELETING)}{_REST}", Needs.MATTER),
    _way(rf"{SURELY_ASKED}{any_of(FORGETTING, DELETING)}{_NO_OBJECT}$", Needs.TOLD),
    _way(rf"\b(?:one thing|something|a thing|things?) (?:that )?{WANTED} (?:you (?:to )?)?"
         rf"(?:{any_of(FORGETTING, DELETING)}|{_ENDED}|{any_of(REMOVING)})"
         rf"(?: (?:{any_of(AWAY)}))?(?P<x>.*)", Needs.NOTHING),
)  # fmt: skip
_REMOVE = (
    # "lose the Toronto thing", "the poem, burn it", "chuck that crush out of your memory"
    _way(rf"{ASKED}{any_of(REMOVING)}{_REST}", Needs.MATTER),
    _way(rf"{ASKED}(?:let|make) (?P<x>.{{2,80}}?) (?:just )?{any_of(ENDING)}\b", Needs.MATTER),
    _way(rf"\b(?:(?:can|could|may|might) i|i (?:would (?:like|love)|want|wish|need) to)(?: please)?"
         rf" (?:{any_of(DELETING, REMOVING)}){_REST}", Needs.TOLD),
    # Whatever is done to get it out of a memory, except to use it: "kick it out of your head".
    _way(rf"{ASKED}(?!(?:let|tell|read|quote|recite|list|show|give|share|get me|make|play|write"
         r"|speak|say|ask|talk|repeat|recall|remember|answer|guess|draw|translate|summari[sz]e)\b)"
         rf"[a-z-]{{3,14}} (?P<x>.{{2,80}}?) (?:off|out of|from) (?:of )?{YOURS}", Needs.NOTHING),
)  # fmt: skip
_GONE = (
    # "I want that gossip shredded", "have it struck", "consider it unsaid"
    _way(rf"(?:{WANTED}(?: to have| to see| for)?|{ASKED}(?:have|get|see|consider|count|treat|mark)"
         rf"|{ASKED}see that) (?P<x>.{{2,60}}?) (?:to be |is |are |to |as )?{_ENDED}\b",
         Needs.TOLD),
    # as in: the arrest, gone please; nuked?; the id thing has to disappear
    _way(rf"(?:^|(?:[,:;.!?…–—=-]|\bhereby)[ \w]{{0,24}}? ?){_ENDED}(?:$|[.!?]|{_THANKS})"
         rf"{_NO_OBJECT}", Needs.TOLD),
    _way(rf"\b(?:is|are) (?:hereby|herewith|henceforth) (?:\w+ and )?{_ENDED}{_NO_OBJECT}",
         Needs.MATTER),
    _way(rf"{_SHALL} (?:disappear|vanish|go away|lapse|be {_ENDED}|be nowhere"
         rf"|{NOT} be {any_of(KEPT)}){_NO_OBJECT}", Needs.TOLD),
    # "It has to go" is said of cars.
    _way(rf"(?<!\bit ){_SHALL} go(?=$|[.,!?]| please){_NO_OBJECT}", Needs.TOLD),
    _way(rf"{START}{SOFTLY}(?:out|away|off|gone) with (?P<x>.{{2,60}})", Needs.MATTER,
         has_object=False),
    _way(rf"{START}{SOFTLY}(?:straight )?(?!off the (?:record|books),){any_of(AWAY)}"
         r"(?P<x> with (?:it|them|that))?(?=$|[.!,])", Needs.MATTER, has_object=False),
    _way(rf"{GLADLY} (?P<x>.{{2,60}}?) (?:were|was|is|are|be|might be) (?:quite )?(?:{_ENDED}"
         rf"|{NOT} (?:in {YOURS}|{any_of(KEPT)}|part of {YOURS}|something you know))",
         Needs.NOTHING),
)  # fmt: skip
_NOT_KEEP = (
    # "please do not retain it", "you need not know it", "I'd rather you did not keep it"
    _way(rf"(?:{SURELY_ASKED}(?:do not|{NOT})|{START}{SOFTLY}(?:do not ever|never|stop)"
         rf"|\byou (?:must|should|may) not)(?: ever| please| to)* {SOFTLY}"
         rf"(?:{any_of(REMEMBERING)}|know){_REST}", Needs.NOTHING),
    _way(rf"{ASKED}do not(?: ever)? (?:stor|record|sav|log|retain)e? (?P<x>(?:my|our) .{{2,60}})",
         Needs.NOTHING),
    _way(r"\bi (?:(?:do|would) not|no longer) want you to (?:remember|recall|know about)"
         rf"{_REST}", Needs.NOTHING),
    _way(r"\byou (?:do not|need not)(?: really)?(?: need to| have to)? know about (?P<x>(?:my|our)"
         r" .{2,80})", Needs.NOTHING),
    _way(rf"(?:{ASKED}(?:do not|stop|{NOT})|\byou (?:must|should|may|need) not"
         rf"|\b(?:you do not|no) (?:really )?(?:need to|have to))"
         rf"(?: ever| please| to)* {SOFTLY}(?:{any_of(KEEPING, REMEMBERING)}|know)"
         rf"(?! (?!any|every|some)\w+ing\b){_REST}", Needs.MATTER),
    _way(rf"(?:{GLADLY}|{WANTED}) you (?:(?:do|did|had|would) not|no longer|never)(?: to)?"
         rf"(?: ever)? (?:{any_of(KEEPING, REMEMBERING, KNOWING)})\b(?P<x>.*)",
         Needs.NOTHING),
    _way(rf"{GLADLY} you (?:would |could )?{any_of(FORGOT)}\b(?P<x>.*)", Needs.NOTHING),
    _way(rf"(?:{ASKED}|\byou |\byou'll )?(?:keep|kept|hold|leave|retain|save|store) (?:nothing"
         r" (?:of|about)|(?:no|not (?:so much as )?(?:a|any)) (?:trace|note|record|copy|memory|mark"
         r"|smudge|hint|word|log)s?)"
         r"(?: (?:of|about|from|on|concerning))?(?P<x>.{0,80})", Needs.NOTHING),
    _way(r"\bi (?:do|would) not want (?P<x>.{1,60}?)(?: to (?:be|stay)| lurking| sitting"
         rf"| living| floating)?(?: (?:in(?:side)? (?:you|u|there)\b|(?:on|in) {YOURS})"
         rf"| {any_of(KEPT)})", Needs.MATTER),
    _way(r"\bi (?:do|would) not want (?:you|it|any(?:one|body)(?= to \w+ (?:on ?to )?(?:it"
         r"|that|this)\b))(?: to (?:be a thing that you)?)? (?:to )?"
         rf"{any_of(KEEPING, REMEMBERING, KNOWING)}\b(?P<x>.{{0,80}})", Needs.MATTER),
    _way(rf"{WANTED} (?P<x>.{{1,60}}?) {NOT} (?:to be |be |stood |stand )?"
         rf"(?:{any_of(KEPT)}|anywhere)", Needs.NOTHING),
    _way(rf"(?:{ASKED}|\bi (?:do|would) not want you to ){_FOR_GOOD}{any_of(MENTIONING)}"
         r" (?P<x>.{2,80})", Needs.NOTHING),
    _way(rf"{ASKED}{_FOR_GOOD}bring (?P<x>.{{2,60}}?) up\b", Needs.NOTHING),
    _way(r"\bno more (?:knowing|remembering|reminding|mention)\b(?! me)(?: (?:of|about))?"
         r"(?P<x>.{0,80})", Needs.NOTHING),
)  # fmt: skip
_NOT_KNOWN = (
    # "you never heard of it", "neither do you", "you will have no knowledge of my past"
    _way(r"\byou (?:have |had |'ve |too have )?(?:never|did not|have not|ain't)(?: ever)? "
         r"(?:hear|heard|know|knew|see|saw|seen|got|get|read|were told)(?: of| about)?"
         r"(?: (?:it|that|this|nothing|none|any of (?:it|that|this)|a (?:word|thing)|anything"
         r"|no word))\b(?![ ]+(?:was|is|were|had|you|could|would|coming))(?:[ ,]*(?:about|of))?"
         r"(?P<x>[^?]{0,80})$", Needs.MATTER, has_object=False),
    _way(r"\byou(?: will| must| should| are to) have no (?:knowledge|memory|recollection|idea"
         rf"|record) (?:of|about){_REST}", Needs.NOTHING),
    _way(r"\b(?:you have|with) no (?:knowledge|memory|recollection|idea|record)(?: whatsoever)?"
         r"(?: (?:of|about) (?P<x>it|them|that|this)\b|$)", Needs.MATTER),
)  # fmt: skip
_NEVER_WAS = (
    # "pretend I never told you about Tom", "act as if you did not know", "it never happened"
    _way(rf"(?:{ASKED})(?:{_PRETEND}|forget)(?: that)? (?:i|we)(?: had| have| did)? (?:never|not)"
         rf"(?: ever| even)?(?P<x>(?: (?:{any_of(SPOKEN)}|tell|speak|talk|brought)\b.{{0,100}})?$)",
         Needs.NOTHING),
    _way(rf"(?:{ASKED}){_PRETEND}(?: that)? you (?:do not|did not|never) (?:know|hear|heard|knew)"
         rf"(?: (?:it|that|this))?$(?P<x>)", Needs.NOTHING),
    _way(rf"(?:{ASKED}){_PRETEND}(?: that)? you (?:do not|did not|never) (?:know|hear|heard|knew)"
         r"\b(?P<x>.+)", Needs.MATTER),
    _way(rf"(?:{ASKED})(?:{_PRETEND}|agree|decide|say)(?: that)? (?P<x>.{{2,80}}?) (?:never"
         r" happened|did not happen|was never said|never came up|(?:is|was) not known to you)",
         Needs.NOTHING),
    _way(r"\bas far as you (?:are concerned|know),? (?P<x>(?!is |are ).*\b(?:never|no|nothing|not"
         r"|nobody)\b.*)", Needs.NOTHING),
)  # fmt: skip
_FAMILIES = (
    (re.compile(rf"\b{any_of(FORGETTING, DELETING)}\b|thing"), _FORGET),
    (re.compile(""), _REMOVE),
    (re.compile(rf"\b(?:{any_of(ENDED)}\b|disa|va|go|la|be no|not|away|{any_of(AWAY)})"), _GONE),
    (re.compile(rf"\b(?:no|not|never|nothing|stop|no longer|{any_of(FORGOT)})\b"), _NOT_KEEP),
    (re.compile("you|no (?:mem|rec|kno)"), _NOT_KNOWN),
    (re.compile(r"\b(?:pretend|make|act|agree|decide|say|forget|as far as)\b"), _NEVER_WAS),
)
"""Each with what stands in all that it hears: most messages have none of it."""
WAYS = tuple(way for _, ways in _FAMILIES for way in ways)


def ways_in(lowered: str) -> Iterator[Way]:
    """The ways that a text in lower case may be of."""
    for sign, ways in _FAMILIES:
        if sign.search(lowered) is not None:
            yield from ways
