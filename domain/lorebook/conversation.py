"""The conversation that entries are looked for in, turn by turn."""

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from attrs import define, field, frozen

from domain.lorebook.passage import Passage, Search

ASSISTANT = "assistant"
USER = "user"


@frozen
class Conversation:
    """What has been said, and by whom.

    ``messages`` are (role, text) pairs, oldest first, the newest one of the user last. ``id`` is
    what choices of ``{{pick}}`` last for. ``earlier_messages`` and ``earlier_replies`` count what
    was said before the first of the messages; ``greeting`` is the number of the greeting that it
    began with, 0 being the card's first message, None when that is not known.
    """

    messages: Sequence[tuple[str, str]]
    char: str
    user: str
    id: str = ""
    greeting: int | None = 0
    earlier_messages: int = 0
    earlier_replies: int = 0

    @property
    def length(self) -> int:
        """How many messages there are in all."""
        return self.earlier_messages + len(self.messages)


@define
class Turn:
    """A moment of the conversation: behind its message number ``end - 1``."""

    end: int
    replies: int
    _conversation: "Turns"

    def passage(self, depth: int) -> Passage:
        """The latest ``depth`` messages."""
        return self._conversation.passage(self.end, depth)


@define(eq=False, slots=False)
class Turns:
    """The turns of a conversation, with the work of searching it done only once."""

    conversation: Conversation
    search: Search
    _passages: dict[tuple[int, int], Passage] = field(factory=dict)

    @property
    def now(self) -> Turn:
        """The turn of the newest message."""
        return self._turn(len(self.conversation.messages))

    @cached_property
    def past(self) -> tuple[Turn, ...]:
        """The turns before, oldest first: one for each message of the user."""
        messages = self.conversation.messages[:-1]
        return tuple(
            self._turn(number + 1) for number, (role, _) in enumerate(messages) if role == USER
        )

    def passage(self, end: int, depth: int) -> Passage:
        """The latest ``depth`` of the first ``end`` messages."""
        start = max(0, end - depth)
        if (start, end) not in self._passages:
            texts = (text for _, text in self.conversation.messages[start:end])
            self._passages[start, end] = Passage(texts, self.search)
        return self._passages[start, end]

    @cached_property
    def _replies(self) -> Sequence[int]:
        said = (role == ASSISTANT for role, _ in self.conversation.messages)
        return tuple(accumulate(said, initial=self.conversation.earlier_replies))

    def _turn(self, end: int) -> Turn:
        return Turn(end, self._replies[end], self)
