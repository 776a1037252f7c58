"""``ChatModel`` over an OpenAI-compatible HTTP API.

Here stands who hears of a failure: the reader, the circuit breaker, the metric. What is called
next is decided in ``retries.py``, one call is ``call.py``, and the provider's words are judged in
``failures.py``.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable

from adapters.grok.call import Call, Deadlines
from adapters.grok.circuit_breaker import CircuitBreaker
from adapters.grok.failures import BREAKING, NEEDS_A_PERSON, CallFailed, Outcome
from adapters.grok.retries import CallPlan
from adapters.grok.transport import Transport
from adapters.grok.watch import Unwatched, Watch
from application.ports.chat_model import ModelFinished, ModelRequest, TextDelta
from domain.errors import ContentBlocked, DomainError, ModelUnavailable

_log = logging.getLogger(__name__)


def ignore(_outcome: str) -> None:
    """Count nothing."""


class GrokChatModel:
    """xAI's models, or any server that speaks Chat Completions.

    ``on_outcome`` hears how each single call ended, as an ``Outcome``'s value; ``credentials``
    is the one to raise an alarm for; ``watch`` looks on each call. The deadlines are in seconds and
    span all attempts of a turn. A reply asked for at once shows nothing before it is complete, so
    for that one silence is allowed for the first token's deadline and the idle one together.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        first_token_seconds: float,
        idle_seconds: float,
        total_seconds: float,
        breaker: CircuitBreaker,
        on_outcome: Callable[[str], None] = ignore,
        watch: Watch = Unwatched,
    ) -> None:
        self._transport = Transport(base_url=base_url, api_key=api_key)
        self._first_token_seconds = first_token_seconds
        self._idle_seconds = idle_seconds
        self._total_seconds = total_seconds
        self._breaker = breaker
        self._on_outcome = on_outcome
        self._watch = watch

    async def aclose(self) -> None:
        """Close all connections; the model cannot be asked any more."""
        await self._transport.aclose()

    async def generate(
        self, request: ModelRequest
    ) -> AsyncGenerator[TextDelta | ModelFinished, None]:
        deadlines = self._deadlines(request)
        plan = CallPlan(request.models)
        while plan.model is not None:
            permit = self._breaker.admit()
            if permit is None:
                self._on_outcome(Outcome.CIRCUIT_OPEN.value)
                break
            call = Call(request, plan.model, deadlines)
            watch = self._watch(plan.model)
            begun = False
            outcome = Outcome.ABANDONED
            failure: CallFailed | None = None
            finished: ModelFinished | None = None
            try:
                await call.open(self._transport, watch.headers)
                while (texts := await call.read()) is not None:
                    if not begun:
                        begun = True
                        permit.answered()
                        watch.answered()
                    yield TextDelta(tuple(texts))
                finished = call.result()
                outcome = Outcome.COMPLETED
                permit.succeed()
            except CallFailed as failed:
                failure = failed
                outcome = failed.outcome
                if outcome in BREAKING:
                    permit.fail()
            finally:
                permit.release()
                self._on_outcome(outcome.value)
                usage = finished.usage if finished else None
                watch.ended(
                    outcome.value,
                    usage.prompt if usage else None,
                    usage.completion if usage else None,
                )
                call.close()
            if failure is None:
                if finished is not None:
                    yield finished
                return
            await self._prepare_retry(failure, deadlines, None if begun else plan)
        raise ModelUnavailable(UNAVAILABLE)

    async def _prepare_retry(
        self, failure: CallFailed, deadlines: Deadlines, plan: CallPlan | None
    ) -> None:
        """Wait until the plan's next call is due, or say that there is none."""
        pause = None if plan is None else plan.pause_after(failure)
        log_failure(failure, retried=pause is not None)
        if pause is None or asyncio.get_running_loop().time() + pause >= deadlines.at:
            raise refusal_for(failure)
        await asyncio.sleep(pause)

    def _deadlines(self, request: ModelRequest) -> Deadlines:
        silence = self._first_token_seconds
        if not request.stream:
            silence += self._idle_seconds
        return Deadlines(silence, self._idle_seconds, self._total_seconds)


UNAVAILABLE = "The model cannot answer at the moment; nothing was charged."


def refusal_for(failure: CallFailed) -> DomainError:
    """What the user is told."""
    if failure.outcome is Outcome.CONTENT:
        return ContentBlocked("The model's provider refuses to answer this.")
    return ModelUnavailable(UNAVAILABLE)


def log_failure(failure: CallFailed, *, retried: bool) -> None:
    """Say what kind of failure it was, and nothing that the provider wrote."""
    _log.log(
        logging.ERROR if failure.outcome in NEEDS_A_PERSON else logging.WARNING,
        "a call of the model failed: outcome=%s status=%s retried=%s",
        failure.outcome.value,
        failure.status,
        retried,
    )
