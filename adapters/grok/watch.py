"""Who looks on while the model is asked: metrics and traces, behind a few plain methods."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias


class CallWatch(Protocol):
    """One call, from before it is sent until its end."""

    @property
    def headers(self) -> Mapping[str, str] | None:
        """What to send along with the request, such as ``traceparent``."""
        ...

    def answered(self) -> None:
        """The first piece of the reply is here."""
        ...

    def ended(self, outcome: str, prompt: int | None, completion: int | None) -> None:
        """It ended as an ``Outcome``'s value says, with so many tokens, if they are known."""
        ...


Watch: TypeAlias = Callable[[str], CallWatch]
"""Begins to look on a call of the model with this id."""


class Unwatched:
    """Nobody looks on."""

    headers: Mapping[str, str] | None = None

    def __init__(self, _model: str = "") -> None:
        pass

    def answered(self) -> None:
        """Nothing is noted."""

    def ended(self, outcome: str, prompt: int | None, completion: int | None) -> None:
        """Nothing is noted."""
