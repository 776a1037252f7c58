"""What happens in a turn after its credits are held: recall, generate, settle, tell."""

import asyncio
import logging
from contextlib import aclosing
from typing import cast

from attrs import define

from application.chat.live_turn import LiveTurn
from application.chat.reply_watch import ReplyWatch
from application.chat.stream_data import error_data, finish_data, start_data
from application.chat.stream_slots import StreamSlots
from application.chat.turn_briefing import TurnBriefing
from application.chat.turn_lessons import TurnLessons
from application.chat.turn_order import TurnOrder
from application.chat.turn_safety import TurnSafety
from application.chat.turn_settlement import Findings, Settlement, TurnOutcome, TurnSettlement
from application.ports.chat_model import ChatModel, ModelFinished, ModelRequest
from domain.chat import TurnStatus
from domain.context import Context
from domain.errors import DomainError, ModelUnavailable, Unavailable
from domain.pricing import Usage
from domain.safety.verdicts import Action, Stage, Verdict
from domain.tokens import estimate_tokens

_logger = logging.getLogger(__name__)


@define
class Spoken:
    """What the model has done so far."""

    prompt_tokens: int | None = None
    """The prompt's estimated size; None before there was one."""
    finished: ModelFinished | None = None


class TurnWork:
    """Carries an open turn to its end, whatever happens on the way."""

    def __init__(
        self,
        *,
        model: ChatModel,
        briefing: TurnBriefing,
        safety: TurnSafety,
        lessons: TurnLessons,
        settlement: TurnSettlement,
        slots: StreamSlots,
    ) -> None:
        self._model = model
        self._briefing = briefing
        self._safety = safety
        self._lessons = lessons
        self._settlement = settlement
        self._slots = slots

    async def __call__(self, live: LiveTurn, order: TurnOrder, found: Verdict) -> None:
        """Run the turn and emit its events, a last one included.

        ``found`` is what the rules noted of the message and let pass.
        """
        findings = Findings()
        findings.note(Stage.INPUT, found)
        try:
            outcome = await self._generate(live, order, findings)
            lesson = await self._lessons.find(order, outcome)
            settled = await self._settlement(
                order, outcome, findings, work_time=lesson.rest if lesson else None
            )
        except DomainError as error:
            live.emit("error", data=error_data(error))
            return
        finally:
            if order.turn.stream:
                await self._slots.release(order.turn.user_id, order.turn.id)
        if lesson is not None:
            self._lessons.hand_over(lesson)
        if outcome.error is not None:
            live.emit("error", data=error_data(outcome.error))
        else:
            await self._safety.told(order.turn.user_id, settled.turn.notices)
            _finish(live, order, findings, settled, outcome)
        await self._safety.keep(settled.turn, findings.flags)

    async def _generate(self, live: LiveTurn, order: TurnOrder, findings: Findings) -> TurnOutcome:
        watch = self._safety.watch(
            order.user_message.content, order.user, is_whole=not order.turn.stream
        )
        spoken = Spoken()
        try:
            live.begin_generation()
            await self._listen(live, order, findings, watch, spoken)
        except asyncio.CancelledError:
            cast("asyncio.Task[object]", asyncio.current_task()).uncancel()
            if not live.stop_requested:
                return _failed(live, Unavailable("The server is restarting; try again."))
            return _stopped(live, order, spoken)
        except DomainError as error:
            live.say(watch.break_off())
            return _failed(live, error)
        except Exception:
            # A defect in an adapter: the person's credits come back all the same.
            _logger.exception("generation failed unexpectedly")
            return _failed(live, ModelUnavailable("The model could not answer."))
        finally:
            live.end_generation()
            await watch.close()
            findings.note(Stage.OUTPUT, watch.noted)
        if watch.is_cut:
            return self._cut(live, order, watch, findings)
        return _completed(live, spoken)

    async def _listen(
        self,
        live: LiveTurn,
        order: TurnOrder,
        findings: Findings,
        watch: ReplyWatch,
        spoken: Spoken,
    ) -> None:
        """Let the model answer, and pass on what may be said."""
        await self._lessons.settled(order.turn.user_id)
        context = await self._briefing.build(order)
        spoken.prompt_tokens = context.tokens
        findings.memories, findings.parts = context.memories, context.parts
        live.emit("start", data=start_data(order.turn, findings.memories, order.wallet.balance))
        async with aclosing(self._model.generate(_request(order, context))) as events:
            async for event in events:
                if isinstance(event, ModelFinished):
                    spoken.finished = event
                else:
                    for piece in await watch.pass_on(event.pieces):
                        live.say(piece)
                if watch.is_cut:
                    return
        live.say(await watch.finish())

    def _cut(
        self, live: LiveTurn, order: TurnOrder, watch: ReplyWatch, findings: Findings
    ) -> TurnOutcome:
        """End the reply with our own words instead of the model's; nobody pays for that."""
        verdict = watch.verdict
        findings.note(watch.stage, verdict)
        if verdict.action is Action.REFER:
            findings.notices = (self._safety.referral(verdict, order.user.country),)
        if live.text:
            live.say("\n\n")
        live.say(self._safety.replacement(verdict, order.user))
        return TurnOutcome(
            TurnStatus.COMPLETED, live.text, finish_reason="content_filter", is_cut=True
        )


def _request(order: TurnOrder, context: Context) -> ModelRequest:
    return ModelRequest(
        models=order.models,
        messages=context.messages,
        max_tokens=order.max_tokens,
        temperature=order.temperature,
        stream=order.turn.stream,
    )


def _finish(
    live: LiveTurn,
    order: TurnOrder,
    findings: Findings,
    settled: Settlement,
    outcome: TurnOutcome,
) -> None:
    if not live.events:
        start = start_data(order.turn, findings.memories, order.wallet.balance)
        live.emit("start", data=start)
    data = finish_data(
        settled.turn, findings.memories, settled.receipt, settled.balance, outcome.finish_reason
    )
    live.emit("finish", data=data)
    if order.turn.include_usage:
        live.emit("usage", data=data)
    live.emit("done")


def _completed(live: LiveTurn, spoken: Spoken) -> TurnOutcome:
    finished = spoken.finished
    if finished is None or not live.text:
        return _failed(live, ModelUnavailable("The model said nothing to its end."))
    reported = finished.usage
    if reported is None:
        estimated = estimate_tokens(live.text)
        usage = Usage(spoken.prompt_tokens or 0, 0, estimated, reported=False)
    else:
        usage = Usage(reported.prompt, reported.cached, reported.completion, reported=True)
    return TurnOutcome(
        TurnStatus.COMPLETED,
        live.text,
        finish_reason=finished.finish_reason,
        model=finished.model,
        usage=usage,
    )


def _stopped(live: LiveTurn, order: TurnOrder, spoken: Spoken) -> TurnOutcome:
    text = live.text
    if not text or spoken.prompt_tokens is None:
        # Nothing was generated, so there is nothing to pay.
        return TurnOutcome(TurnStatus.STOPPED, "")
    # Whoever stops never learns the usage: it would come after the end.
    usage = Usage(spoken.prompt_tokens, 0, estimate_tokens(text), reported=False)
    return TurnOutcome(TurnStatus.STOPPED, text, model=order.models[0], usage=usage)


def _failed(live: LiveTurn, error: DomainError) -> TurnOutcome:
    return TurnOutcome(TurnStatus.FAILED, live.text, error=error)
