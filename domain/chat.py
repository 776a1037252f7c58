"""Conversations: sessions, messages, and the turn that turns a message into a reply."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from attrs import frozen

from domain.errors import InvalidRequest
from domain.lots import Bucket
from domain.notices import Notice
from domain.pricing import Usage

MAX_MESSAGE_CHARACTERS = 4_000
MAX_TITLE_CHARACTERS = 120
_TITLE_CHARACTERS = 60


class Role(StrEnum):
    """Who said it."""

    USER = "user"
    ASSISTANT = "assistant"


class MessageStatus(StrEnum):
    """Whether a message is all that there was to say."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    """The person stopped it."""
    INCOMPLETE = "incomplete"
    """The model failed in the middle; nothing was charged."""


class TurnStatus(StrEnum):
    """Where a turn is; all but the first are final."""

    RUNNING = "running"
    COMPLETED = "completed"
    STOPPED = "stopped"
    FAILED = "failed"


@frozen
class Receipt:
    """What a reply cost: ``held = charged + released``, in credits."""

    held: int
    charged: int
    released: int
    price_version: int
    usage: Usage
    buckets: Mapping[Bucket, int]


@frozen
class Session:
    """A conversation with one version of one character."""

    id: str
    user_id: str
    character_id: str
    character_version: int
    title: str
    created_at: datetime
    updated_at: datetime
    summary: str = ""
    """What was said up to ``summarized_until``, in short."""
    summarized_until: int = 0
    """The position of the last message that is in the summary, 0 for none."""


@frozen
class Message:
    """One message of a session.

    ``position`` orders a session's messages; a reply has its user message's position plus one,
    and so has every other reply to it, of which only the latest is ``active``.
    """

    id: str
    session_id: str
    position: int
    role: Role
    content: str
    status: MessageStatus
    created_at: datetime
    turn_id: str | None = None
    receipt: Receipt | None = None


@frozen
class PromptPart:
    """One part of a prompt, by reference: its words are found where they are kept.

    ``name`` is ``persona``, ``conduct``, ``lore``, ``summary``, ``history``, ``memories`` or
    ``message``. ``refs`` are the ids of lorebook entries and of memories, the first and the
    last position of a stretch of messages.
    """

    name: str
    tokens: int
    refs: tuple[str, ...] = ()


@frozen
class Turn:
    """One exchange as it is stored: opened with a hold, closed with a settlement."""

    id: str
    user_id: str
    session_id: str
    character_id: str
    user_message_id: str
    message_id: str
    status: TurnStatus
    created_at: datetime
    held: int
    price_version: int
    stream: bool
    include_usage: bool
    memory_ids: tuple[str, ...] = ()
    finish_reason: str | None = None
    error_code: str | None = None
    """The ``code`` of the error that ended a failed turn."""
    receipt: Receipt | None = None
    notices: tuple[Notice, ...] = ()
    """What the person was told along with the reply."""
    prompt: tuple[PromptPart, ...] = ()


def title_from(text: str) -> str:
    """A session's first title: the beginning of the first message, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= _TITLE_CHARACTERS:
        return line
    return line[: _TITLE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"


def checked_title(title: str) -> str:
    """The title on one line; raises ``InvalidRequest`` when it is empty or too long."""
    line = " ".join(title.split())
    if not 1 <= len(line) <= MAX_TITLE_CHARACTERS:
        message = f"title must have 1 to {MAX_TITLE_CHARACTERS} characters"
        raise InvalidRequest(message, param="title")
    return line


def next_position(now: datetime, last: int) -> int:
    """The position for the next user message: microseconds since 1970, always past ``last``.

    Steps of two leave room for the reply. The clock is only a start: a session never goes back,
    also when the clock does.
    """
    return max(int(now.timestamp() * 1_000_000) & ~1, last + 2 - (last & 1))
