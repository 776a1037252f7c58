"""What was learnt from an exchange, before it is compared with what is known."""

from datetime import datetime
from enum import StrEnum

from attrs import frozen


class FactKind(StrEnum):
    """What a fact is about."""

    IDENTITY = "identity"
    """Name, age, origin, language: who the person is."""
    PERSON = "person"
    """Somebody in the person's life."""
    PET = "pet"
    WORK = "work"
    PLACE = "place"
    PREFERENCE = "preference"
    DATE = "date"
    EVENT = "event"
    GOAL = "goal"
    HEALTH = "health"
    RELATIONSHIP = "relationship"
    """Between the person and the companion: how to be called, promises, rituals."""
    OTHER = "other"


@frozen
class Fact:
    """Something lasting that a person told.

    ``topic`` names what can have one value at a time (``home``, ``job``, ``name``,
    ``pet:biscuit``, ``like:jazz``): a new fact of the same topic takes the place of the old one.
    None for what stands by itself. ``is_over`` tells that the fact of this topic has ended and
    nothing takes its place. ``replaces`` and ``repeats`` name memories by id, where the
    extractor was shown them and knows.
    """

    text: str
    kind: FactKind
    importance: int
    """1 (a passing remark) to 5 (what a friend would never forget)."""
    source_message_ids: tuple[str, ...]
    true_at: datetime
    topic: str | None = None
    is_over: bool = False
    is_forgetting: bool = False
    """The person asks to forget what is about ``text`` (or of ``topic``)."""
    replaces: tuple[str, ...] = ()
    repeats: str | None = None
    value: str = ""
    """What the topic's value is, in lower case, such as ``rome`` for ``home``: an ending concerns
    only memories that say it. Empty when the text says nothing so short."""
    also_ends: tuple[str, ...] = ()
    """Topics that are over with this: a new job ends the old employer."""
    about: str = ""
    """A name that has to be known: the fact counts only if a near memory says who that is."""
    wrong: str = ""
    """A word that was wrong wherever it was told: ``value`` belongs in its place."""
    is_correction: bool = False
    """Something told before was wrong: this takes the place of what is most like it."""


@frozen
class Exchange:
    """A message and its reply, with what is needed to understand them.

    ``earlier`` are the few messages before, oldest first, as ``(role, content)``: to read, not to
    extract from. ``known`` are memories that are near, as ``(id, text)``.
    """

    user_id: str
    turn_id: str
    session_id: str
    character_id: str
    character_name: str
    user_name: str
    user_message_id: str
    user_text: str
    reply_message_id: str
    reply_text: str
    said_at: datetime
    earlier: tuple[tuple[str, str], ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    attempts: int = 0
    """How often learning from it has failed before."""
