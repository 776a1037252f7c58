"""What is over by the words that say so: a thing sold, a club left, a pain healed, a life ended.

A text is cut into clauses; one that says in earnest that something has ended names it, before
("the blog is history") or after ("I gave up the blog"). A memory of the same person that tells
this in the present is over with it. English only.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen

from domain.memory.change.fields import fields_of
from domain.memory.change.owners import KIN, SOMEBODY, clauses_of, is_same_owner, owner_of
from domain.memory.words import stem, telling_words

_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+(?!\d)|$)")
_OBJECT = re.compile(
    r"\b(?:(?:give|giving|gave|given) up(?: on| with)?|packed (?:in|up)|packing in|quit(?:ting)?"
    r"|jacked in|ditched|binned|scrapped?|shelved|sold|selling|flogged|pawned|cancel\w*"
    r"|call(?:ed|ing) off|(?:got|get|getting) rid of|g[ai]ven? away|(?:gave|given) (?=the|my|our)"
    r"|(?:am|i'm|im|is|it's|are|was|we're|he's|she's|so|all|being|finally) (?:done|finished"
    r"|through)"
    r" with|finished with|had enough of|fed up with|sick of|tired of|bored of|no longer"
    r"|(?:don't|dont|do not|doesn't|doesnt|does not|not|can't|cannot|aren't|isn't|never) (?=.*\b(?:"
    r"any ?more|any longer)\b)|no more|retired (?:from|as)|resign\w* (?:from|as)|stepped down"
    r" (?:from|as)|(?:i|we|he|she|have|has|'ve) left (?!(?:my|the|a|an) (?:umbrella|keys|phone|bag"
    r"|coat|wallet))|dropped out of|drop(?:ped|ping)(?= (?:the|my|our|out|all|\w+ for))|deleted"
    r"|unsubscribed from|uninstalled|outgr(?:ew|own)|gr[eo]wn? out of|lost (?:my |all |his |her )?"
    r"(?:interest in|taste for|love for|faith in)|(?:gone|went) off|swapped|traded(?: in)?"
    r"|replaced|exchanged|(?:switched|changed|moved|converted|transferred|went|gone) (?:over )?"
    r"from|instead of|rather than|kick(?:ed|ing)|(?:let|letting) (?=.* go\b)|handed (?:over|on|in)"
    r"|(?:haven't|have not|hasn't) (?:been (?:to|doing|on)|\w+ed|touched|played|had|done|gone"
    r" to)(?=.*\b(?:since|for)\b)|not going back to|(?:i'm|im|am|is|are|he's|she's|hes|shes|we're"
    r"|came|come|comes|get|got|took me|finally|been) off (?=the|my|his|her|our|\w+s?\b(?! (?:to"
    r"|for|on|work)\b))|decided against|changed (?:my|our) mind (?:about|on)|thrown in the towel"
    r" with|threw in the towel with|hung up|(?:said|say|saying) goodbye to|put (?:a stop|an end)"
    r" to|paid off|paid back|broke(?:n)? up with|split (?:up )?with|divorced|dumped|over (?:and"
    r" done )?with|stop(?:ped|ping)?(?: with)?(?= \w)|quit(?= \w)|used to|out of (?=\w+(?:$| now))"
    r"|scrap|forget (?=the)|not (?:really )?into|wasn't|was not|isn't for|deregistered from"
    r"|won't be (?:doing|going to|running|playing)|not going to|found (?:a )?new (?:home|owner)s?"
    r" for|rehomed|lost (?=my|our)|buried|moved out of|moved away from|passed (?=my|the)|finished"
    r" (?=(?-i:[A-Z])|reading|writing|the|my|our)|handed in|sat (?=my|the))\s*",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"\b(?:g[ai]v(?:e|en|ing)|pack(?:ed|ing)|quit\w*|jacked|ditched|binned|scrap\w*|shelved"
    r"|s[oe]l(?:d|ling)|flogged|pawned|cancel\w*|call(?:ed|ing) off|rid of|done|finished|through"
    r"|enough|fed up|sick|tired|bored|no (?:longer|more)|any ?more|any longer|retired|resign\w*"
    r"|stepped|left|drop(?:ped|ping)|deleted|unsubscribed|uninstalled|out|lost|gone|went|goes"
    r"|swapped|traded|replaced|exchanged|from|instead|rather|kick(?:ed|ing)|let|handed|haven't"
    r"|hasn't|have not|not|off|against|changed|threw|thrown|hung|goodbye|put|paid|broken?|split"
    r"|divorced|dumped|over|stop\w*|used|forget|won't|wasn't|isn't|rehomed|found|buried|moved|away"
    r"|passed|sat|is|history|folded|closed|shut|had to go|has to go|ended|fell|came|collapsed|burn"
    r"|cleared|healed|better|fine|behind|cured|lasered|fixed|died|dead|sleep|make it|down"
    r"|work out|fizzled|never)\b",
    re.IGNORECASE,
)
"""Without one of these nothing has ended, and there is no need to look closer."""
_IS = r"(?:'s|s|'re| (?:is|are|was|were|has|have|had|got|gets|has been|have been))"
_AT_AN_END = (
    r"(?=$|[.!]| (?:now|for good|too|as well|again|btw|by the way|lol|and (?:done|i|we)|since|this"
    r"|last (?!for|on)|yesterday|today|at last|already|from|thank|after|or|forever|for ever"
    r"|completely|entirely|i|we|in (?:the end|may|june|july|august|september|october|november"
    r"|december|january|february|march|april))\b)"
)
_SUBJECT_BEFORE = re.compile(
    rf"^(?P<x>.{{2,60}}?)(?:{_IS} (?:\w+ly |now |been |all |well and truly |just |sadly"
    rf" )*(?:(?:gone"
    r"|over|dead|off|finished|done|no more|ended|closed|closing|shut|split|better(?= (?:now"
    r"|again)|$)"
    rf"|fine (?:now|again)){_AT_AN_END}|(?:history|sold|cancel\w*|called off|behind (?:me|us|him"
    rf"|her)"
    r"|folded|stolen|scrapped|rained off|out of the picture|a thing of the past|in the past|paid"
    r" off"
    r"|healed|cured|cleared up|back to normal|lasered|given away|in the bin|no longer \w+)\b)"
    r"|(?:'s)? (?:folded|fell through|fell apart|came to nothing|had to go|has to go|went in the"
    r" bin"
    r"|ended|shut down|closed down|packed up|never happened|split(?: up)?|collapsed|went bust"
    r"|burn(?:ed|t) down|got (?:sold|cancelled|rained off|scrapped|called off)|(?:isn't|is not"
    r"|wasn't|was not) for me|cleared up|healed|went away|have gone|has gone|worked out fine"
    r"|fizzled out|(?:did not|didn't|didnt) (?:work out|last))\b)",
    re.IGNORECASE,
)
_NO_MORE_WITH = re.compile(
    r"\b(?:done|finished|over|through|broke(?:n)? up|split(?: up)?|not (?:with|seeing|dating)|no"
    r" longer"
    r" (?:with|seeing|dating)|ended (?:it|things)|work out|divorced|dumped|left|sold|called it"
    r" (?:a day|quits)) (?:with |up with |off with |between (?:me|us) and"
    r" )?(?P<x>(?-i:[A-Z])[\w-]+)"
    r"(?! (?:for|to|in|on|when|at|early|because)\b)"
    r"|(?:^|\b(?:and|so|well|but) )(?P<y>(?-i:[A-Z])[\w-]+) and (?:i|me) (?:are|have|split|broke"
    r"|called)"
    r" (?:it )?(?:done|over|finished|history|no more|split|broken up|called it|up|a day|quits"
    r"|separated)"
    r"|\b(?:me|i) and (?P<z>(?-i:[A-Z])[\w-]+) (?:are|have|split|broke|called) (?:it )?(?:done|over"
    r"|finished|history|no more|split|broken up|called it|up|a day|quits|separated)",
    re.IGNORECASE,
)
"""Whom one is no longer with, or what was sold that had a name: all that is told of it is over."""
_GONE = re.compile(
    r"(?P<x>(?:[\w']+ ){1,4}?)(?:(?:has |have |'s |just |sadly |finally )*(?:died|passed away"
    r"|passed(?= (?:on|last|in|this|yesterday|peacefully)|$|[.!])|was put down|crossed the rainbow"
    r"|did(?:n't|nt| not) make it|went to sleep for good|is no longer with us|got run over)"
    r"|(?:is|has|'s) (?:gone|dead)(?=$|[.!]))"
    r"|(?:say|said|saying) goodbye to (?P<y>(?:my |our |old |dear )*[\w-]+)"
    r"|(?:lost|buried) (?P<z>(?:my|our|dear|old|poor|best|friend| )*[\w-]+(?: (?-i:[A-Z])\w+)?)"
    r"(?! (?:keys|phone|wallet|temper|mind|voice|job))|(?:put|have) (?P<w>(?:my |our |old )*"
    r"[\w-]+) (?:down|(?:put )?to sleep)",
    re.IGNORECASE,
)
_OBJECT_ENDS = re.compile(
    r"[,;.!?]|\b(?:at|on|in|to|with|because|when|after|before|since|last|this|yesterday|today|for"
    r"|as|by|from|and|any ?more|any longer|altogether|completely|entirely|now|finally|of|go|who"
    r"|which|that|again|until|till|too|instead|ages|so|it's)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"^(?:[\w'’-]+ ){0,4}?(?:was|were|used to|ran|died|had (?!to)|lived|worked|grew up|studied"
    r"|broke|taught|met|married|never)\b|\b(?:years? ago|as a (?:child|kid)|no longer|any ?more)\b",
    re.IGNORECASE,
)
_TASTE = re.compile(
    r"^(?:i|we|my|he|she|[\w]+)?(?: \w+){0,2}? ?(?:love|like|hate|enjoy|adore|prefer|can't stand"
    r"|loves|likes|hates|favou?rite|fan of)\b",
    re.IGNORECASE,
)
_CONSUMED = re.compile(
    r"\b(?:eat\w*|drink\w*|watch\w*|listen\w*|off|taste|interest|sick|bored|habit|like|into|any"
    r" ?more|no longer|over)\b",
    re.IGNORECASE,
)
_GENERAL = frozenset(
    """
    class classes lesson lessons course courses club team group plan plans idea job thing things
    day days time times week month year years night evening one membership bit lot stuff way people
    man woman new old big little good bad home house work working play playing go going do doing
    take taking have having make making get getting use using see seeing run keep keeping start
    life place end door story side part half first second last next mind whole eat eating drink
    drinking watch watching read reading write learn learning teach teaching back ever never
    always well even really much many morning friday monday tuesday wednesday thursday saturday
    sunday today yesterday want need like love hate know think feel look wait waiting talk talking
    cry crying worry worrying laughing smiling pretending trying fighting seat party phone food
    fun till until while there here where when call calls calling name number season line hope
    head hand hands face eye rest
    """.split()  # noqa: SIM905 - read best as a text
)
_GENERAL_STEMS = frozenset(stem(word) for word in _GENERAL)
_MADE = re.compile(r"finished (?!with)|handed in|sat |passed ", re.IGNORECASE)
_WORK_ON = re.compile(
    r"\b(?:reading|writing|making|building|knitting|working on|painting|watching|drawing|sewing"
    r"|doing"
    r"|playing|learning|studying|on season|thesis|essay|report|test|exam|have (?:my|an?) \w+"
    r" (?:on|in)"
    r"|project|training|course)\b",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:our|my)(?: [\w-]+(?!['’])\b){1,3}")
_KIN = re.compile(rf"\b{KIN}\b")
_PRONOUN = re.compile(r"\s*(?:it|that|them|this|all|it all|all of it)?\s*", re.IGNORECASE)


@frozen
class _End:
    """What a clause says is over: stems and fields of its words, and whose it was."""

    stems: frozenset[str]
    fields: frozenset[str]
    owner: frozenset[str] | None
    is_gone: bool
    """Somebody died: all that is told of them as living is over."""
    is_made: bool
    """A piece of work that is finished: only the work on it is over."""
    is_consumed: bool
    """Something is no longer eaten, watched, liked: a taste is over as well."""


def tells_an_end(text: str) -> bool:
    """Whether it says that something named is over."""
    return bool(_ends_in(text))


def is_ended(old: str, new: str) -> bool:
    """Whether ``new`` says that what ``old`` tells in the present is over."""
    ends = _ends_in(new)
    return bool(ends) and any(
        _is_over(sentence, end) for sentence in _SENTENCE.findall(old) for end in ends
    )


def _is_over(sentence: str, end: _End) -> bool:
    if _PAST.search(sentence.strip()) is not None:
        return False
    words = frozenset(map(stem, telling_words(sentence)))
    shared = end.stems & words
    if end.is_gone:
        return bool(shared) and end.stems <= words and not _is_of_another(sentence, end.owner)
    if end.is_made and _WORK_ON.search(sentence) is None:
        return False
    is_taste = _TASTE.match(sentence.strip()) is not None and not end.is_consumed
    if is_taste or not (shared or end.fields & fields_of(sentence)):
        return False
    return _is_whose(end, sentence, shared)


def _is_whose(end: _End, sentence: str, shared: frozenset[str]) -> bool:
    """Whether the sentence speaks of whoever the end is of."""
    owner = owner_of(sentence)
    if is_same_owner(end.owner, owner, sentence):
        return True
    return bool(owner) and (end.owner == SOMEBODY or (not end.owner and _is_ours(sentence, shared)))


def _is_ours(sentence: str, things: frozenset[str]) -> bool:
    """Whether somebody else is told of in what is also the person's: "she sings in our choir"."""
    for match in _OURS.finditer(sentence.casefold()):
        words = match[0].split()[1:]
        if _KIN.search(match[0]) is None and not things.isdisjoint(map(stem, words)):
            return True
    return False


def _is_of_another(sentence: str, owner: frozenset[str] | None) -> bool:
    """Whether a being of that name belongs to somebody else."""
    return bool(owner) and not is_same_owner(owner, owner_of(sentence), sentence)


@lru_cache(maxsize=4)
def _ends_in(text: str) -> tuple[_End, ...]:
    """Of the same text for each memory near it."""
    text = text.replace("’", "'")
    return () if _HINT.search(text) is None else tuple(_found_in(text))


def _found_in(text: str) -> Iterator[_End]:
    for clause in clauses_of(text):
        if clause.is_real:
            yield from _of_clause(clause.text, clause.owner, clause.before)


def _of_clause(clause: str, owner: frozenset[str] | None, before: str) -> Iterator[_End]:
    gone = _GONE.search(clause)
    if gone is not None:
        being = gone[gone.lastgroup or 0].strip()
        whose, of, what = being.rpartition("'s ")
        stems = _telling_stems(what)
        if stems:
            yield _End(
                stems,
                frozenset(),
                owner_of(whose) if of else None,
                is_gone=True,
                is_made=False,
                is_consumed=True,
            )
    parted = _NO_MORE_WITH.search(clause)
    if parted is not None:
        name = frozenset({stem(parted[parted.lastgroup or 0].casefold())})
        yield _End(name, frozenset(), None, is_gone=True, is_made=False, is_consumed=True)
    consumed = _CONSUMED.search(clause) is not None
    named: list[tuple[str, bool]] = []
    subject = _SUBJECT_BEFORE.match(clause)
    if subject is not None:
        named.append((subject["x"], False))
    for match in _OBJECT.finditer(clause):
        rest = clause[match.end() :]
        stop = _OBJECT_ENDS.search(rest, 2 if rest[:3].lower() in {"on ", "to ", "in "} else 0)
        is_made = _MADE.match(match[0]) is not None
        named.append((rest if stop is None else rest[: stop.start()], is_made))
    for words, is_made in named:
        stems = _telling_stems(words)
        fields = fields_of(words)
        if not stems and not fields and _is_pronoun(words):
            stems = _telling_stems(before)
            fields = fields_of(before)
        if stems or fields:
            yield _End(stems, fields, owner, is_gone=False, is_made=is_made, is_consumed=consumed)


def _is_pronoun(words: str) -> bool:
    return _PRONOUN.fullmatch(words) is not None


def _telling_stems(text: str) -> frozenset[str]:
    words = (word for word in telling_words(text) if len(word) > 1)
    return frozenset(map(stem, words)) - _GENERAL_STEMS
