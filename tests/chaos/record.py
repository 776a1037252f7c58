"""What the people of a run asked for and what they were answered: their own book, beside ours."""

from collections import Counter
from typing import Any

from attrs import define, field, frozen

PASSING = frozenset({"unavailable", "rate_limited", "conflict"})
"""Codes that ask to come again: what became of the request is not said yet."""


@frozen
class Answer:
    """A reply that a person was given to its end."""

    turn_id: str
    session_id: str
    message_id: str
    text: str
    charged: int
    finish_reason: str

    @classmethod
    def of(cls, companion: Any, text: str, finish_reason: str) -> "Answer":
        return cls(
            companion["turn_id"],
            companion["session_id"],
            companion["message_id"],
            text,
            companion["receipt"]["charged"],
            finish_reason,
        )


@define(eq=False)
class Turn:
    """A message that somebody sent, under one key or none, however often."""

    marker: str
    """Stands in the message, and in no other. Empty for another reply to an earlier message."""
    person: str
    path: str
    body: dict[str, Any]
    key: str | None
    is_stream: bool
    answers: list[Answer] = field(factory=list)
    refusals: list[str] = field(factory=list)
    """Codes, in their order; also of error events, which end a stream."""
    lost: int = 0
    """Tries of which nothing came back."""
    tries: int = 0
    turn_id: str | None = None
    session_id: str | None = None
    text: str = ""
    """What was streamed so far, and ``seq`` and ``last_id`` say up to where."""
    seq: int = 0
    last_id: str | None = None
    ending: tuple[str, Any] | None = None
    """The finish reason and the object with the receipt, once the stream has told them."""
    was_stopped: bool = False
    is_final: bool = False
    """Nothing else can come of it."""

    @property
    def was_refused(self) -> bool:
        """It was answered, and never by a reply."""
        return bool(self.refusals) and not self.answers and not self.lost

    def begin_stream(self) -> None:
        self.text, self.seq, self.last_id, self.ending = "", 0, None, None


@define(eq=False)
class Change:
    """Anything else that is done under a key: a purchase, a grant, a memory, a new session."""

    kind: str
    person: str
    key: str
    method: str
    path: str
    body: dict[str, Any]
    answers: list[Any] = field(factory=list)
    statuses: list[int] = field(factory=list)
    tries: int = 0
    is_final: bool = False


@define(eq=False)
class Record:
    """Of one run; ``broken`` is whatever should not be, in words."""

    turns: list[Turn] = field(factory=list)
    changes: list[Change] = field(factory=list)
    deleted_sessions: set[str] = field(factory=set)
    """Sessions whose deletion was asked for."""
    erased: dict[str, bool] = field(factory=dict)
    """Accounts whose erasure was asked for, by our id, and whether it was confirmed."""
    payments: dict[str, int] = field(factory=dict)
    """Credits that were paid for at Stripe, by our purchase's id."""
    statuses: Counter[int] = field(factory=Counter)
    resumed: int = 0
    stopped: int = 0
    broken: list[str] = field(factory=list)

    def complain(self, what: str) -> None:
        self.broken.append(what)
