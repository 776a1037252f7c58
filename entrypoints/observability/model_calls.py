"""Looks on while a language model is asked."""

from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from attrs import frozen

from entrypoints.metrics import Metrics
from entrypoints.observability.trail import current_trail

if TYPE_CHECKING:
    from entrypoints.observability.otel import ClientSpan, Tracing


class ModelCall:
    """One call, from before it is sent until its end; ``is_chat`` tells that somebody waits."""

    def __init__(
        self, metrics: Metrics, tracing: "Tracing | None", model: str, *, is_chat: bool
    ) -> None:
        self._metrics = metrics
        self._model = model
        self._is_chat = is_chat
        self._started = perf_counter()
        self._first: float | None = None
        self._span: ClientSpan | None = None
        self.headers: Mapping[str, str] | None = None
        """What goes along with the request: where it belongs in the trace."""
        if tracing is not None:
            self._span = tracing.model_call(model, is_chat=is_chat)
            self.headers = self._span.headers

    def answered(self) -> None:
        """The first piece of the reply is here."""
        self._first = perf_counter()

    def ended(self, outcome: str, prompt: int | None, completion: int | None) -> None:
        """It ended as ``outcome`` says, with so many tokens, if they are known."""
        if self._span is not None:
            self._span.model_ended(outcome, prompt, completion)
        if not self._is_chat:
            self._metrics.model_error(self._model, outcome)
            return
        trail = current_trail()
        waited: float | None = None
        # A reply that was asked for as a whole has no first word that anybody saw.
        if self._first is not None and trail is not None and trail.is_streamed:
            waited = self._first - self._started
            self._metrics.first_token(self._first - trail.started)
        self._metrics.model_call(self._model, outcome, waited, perf_counter() - self._started)


@frozen
class Watching:
    """What the composition root gives to adapters so that their work is seen."""

    chat: Callable[[str], ModelCall]
    learning: Callable[[str], ModelCall]
    tracing: "Tracing | None" = None


def watching(metrics: Metrics, tracing: "Tracing | None") -> Watching:
    """Watches that count, and trace if there are traces."""
    begin = partial(ModelCall, metrics, tracing)
    return Watching(partial(begin, is_chat=True), partial(begin, is_chat=False), tracing)
