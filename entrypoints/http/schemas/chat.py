"""Sessions, messages, turns and memories."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from application.chat.report_message import MAX_REASON_CHARACTERS
from application.chat.turn_state import TurnState
from domain import chat
from domain.chat import MAX_TITLE_CHARACTERS, MessageStatus, Role, TurnStatus
from domain.lots import Bucket
from domain.memory import memories as memory
from domain.memory.memories import MAX_MEMORY_CHARACTERS
from entrypoints.http.query_input import MAX_TEXT, PageQuery

EVENT_ID = "[0-9]{1,9}-[0-9]{1,9}(-(finish|usage|done|error))?"
"""The ids of a stream's events, as a regular expression."""
EVENT_ID_OR_NONE = f"^({EVENT_ID})?$"
"""An empty one is none, as for every reader of server-sent events."""
Id = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
Title = Annotated[str, Meta(min_length=1, max_length=MAX_TITLE_CHARACTERS)]
MemoryText = Annotated[str, Meta(min_length=1, max_length=MAX_MEMORY_CHARACTERS)]


class SpentCredits(Struct, frozen=True):
    """Credits that came out of one bucket."""

    bucket: Bucket
    credits: int


class Receipt(Struct, frozen=True):
    """What a reply cost: `held = charged + released`."""

    held: int
    charged: int
    released: int
    price_version: int
    usage_source: Literal["reported", "estimated"]
    buckets: list[SpentCredits]

    @classmethod
    def of(cls, receipt: chat.Receipt) -> "Receipt":
        """The receipt as JSON shows it."""
        return cls(
            held=receipt.held,
            charged=receipt.charged,
            released=receipt.released,
            price_version=receipt.price_version,
            usage_source="reported" if receipt.usage.reported else "estimated",
            buckets=[SpentCredits(bucket, amount) for bucket, amount in receipt.buckets.items()],
        )


class Session(Struct, frozen=True):
    """A conversation with one version of one character."""

    id: str
    character_id: str
    character_version: int
    title: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, session: chat.Session) -> "Session":
        """The session as JSON shows it."""
        return cls(
            id=session.id,
            character_id=session.character_id,
            character_version=session.character_version,
            title=session.title,
            created_at=session.created_at,
            updated_at=session.updated_at,
        )


class SessionPage(Struct, frozen=True):
    """Some sessions, newest first."""

    data: list[Session]
    next_cursor: str | None


class NewSession(Struct, frozen=True):
    """A conversation to begin; its first title is the character's name."""

    character_id: Id
    title: Title | None = None


class SessionChange(Struct, frozen=True):
    """Another title for a conversation."""

    title: Title


class Message(Struct, frozen=True):
    """One message of a session."""

    id: str
    role: Role
    content: str
    status: Annotated[
        MessageStatus,
        Meta(description="`stopped` by the person; `incomplete` when the model failed."),
    ]
    created_at: datetime
    receipt: Receipt | None

    @classmethod
    def of(cls, message: chat.Message) -> "Message":
        """The message as JSON shows it."""
        return cls(
            id=message.id,
            role=message.role,
            content=message.content,
            status=message.status,
            created_at=message.created_at,
            receipt=Receipt.of(message.receipt) if message.receipt else None,
        )


class MessagePage(Struct, frozen=True):
    """Some messages, newest first."""

    data: list[Message]
    next_cursor: str | None


class Turn(Struct, frozen=True):
    """One exchange; `message` is the reply, null while there is none."""

    id: str
    session_id: str
    status: TurnStatus
    message: Message | None

    @classmethod
    def of(cls, state: TurnState) -> "Turn":
        """The turn as JSON shows it."""
        return cls(
            id=state.turn.id,
            session_id=state.turn.session_id,
            status=state.turn.status,
            message=Message.of(state.reply) if state.reply else None,
        )


class NewReport(Struct, frozen=True):
    """Why a message is reported."""

    reason: Annotated[str, Meta(max_length=MAX_REASON_CHARACTERS)] = ""


class Report(Struct, frozen=True):
    """The report that is kept; reporting again keeps the first."""

    id: str
    message_id: str


class Memory(Struct, frozen=True):
    """Something that a companion remembers."""

    id: str
    character_id: str
    text: str
    source_message_ids: Annotated[
        tuple[str, ...], Meta(description="Where it was said; none when it was typed in.")
    ]
    created_at: datetime
    ended_at: Annotated[
        datetime | UnsetType, Meta(description="Only there when it is history.")
    ] = UNSET

    @classmethod
    def of(cls, known: memory.Memory) -> "Memory":
        """The memory as JSON shows it."""
        return cls(
            id=known.id,
            character_id=known.character_id,
            text=known.text,
            source_message_ids=known.source_message_ids,
            created_at=known.created_at,
            ended_at=known.ended_at or UNSET,
        )


class MemoryPage(Struct, frozen=True):
    """Some memories, newest first."""

    data: list[Memory]
    next_cursor: str | None


class NewMemory(Struct, frozen=True):
    """Something that a character shall remember."""

    character_id: Id
    text: MemoryText


class MemoryChange(Struct, frozen=True):
    """Another text for a memory."""

    text: MemoryText


class CharacterFilter(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose memories; of all characters when absent.

    A name with a slip of the pen is refused: ignored, it would have all of them forgotten.
    """

    character_id: Id | None = None


class MemoryQuery(PageQuery, frozen=True):
    """Which memories to list."""

    character_id: Id | None = None
    history: Annotated[
        Literal["true", "false"], Meta(description="Also what is true no more, or was superseded.")
    ] = "false"


class StreamQuery(Struct, frozen=True):
    """Where to resume a stream."""

    last_event_id: (
        Annotated[
            str,
            Meta(
                max_length=MAX_TEXT,
                description="The id of the last event seen, for clients that cannot send the "
                "header Last-Event-ID.",
                extra_json_schema={"pattern": EVENT_ID_OR_NONE},
            ),
        ]
        | None
    ) = None
