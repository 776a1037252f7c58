"""Facts without a model: careful rules, so that a start without a key really remembers."""

from collections.abc import Sequence

from adapters.local.fact_rules.dates import When, find_when, with_date
from adapters.local.fact_rules.found import Found
from adapters.local.fact_rules.reading import Reading
from domain.memory.facts import Exchange, Fact, FactKind
from domain.memory.memories import as_memory_text

_MOST_FACTS = 24


class RuleFactExtractor:
    """Reads only what the person said, clause by clause, and keeps the person's own words.

    English in depth; names, homes, jobs, pets, family, tastes and birthdays in Spanish, French,
    German, Italian and Portuguese. What it does not understand it leaves out.
    """

    @property
    def is_instant(self) -> bool:
        return True

    async def extract(self, exchange: Exchange) -> Sequence[Fact]:
        found = Reading(exchange.said_at, exchange.earlier).read(exchange.user_text)
        # Last what is told of somebody whom another part of the message may introduce.
        found.sort(key=lambda one: bool(one.about))
        facts = [_fact(one, exchange) for one in found[:_MOST_FACTS]]
        # A stable order: what ends comes before what begins in its place, as it was said.
        return sorted(facts, key=lambda fact: -fact.importance) if _is_plain(facts) else facts


def _is_plain(facts: Sequence[Fact]) -> bool:
    """Whether the order in which they were said does not matter."""
    if any(fact.is_over or fact.is_forgetting or fact.about for fact in facts):
        return False
    topics = [fact.topic for fact in facts if fact.topic]
    return len(set(topics)) == len(topics)


def _is_dated(found: Found, when: When) -> bool:
    """Whether it is true from that day on, rather than about a day of every year."""
    if found.topic.endswith("birthday"):
        return False
    return when.is_relative or found.kind in {FactKind.DATE, FactKind.EVENT, FactKind.GOAL}


def _fact(found: Found, exchange: Exchange) -> Fact:
    when = find_when(found.text, exchange.said_at)
    text = found.text if found.is_forgetting else with_date(found.text, when)
    return Fact(
        text=as_memory_text(text),
        kind=found.kind,
        importance=found.importance,
        source_message_ids=(exchange.user_message_id,),
        true_at=when.at if when is not None and _is_dated(found, when) else exchange.said_at,
        topic=found.topic or None,
        is_over=found.is_over,
        is_forgetting=found.is_forgetting,
        value=found.value,
        also_ends=found.ends,
        about=found.about,
        wrong=found.wrong,
        is_correction=found.is_correction,
    )
