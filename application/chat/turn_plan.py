"""What a turn is about to say, and what the client wishes of the reply."""

from collections.abc import Sequence

from attrs import frozen

from domain.characters import Character
from domain.chat import Message, Session


@frozen
class TurnOptions:
    """What the client may choose about a reply; None leaves the choice to us."""

    stream: bool = False
    include_usage: bool = False
    max_tokens: int | None = None
    temperature: float | None = None


DEFAULT_OPTIONS = TurnOptions()


@frozen
class TurnPlan:
    """Which words go into a turn."""

    session: Session
    is_new_session: bool
    character: Character
    history: tuple[Message, ...]
    user_message: Message
    new_messages: Sequence[Message]
    """Those to store with the opening, the user's message last; none for another reply."""

    @property
    def summary(self) -> str:
        """What was said before ``history``, in short; nothing when this message is part of that."""
        if self.user_message.position <= self.session.summarized_until:
            return ""
        return self.session.summary
