"""What one clause says."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from attrs import evolve

from adapters.local.fact_rules import beings, days, identity, life, tastes, work
from adapters.local.fact_rules.dates import find_when
from adapters.local.fact_rules.found import Found, filled, value_of
from adapters.local.fact_rules.rule import Rule, any_of, compiled, levelled
from adapters.local.fact_rules.screening import (
    PASSING_MOOD,
    importance_of_rest,
    is_command,
    is_left_out,
)
from adapters.local.fact_rules.sentences import Clause, tidy
from domain.memory.facts import FactKind

_ENDINGS = (
    *life.LOST_WORK,
    *beings.PARTNER_ENDINGS,
    *beings.PET_ENDINGS,
    *life.LEFT_HOME,
    *life.CALLED_OFF,
    life.NOT_CALLED,
)
_TABLE: tuple[Rule, ...] = (
    *_ENDINGS,
    *beings.PETS,
    *identity.IDENTITY,
    *tastes.TASTES,
    *beings.PARTNERS,
    *work.WORK,
    *days.APPOINTMENTS,
    *work.PLACES,
    *life.HEALTH,
    beings.PERSON_GONE,
    *beings.PEOPLE,
    *life.THINGS,
    *life.AGREEMENTS,
    *life.EVENTS,
    *life.GOALS,
    beings.PEOPLE_ON_DAYS,
    beings.GONE,
    *beings.NAMED_PEOPLE,
    life.GAVE_UP,
)
_SELF = re.compile(r"(?:i|we)\b", re.IGNORECASE)


def _can_begin(rule: Rule, first: str) -> bool:
    """Whether the rule may match a clause with this first word; wrong only towards yes."""
    pattern = rule.pattern.pattern
    if first == "i":
        return not pattern.startswith(("my ", "(?P<n>"))
    if first == "my":
        return not pattern.startswith(("i ", "i(?:", "(?P<n>"))
    return not pattern.startswith(("i ", "i(?:", "my "))


_BY_FIRST = {
    first: tuple(rule for rule in _TABLE if _can_begin(rule, first)) for first in ("i", "my", "")
}
_ANY_BY_FIRST = {
    first: any_of(rule.pattern for rule in rules) for first, rules in _BY_FIRST.items()
}
_I_AM_CALLED = compiled(r"(?:i am|this is) (?P<v>{NAME})(?=$|,| (?:from|and|by the way|here)\b)")
_I_AM = re.compile(r"(?:i'?m|i am|this is) ", re.IGNORECASE)
_NOBODY = frozenset(
    """
    that this it there here what which who the a an and but so no yes not all everything everyone
    everybody nothing nobody somebody someone something these those they he she we you one life work
    today tomorrow yesterday sometimes maybe perhaps one both most many some such another other
    people things time money love god lol ok okay well now then
    """.split()  # noqa: SIM905 - read best as a text
)
_NO_NAME = re.compile(
    rf"(?:{identity.DEMONYMS}|catholic|jewish|muslim|christian|hindu|buddhist|sikh|team|mr|god"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june"
    r"|july|august|september|october|november|december|ok|okay|sorry|so|not|in|at|on|from|aries"
    r"|taurus|gemini|leo|virgo|libra|scorpio|sagittarius|capricorn|aquarius|pisces|just|very|here"
    r"|really|still|happy|sad|tired|the|a|an)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"(?:(?:my [\w' -]{1,40}?|[\w'-]+) and (?:i|me)|(?:me|i) and [\w'-]+) (?=\w)", re.IGNORECASE
)
_NO_LONGER = re.compile(
    r"(?P<s>.{1,60}?) (?:(?P<be>am|is|are) |(?:do|does|have|has|had|can) )?no longer (?P<rest>.+)"
    r"|(?P<s2>.{1,60}?) (?:(?P<be2>am|is|are)|do|does|have|has|can)(?: not) (?P<rest2>.+?) any more"
    r"(?P<tail>.*)",
    re.IGNORECASE,
)
_USED_TO = re.compile(r"(?P<s>(?:i|we)|my .{2,40}?) used to (?P<rest>.+)", re.IGNORECASE)
_SEVERAL = compiled(
    r"(?:(?:i|we) (?:\w+ )?(?:have|adopted|own|got|raised?) (?:\w+ )?|my (?:\w+ )?)"
    r"(?P<s>(?:[\w-]+ )?(?:{SPECIES}|sister|brother|son|daughter|kid|child|cousin|niece|nephew"
    r"|friend)"
    r")(?:s|es|ren)?(?::|,| are| -| –)? ?(?:{CALLED} |are )?"
    r"(?P<all>(?-i:[A-ZÀ-Þ])[\w'-]+(?:, (?-i:[A-ZÀ-Þ])[\w'-]+){0,5},? and (?-i:[A-ZÀ-Þ])[\w'-]+)$"
)
_NAMES_APART = re.compile(r",? and |, ")
_A_PET = compiled(r"(?:[\w-]+ )?{SPECIES}$")
_BESIDES = re.compile(
    r"\b(?:also|too|as well|another|second|other|on the side|additionally)\b", re.IGNORECASE
)
_ALONE = frozenset({"job", "employer", "home", "field", "car", "studies", "school", "dwelling"})
_NO_CORRECTION = re.compile(
    r"(?:i|we)(?: \w+)? (?:have|got|own|adopted|bought|want|love|like|think|just)\b", re.IGNORECASE
)
_RITUAL = re.compile(
    r"(?:\w+ )?(?:you|we) (?:ask|tell|remind|wish|send|greet|call|read|check|talk|meet|play)\b",
    re.IGNORECASE,
)
_AND = re.compile(r",? and |, | or | & ")
_MOST_LIKED, _MOST_LIKED_WORDS = 5, 3
_WEIGHTY = 4


def found_in(clause: Clause, said_at: datetime) -> list[Found]:
    """The facts of a clause; none when it tells nothing lasting."""
    plain = levelled(_TOGETHER.sub("we ", clause.plain, count=1))
    if not plain or clause.is_question:
        return []
    if is_left_out(plain):
        return []
    found = list(_over(clause, plain, said_at)) or list(_by_rules(clause, plain, said_at))
    if not found and not is_command(plain):
        importance = importance_of_rest(clause.plain)
        if importance and not PASSING_MOOD.search(clause.text):
            found = [Found(clause.text, FactKind.OTHER, importance)]
    if not found and clause.lead.lower().startswith("every") and _RITUAL.match(plain):
        found = [Found(clause.text, FactKind.RELATIONSHIP, _WEIGHTY)]
    if clause.is_correction and not _BESIDES.search(plain) and not _NO_CORRECTION.match(plain):
        found = [evolve(one, is_correction=True) for one in found]
    return [one for one in found if one.importance > 0]


def _over(clause: Clause, plain: str, said_at: datetime) -> Iterator[Found]:
    """What is no longer so: its opposite is read, and ended."""
    match = _NO_LONGER.fullmatch(plain)
    used_to = None if match else _USED_TO.match(plain)
    if match is not None:
        subject = match["s"] or match["s2"]
        being = match["be"] or match["be2"]
        rest = match["rest"] or match["rest2"]
        before = levelled(f"{subject} {being} {rest}" if being else f"{subject} {rest}")
    elif used_to is not None:
        rest = used_to["rest"]
        if rest.startswith("be "):
            rest = f"{'am' if _SELF.match(used_to['s']) else 'is'} {rest[3:]}"
        before = f"{used_to['s']} {rest}"
    else:
        return
    ended = list(_by_rules(evolve(clause, plain=before), before, said_at))
    told = False
    for one in ended:
        if one.kind is FactKind.PREFERENCE and one.topic and used_to is None:
            yield evolve(one, text=clause.text)
            told = True
        elif one.topic or one.value:
            value = "" if one.value in _ALONE else one.value
            yield evolve(one, is_over=True, value=value, ends=())
            for topic in one.ends:
                yield evolve(one, is_over=True, topic=topic, value=value, ends=())
    if not told:
        if not ended:
            yield Found(clause.text, FactKind.OTHER, 2, value=value_of(before), is_over=True)
        kind = ended[0].kind if ended else FactKind.OTHER
        yield Found(clause.text, kind, 2)


def _by_rules(clause: Clause, plain: str, said_at: datetime) -> Iterator[Found]:
    first = plain.split(" ", 1)[0].lower()
    key = first if first in {"i", "my"} else ""
    several = _SEVERAL.match(plain)
    if several is not None:
        yield from _each_named(several)
        return
    commanded = key == "" and is_command(plain)
    candidates = _BY_FIRST[key] if _ANY_BY_FIRST[key].match(plain) else ()
    for rule in candidates:
        match = rule.pattern.match(plain)
        if match is None or (commanded and rule.kind is not FactKind.RELATIONSHIP):
            continue
        if rule.needs_date and not _is_ahead(clause, match, said_at):
            continue
        yield from _facts_of(rule, match, clause, plain)
        return
    named = _I_AM_CALLED.match(plain)
    if named is not None and not _NO_NAME.match(named["v"]) and _I_AM.match(clause.text):
        yield Found(clause.text, FactKind.IDENTITY, 5, "name", value_of(named["v"]))


def _facts_of(rule: Rule, match: re.Match[str], clause: Clause, plain: str) -> Iterator[Found]:
    groups = match.groupdict()
    topic, value = filled(rule.topic, groups), filled(rule.value, groups)
    ends = tuple(topic for topic in (filled(end, groups) for end in rule.ends) if topic)
    if _BESIDES.search(plain) and (topic in _ALONE or topic.startswith("person:")):
        topic, ends = "", ()
    if rule.importance < _WEIGHTY and PASSING_MOOD.search(clause.text) and topic.count(":") != 2:  # noqa: PLR2004 - a being's attribute
        return
    about = (groups.get("n") or "") if rule.about else ""
    if about.casefold() in _NOBODY:
        return
    found = Found(
        text=clause.text,
        kind=FactKind.DATE if topic.endswith("birthday") else rule.kind,
        importance=rule.importance,
        topic=topic,
        value=value,
        ends=ends,
        about=about,
        antecedent=_antecedent(rule, groups),
    )
    if rule.is_over:
        yield evolve(found, is_over=True, ends=())
        for end in ends:
            other, says, _ = end.partition("=")
            yield evolve(found, topic=other, value=value if says else "", is_over=True, ends=())
        yield evolve(found, topic="", value="", ends=())
    elif topic.startswith("like:"):
        yield from _each_liked(found, match, plain)
    else:
        yield found


def _each_liked(found: Found, match: re.Match[str], plain: str) -> Iterator[Found]:
    """A fact for each of several things, so that one can change without the others."""
    start = match.start("v")
    things = [thing.strip() for thing in _AND.split(plain[start:])]
    things = [thing.removeprefix("and ") for thing in things if thing]
    is_list = 1 < len(things) <= _MOST_LIKED and all(
        len(thing.split()) <= _MOST_LIKED_WORDS and not _SELF.match(thing) for thing in things
    )
    if not is_list:
        yield found
        return
    for thing in things:
        topic = filled("like:{v}", {"v": thing})
        if topic:
            text = tidy(f"{plain[:start]}{thing}")
            yield evolve(found, text=text, topic=topic, value=value_of(thing))


def _each_named(match: re.Match[str]) -> Iterator[Found]:
    """Two cats, Miso and Luna, are two facts: one may end without the other."""
    one = {"child": "child", "kid": "child"}.get(match["s"].lower(), match["s"])
    article = "an" if one[0] in "aeiou" else "a"
    for name in _NAMES_APART.split(match["all"]):
        text = f"I have {article} {one} called {name}."
        if _A_PET.match(one):
            yield Found(text, FactKind.PET, 5, f"pet:{value_of(name)}", value_of(name))
        else:
            topic = f"person:{value_of(name)}:relation"
            yield Found(text, FactKind.PERSON, 4, topic, antecedent=f"my {one} {name}")


def _antecedent(rule: Rule, groups: dict[str, str | None]) -> str:
    """Whom "she" means after this."""
    name = groups.get("n") or (
        groups.get("v") if rule.topic.startswith(("pet:", "person:", "partner")) else None
    )
    who = groups.get("who") or groups.get("s")
    if rule.topic.startswith("favourite:"):
        return f"my favourite {groups.get('c')}"
    if rule.topic.startswith("partner"):
        return name or ""
    if rule.kind is FactKind.PET and name:
        return name
    if who and not who.startswith("my "):
        is_name = name is not None and name[:1].isupper() and len(name.split()) < 3  # noqa: PLR2004
        return f"my {who} {name}" if is_name else f"my {who}"
    return ""


def _is_ahead(clause: Clause, match: re.Match[str], said_at: datetime) -> bool:
    """Whether a date is named; today only for what matters."""
    when = find_when(clause.text, said_at)
    if when is None:
        return False
    matters = days.MATTERS.search(match[0]) is not None
    if not matters and when.day < said_at.date() + timedelta(days=1):
        return False
    return matters or not days.TRIFLE.search(match[0])


def antecedent_of(found: Sequence[Found], before: str) -> str:
    """The last being that was spoken of."""
    return next((one.antecedent for one in reversed(found) if one.antecedent), before)
