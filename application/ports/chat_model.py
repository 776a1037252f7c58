"""The language model that answers."""

from collections.abc import AsyncGenerator
from typing import Protocol

from attrs import frozen

from domain.context import PromptMessage


@frozen
class ModelRequest:
    """What the model is asked.

    ``models`` are the ids to try, in order: the next one only when the provider says that the
    one before does not exist. ``stream`` False asks for the whole reply at once, which is
    cheaper: then one ``TextDelta`` of one piece comes before ``ModelFinished``.
    """

    models: tuple[str, ...]
    messages: tuple[PromptMessage, ...]
    max_tokens: int
    temperature: float | None = None
    stream: bool = True
    end_user: str | None = None
    """A pseudonym for the provider's abuse checks, never an id of ours."""


@frozen
class TextDelta:
    """Pieces of the reply that came together, at least one; none of them is empty.

    How they are grouped says nothing of the reply, only of the way they came.
    """

    pieces: tuple[str, ...]


@frozen
class ModelUsage:
    """Tokens as the provider reported them.

    ``cached`` is a part of ``prompt``; ``completion`` includes reasoning tokens.
    """

    prompt: int
    cached: int
    completion: int


@frozen
class ModelFinished:
    """The last event of a reply that ended properly.

    ``finish_reason`` is ``stop`` or ``length``. ``model`` is the id from ``ModelRequest.models``
    that answered. ``usage`` is None when the provider reported none.
    """

    model: str
    finish_reason: str
    usage: ModelUsage | None


class ChatModel(Protocol):
    """Generates one reply."""

    def generate(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelFinished, None]:
        """The reply's pieces in order, then exactly one ``ModelFinished``, last.

        Close the generator (``contextlib.aclosing``) to abandon the reply. Raises, before or
        between pieces: ``ContentBlocked`` when the provider refuses the content,
        ``ModelUnavailable`` for everything else that goes wrong, deadlines included. An end
        without a finish reason is ``ModelUnavailable``, never a proper end. No message carries a
        key, a URL or the provider's own text.
        """
        ...
