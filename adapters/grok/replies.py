"""Whole replies to questions of our own, which nobody waits for: what the memory asks."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.grok.call import Call, Deadlines
from adapters.grok.chat_model import ignore, log_failure
from adapters.grok.circuit_breaker import CircuitBreaker
from adapters.grok.failures import BREAKING, CallFailed, Outcome
from adapters.grok.retries import CallPlan
from adapters.grok.transport import Transport
from adapters.grok.watch import CallWatch, Unwatched, Watch
from application.ports.chat_model import ModelRequest
from domain.context import PromptMessage
from domain.errors import Unavailable


class GrokReplies:
    """Asks for a reply at once, with its own connections and its own circuit breaker.

    So whatever goes wrong here never stops a conversation. ``total_seconds`` is for all attempts;
    ``on_outcome`` hears how each call ended, as an ``Outcome``'s value.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        models: Sequence[str],
        total_seconds: float = 60.0,
        breaker: CircuitBreaker | None = None,
        on_outcome: Callable[[str], None] = ignore,
        watch: Watch = Unwatched,
    ) -> None:
        self._transport = Transport(base_url=base_url, api_key=api_key)
        self._models = tuple(models)
        self._total_seconds = total_seconds
        self._breaker = breaker or CircuitBreaker()
        self._on_outcome = on_outcome
        self._watch = watch

    async def aclose(self) -> None:
        """Close all connections; nothing can be asked any more."""
        await self._transport.aclose()

    async def ask(
        self,
        instructions: str,
        material: str,
        *,
        max_tokens: int,
        form: Mapping[str, Any] | None = None,
    ) -> str | None:
        """The reply; None when the model refuses, or answers something that is no reply.

        ``form`` is the ``response_format`` that it must have. Raises ``Unavailable`` when there
        is no answer: then it is worth asking later.
        """
        messages = (PromptMessage("system", instructions), PromptMessage("user", material))
        request = ModelRequest(
            models=self._models,
            messages=messages,
            max_tokens=max_tokens,
            temperature=0.0,
            stream=False,
        )
        seconds = self._total_seconds
        deadlines = Deadlines(seconds, seconds, seconds)
        plan = CallPlan(self._models)
        while plan.model is not None:
            try:
                call = Call(request, plan.model, deadlines, form)
                return await self._call(call, plan.model)
            except CallFailed as failed:
                failure = failed
            if failure.outcome in {Outcome.CONTENT, Outcome.MALFORMED}:
                log_failure(failure, retried=False)
                return None
            pause = plan.pause_after(failure)
            log_failure(failure, retried=pause is not None)
            if pause is None or asyncio.get_running_loop().time() + pause >= deadlines.at:
                break
            await asyncio.sleep(pause)
        raise Unavailable(AWAY)

    async def _call(self, call: Call, model: str) -> str:
        permit = self._breaker.admit()
        if permit is None:
            self._on_outcome(Outcome.CIRCUIT_OPEN.value)
            raise CallFailed(Outcome.CIRCUIT_OPEN)
        watch: CallWatch = self._watch(model)
        outcome = Outcome.ABANDONED
        texts: list[str] = []
        try:
            await call.open(self._transport, watch.headers)
            while (more := await call.read()) is not None:
                texts += more
            call.result()
            outcome = Outcome.COMPLETED
            permit.succeed()
        except CallFailed as failed:
            outcome = failed.outcome
            if outcome in BREAKING:
                permit.fail()
            raise
        finally:
            permit.release()
            self._on_outcome(outcome.value)
            watch.ended(outcome.value, None, None)
            call.close()
        return "".join(texts)


def as_material(value: object) -> str:
    """What was said, as JSON: it cannot pass for instructions then."""
    text = json.dumps(value, ensure_ascii=False)
    return text.encode(errors="replace").decode()


AWAY = "The model cannot be asked at the moment."
