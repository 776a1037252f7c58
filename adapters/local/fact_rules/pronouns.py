"""A name in the place of the pronoun that a clause begins with."""

import re
from collections.abc import Sequence

from attrs import evolve

from adapters.local.fact_rules.naming import to_be_told
from adapters.local.fact_rules.sentences import Clause, clause_of

_MOVED = re.compile(
    r"(?:now )?it(?:'s| is| will be| was moved to)(?: now)? (?=(?:on|at|in|the \d|next|tomorrow"
    r"|\d)\b)",
    re.IGNORECASE,
)
_IT_IS_SHORT = re.compile(r"(?:now )?it(?:'?s| is) (?=(?:[\w'-]+ ?){1,5}[.!]?$)", re.IGNORECASE)
_IT_IS = re.compile(r"(?:now )?it(?:'s| is) (?!called)", re.IGNORECASE)
_PRONOUN = re.compile(
    r"(?:(?P<of>his|her|its) (?=\w+(?: \w+){0,2}? (?:is|was|has)\b|name\b)|(?:he|she)(?=s?\s|')"
    r"|it(?='s called| is called)|now it(?='s | is )|it(?='s now| is now|'s .{2,30} now))",
    re.IGNORECASE,
)
_HE = re.compile(r"\b(?:he|his|him|himself)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_KIN = re.compile(
    r"^my (?:[\w-]+ )*?(?:(?P<she>(?:grand|god|step-?|half-?)?(?:mother|mom|mum|ma|sister"
    r"|daughter|niece"
    r"|girl)(?:-in-law)?|aunt|auntie|wife|girlfriend|fianc[eé]e|grandma|granny|gran|nan|nana"
    r"|mummy|mommy"
    r"|landlady)"
    r"|(?P<he>(?:grand|god|step-?|half-?)?(?:father|dad|pa|brother|son|nephew|boy)(?:-in-law)?"
    r"|uncle"
    r"|husband|boyfriend|grandpa|granddad|grandad|daddy|papa|landlord))\b",
    re.IGNORECASE,
)


def with_thing(clause: Clause, thing: str) -> Clause | None:
    """What is said of a thing's day or name, where the clause says only "it"."""
    moved = _MOVED.match(clause.text) if thing else None
    if moved is not None:
        return clause_of(f"{thing} is {clause.text[moved.end() :]}")
    told = _IT_IS_SHORT.match(clause.text) if thing.startswith("my ") else None
    if told is not None and to_be_told(thing):
        return clause_of(f"{thing} is {clause.text[told.end() :]}")
    return None


def begins_with_pronoun(clause: Clause) -> bool:
    """Whether it has to be known of whom it speaks."""
    return _PRONOUN.match(clause.text) is not None


def with_name(clause: Clause, antecedent: str, said: Sequence[str] = ()) -> Clause:
    """The clause about somebody; as it is where nobody is meant, or it cannot be.

    ``said`` is what the person said before: whoever was "he" there is not "she" here.
    """
    match = _PRONOUN.match(clause.text)
    if match is None or not antecedent or not _agrees(match[0].lower(), antecedent, said):
        return clause
    if _IT_IS.match(clause.text) and not _is_thing(antecedent):
        return clause
    name = f"{antecedent}'s " if match["of"] else antecedent
    rest = clause.text[match.end() :]
    if rest[:2] == "s ":
        rest = f"'{rest}"
    return evolve(clause_of(name + rest), is_correction=clause.is_correction)


def _agrees(pronoun: str, antecedent: str, said: Sequence[str]) -> bool:
    """Whether "he" or "she" may be that one; yes where nothing tells."""
    if pronoun not in {"he", "his", "she", "her"}:
        return True
    is_she = pronoun in {"she", "her"}
    kin = _KIN.search(antecedent)
    if kin is not None:
        return (kin["she"] is not None) == is_she
    name = antecedent.rsplit(" ", 1)[-1]
    told = [one for one in said if re.search(rf"\b{re.escape(name)}\b", one)]
    as_he, as_she = (any(pattern.search(one) for one in told) for pattern in (_HE, _SHE))
    return as_she in {as_he, is_she}


def _is_thing(antecedent: str) -> bool:
    return antecedent.startswith("my favourite")
