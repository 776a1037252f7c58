"""Turns: read all that one needs at once, open it with its hold, close it with its settlement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.accounts import User
from domain.characters import Character
from domain.chat import Message, Session, Turn
from domain.wallet import Wallet


@frozen
class IdempotencyKey:
    """The client's key, and what tells one request from another under the same key."""

    key: str
    fingerprint: str


@frozen
class TurnQuery:
    """What is about to happen: a message to a character, in a session, or a new reply.

    Just one of ``session_id``, ``character_id`` (a new session) and ``message_id`` (another reply;
    the id of the reply or of the message it answers) is given. ``history`` is how many of the
    latest messages to read.
    """

    user_id: str
    history: int
    session_id: str | None = None
    character_id: str | None = None
    message_id: str | None = None
    idempotency_key: str | None = None


@frozen
class TurnSnapshot:
    """All that is needed to decide, as of one moment.

    What does not exist, or is somebody else's, is None. ``character`` has the session's version,
    or the published one when there is no session. ``history`` is oldest first, active messages
    only, and ends before ``user_message`` when another reply is asked for. It begins behind what
    the session's summary tells, unless ``user_message`` is part of that: then the summary, which
    knows what came later, is of no use and the messages before are read themselves.
    """

    user: User
    """The account as it is now: its tier and whether it is suspended are decided on this."""
    wallet: Wallet
    session: Session | None
    character: Character | None
    history: Sequence[Message]
    last_position: int
    """The greatest position in the session, 0 when there is none."""
    user_message: Message | None = None
    replay: tuple[str, str] | None = None
    """The turn begun under this idempotency key in the last 24 h, and its fingerprint."""


@frozen
class TurnOpening:
    """What to write, in one step, so that a turn may begin.

    ``wallet`` carries the hold and is at the version that was read. ``session`` is given when it
    is new; ``messages`` are the ones to add, the user's message last (none for another reply).
    ``reply`` is given when the product itself answers: then ``turn`` has ended, and is stored as
    closed, with the reply in the place of earlier ones.
    """

    turn: Turn
    wallet: Wallet
    session: Session | None
    messages: Sequence[Message]
    idempotency: IdempotencyKey | None
    reply: Message | None = None


@frozen
class TurnClosing:
    """What to write, in one step, when a turn has ended.

    ``wallet`` carries the charge or the release; None when the hold is gone and no money moves.
    ``reply`` is None when there is no text. ``work_until`` is given when there may be something to
    learn from the exchange: that work is put down, and left to this process until then. ``model``
    is the one that wrote, None when none did: how the turn ended is kept for the count of the day,
    even if the conversation is deleted.
    """

    turn: Turn
    wallet: Wallet | None
    reply: Message | None
    now: datetime
    work_until: datetime | None = None
    model: str | None = None


class TurnStore(Protocol):
    """Turns and what they write. Each method is one round trip."""

    async def load(self, query: TurnQuery) -> TurnSnapshot:
        """Read it all in one statement; raises ``NotFound`` when there is no living account."""
        ...

    async def open(self, opening: TurnOpening) -> bool:
        """Write it all, or nothing and False when the wallet has changed since it was read.

        Raises ``AlreadyRecorded`` when the idempotency key has begun a turn meanwhile,
        ``IdempotencyKeyReused`` when it belongs to another kind of request, ``NotFound`` when
        the session is gone, ``Unavailable`` when the wallet's row stays locked.
        """
        ...

    async def close(self, closing: TurnClosing) -> bool:
        """Write it all, or nothing and False when the wallet has changed since it was read.

        The turn must still be running, or have lapsed: a turn that was closed stays as it is and
        raises ``AlreadyRecorded``. If the session was deleted meanwhile, only the money is
        written. A new reply takes the place of the earlier ones to the same message, and the
        session's ``updated_at`` moves.
        """
        ...

    async def get(self, user_id: str, turn_id: str) -> Turn:
        """The turn; raises ``NotFound``, also when it is somebody else's."""
        ...

    async def find_reply(self, user_id: str, turn_id: str) -> Message | None:
        """The stored reply of this turn, None while there is none."""
        ...
