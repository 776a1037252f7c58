"""How people behave: what they say, how long they read, what they do without credits."""

from collections.abc import Mapping
from random import Random

from attrs import frozen

_WORDS_A_SECOND = 15.0
"""Fast, so that a run of a minute is worth its while: people read four to five words a second."""
_LONGEST_READING = 4.0
_CREDITS, _SPEED = 402, 429
_GREETINGS = ("Hello!", "Good evening.", "It is me again.", "Are you there?")
_FACTS = (
    "I live in Lisbon now.",
    "My sister is called Vera.",
    "I started to learn the cello.",
    "I do not eat nuts, they make me ill.",
    "My cat is called Biscuit.",
    "I work as a nurse, mostly at night.",
)
_TALK = (
    "How was your day?",
    "Tell me about a place that you like.",
    "What should I cook tonight?",
    "I read half of a novel on the train.",
    "Do you remember what I told you?",
    "It has been raining since the morning.",
    "What would you do in my place?",
)


@frozen
class Manner:
    """One person's ways, the same each time that somebody of this number comes."""

    number: int

    @property
    def buys(self) -> bool:
        """Whether they pay when their credits are gone; the others come back tomorrow."""
        return self.number % 3 != 0

    @property
    def longest_reply(self) -> int | None:
        """The tokens that they ask for; every fourth wants long stories, which cost most."""
        return 2_000 if self.number % 4 == 1 else None

    def says(self, chance: Random, turn: int) -> str:
        """Their next message, in the ``turn``-th turn of a conversation."""
        if turn == 0:
            return chance.choice(_GREETINGS)
        return chance.choice(_FACTS if chance.random() < 1 / 4 else _TALK)


def reading_seconds(text: str) -> float:
    """For how long somebody reads this before they go on."""
    return min(_LONGEST_READING, len(text.split()) / _WORDS_A_SECOND)


def refusal(status: int, body: Mapping[str, object]) -> str | None:
    """Which refusal this is that people must live with; None if it is none of those.

    Credits run out, and who shares an address with many may be too fast.
    """
    error = body.get("error")
    code = error.get("code") if isinstance(error, Mapping) else None
    if (status, code) == (_CREDITS, "insufficient_credits"):
        return "out of credits"
    if (status, code) == (_SPEED, "rate_limited"):
        return "too fast"
    return None
