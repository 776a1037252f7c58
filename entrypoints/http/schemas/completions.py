"""OpenAI's chat completions, with the one object that is ours: `companion`."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from application.chat.send_message import (
    MAX_EARLIER_REPLY_CHARACTERS,
    EarlierMessage,
    SendMessageCommand,
)
from application.chat.turn_plan import TurnOptions
from application.ports.turn_store import IdempotencyKey
from domain.accounts import User
from domain.chat import MAX_MESSAGE_CHARACTERS, Role
from domain.errors import InvalidRequest
from entrypoints.http.query_input import MAX_TEXT
from entrypoints.http.schemas.accounts import Notice
from entrypoints.http.schemas.chat import Id, Receipt

_MOST_TOKENS = 1_000_000
_HOTTEST = 2

TokenLimit = Annotated[
    int,
    Meta(ge=1, le=_MOST_TOKENS, description="The longest reply; the server may allow less."),
]
FinishReason = Literal["stop", "length", "content_filter"]


class TextPart(Struct, frozen=True, tag_field="type", tag="text"):
    """A piece of a message."""

    text: str


Content = Annotated[
    str | list[TextPart],
    Meta(description=f"Text of at most {MAX_MESSAGE_CHARACTERS} characters, also when in parts."),
]


class SystemMessage(Struct, frozen=True, tag_field="role", tag="system"):
    """Ignored: who a character is, is not up to its visitors."""

    content: str | list[TextPart]


class DeveloperMessage(Struct, frozen=True, tag_field="role", tag="developer"):
    """Ignored, like `system`."""

    content: str | list[TextPart]


class UserMessage(Struct, frozen=True, tag_field="role", tag="user"):
    """Something that the person says."""

    content: Content


class AssistantMessage(Struct, frozen=True, tag_field="role", tag="assistant"):
    """Something that the character said before."""

    content: Annotated[
        str | list[TextPart],
        Meta(description=f"Text of at most {MAX_EARLIER_REPLY_CHARACTERS} characters."),
    ]


ClientMessage = SystemMessage | DeveloperMessage | UserMessage | AssistantMessage


class StreamOptions(Struct, frozen=True):
    """More about a stream."""

    include_usage: bool | None = None


class ReplyWish(Struct, frozen=True):
    """How a reply shall be."""

    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: TokenLimit | None = None
    max_completion_tokens: TokenLimit | None = None
    temperature: Annotated[float, Meta(ge=0, le=_HOTTEST)] | None = None
    n: Literal[1] | None = None

    def options(self) -> TurnOptions:
        """The same for a turn."""
        usage = self.stream_options is not None and self.stream_options.include_usage
        return TurnOptions(
            stream=bool(self.stream),
            include_usage=bool(self.stream and usage),
            max_tokens=self.max_completion_tokens or self.max_tokens,
            temperature=self.temperature,
        )


class ChatCompletionRequest(ReplyWish, frozen=True, kw_only=True):
    """A message to a character: the last one of `messages`, which must be the user's.

    With `session_id` the server's own history is used; without it a session is begun, and the
    messages before the last become its beginning, of more than a hundred the latest. Fields that
    are not named here are ignored.
    """

    model: Annotated[
        str, Meta(min_length=1, max_length=MAX_TEXT, description="The id of a character.")
    ]
    messages: Annotated[list[ClientMessage], Meta(min_length=1)]
    session_id: Id | None = None

    def command(self, user: User | None, key: IdempotencyKey | None) -> SendMessageCommand:
        """The same as a command of this user, if it is known; raises ``InvalidRequest``."""
        last = self.messages[-1]
        if not isinstance(last, UserMessage):
            raise InvalidRequest("The last message must be the user's.", param="messages")
        earlier = () if self.session_id else tuple(_earlier(self.messages[:-1]))
        return SendMessageCommand(
            user_id=user.id if user else None,
            country=user.country if user else None,
            character_id=self.model,
            content=_text(last.content),
            session_id=self.session_id,
            earlier=earlier,
            options=self.options(),
            idempotency=key,
        )


class CachedTokens(Struct, frozen=True):
    """More about the prompt's tokens."""

    cached_tokens: int


class Usage(Struct, frozen=True):
    """Tokens of a reply."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: CachedTokens


class RecalledMemory(Struct, frozen=True):
    """Something that the companion remembered for this reply."""

    id: str
    text: str


class Companion(Struct, frozen=True):
    """What this product adds to OpenAI's answer."""

    session_id: str
    turn_id: str
    message_id: str
    user_message_id: str
    memories: list[RecalledMemory]
    notices: list[Notice]
    receipt: Annotated[Receipt | None, Meta(description="Null until the reply is settled.")]
    balance: int


class Reply(Struct, frozen=True):
    """What the character said."""

    role: Literal["assistant"]
    content: str
    refusal: None


class Choice(Struct, frozen=True):
    """The one reply."""

    index: Literal[0]
    message: Reply
    logprobs: None
    finish_reason: FinishReason


class ChatCompletion(Struct, frozen=True):
    """A reply as a whole."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    companion: Companion


class Delta(Struct, frozen=True):
    """A piece of what the character says."""

    role: Literal["assistant"] | None = None
    content: str | None = None


class ChunkChoice(Struct, frozen=True):
    """The one reply."""

    index: Literal[0]
    delta: Delta
    logprobs: None
    finish_reason: FinishReason | None


class ChatCompletionChunk(Struct, frozen=True):
    """The data of an event; `companion` is in the first and in the last chunks.

    The stream ends with `data: [DONE]`, or with an event `{"error": …}` when it fails after it
    has begun. Every event has an `id` to resume behind.
    """

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: Usage | None = None
    companion: Companion | None = None


def _earlier(messages: list[ClientMessage]) -> list[EarlierMessage]:
    roles = {UserMessage: Role.USER, AssistantMessage: Role.ASSISTANT}
    return [
        EarlierMessage(roles[type(message)], _text(message.content))
        for message in messages
        if isinstance(message, UserMessage | AssistantMessage)
    ]


def _text(content: str | list[TextPart]) -> str:
    return content if isinstance(content, str) else "\n".join(part.text for part in content)
