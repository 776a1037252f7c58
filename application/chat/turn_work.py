"""What happens in a turn after its credits are held: recall, generate, settle, tell."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing

from application.chat.live_turn import LiveTurn
from application.chat.stream_data import error_data, finish_data, start_data
from application.chat.stream_slots import StreamSlots
from application.chat.turn_order import TurnLimits, TurnOrder
from application.chat.turn_settlement import Recall, TurnOutcome, TurnSettlement
from application.memory.embed_text import embedding_of
from application.ports.chat_model import ChatModel, ModelFinished, ModelRequest
from application.ports.embedder import Embedder
from application.ports.memory_index import MemoryIndex
from domain.chat import TurnStatus
from domain.context import Context, build_context
from domain.errors import DomainError, ModelUnavailable, Unavailable
from domain.memory.memories import Embedding, Memory
from domain.pricing import Usage
from domain.tokens import estimate_tokens

_logger = logging.getLogger(__name__)


class TurnWork:
    """Carries an open turn to its end, whatever happens on the way."""

    def __init__(
        self,
        *,
        model: ChatModel,
        embedder: Embedder,
        memories: MemoryIndex,
        settlement: TurnSettlement,
        slots: StreamSlots,
        limits: TurnLimits,
    ) -> None:
        self._model = model
        self._embedder = embedder
        self._memories = memories
        self._settlement = settlement
        self._slots = slots
        self._limits = limits

    async def __call__(self, live: LiveTurn, order: TurnOrder) -> None:
        """Run the turn and emit its events, a last one included."""
        recall = Recall()
        try:
            outcome = await self._generate(live, order, recall)
            settled = await self._settlement(order, outcome, recall)
        except DomainError as error:
            live.emit("error", data=error_data(error))
            return
        finally:
            if order.turn.stream:
                await self._slots.release(order.turn.user_id, order.turn.id)
        if outcome.error is not None:
            live.emit("error", data=error_data(outcome.error))
            return
        if not live.events:
            live.emit("start", data=start_data(order.turn, recall.memories, order.wallet.balance))
        data = finish_data(
            order.turn, recall.memories, settled.receipt, settled.balance, outcome.finish_reason
        )
        live.emit("finish", data=data)
        if order.turn.include_usage:
            live.emit("usage", data=data)
        live.emit("done")

    async def _generate(self, live: LiveTurn, order: TurnOrder, recall: Recall) -> TurnOutcome:
        context: Context | None = None
        finished: ModelFinished | None = None
        try:
            live.begin_generation()
            recall.embedding = await embedding_of(self._embedder, order.user_message.content)
            context = self._context(order, await self._search(order, recall.embedding))
            recall.memories = context.memories
            live.emit("start", data=start_data(order.turn, recall.memories, order.wallet.balance))
            async with aclosing(self._model.generate(self._request(order, context))) as events:
                async for event in events:
                    if isinstance(event, ModelFinished):
                        finished = event
                    else:
                        live.emit("delta", text=event.text)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            if not live.stop_requested:
                return _failed(live, Unavailable("The server is restarting; try again."))
            return _stopped(live, order, context)
        except DomainError as error:
            return _failed(live, error)
        except Exception:
            # A defect in an adapter: the person's credits come back all the same.
            _logger.exception("generation failed unexpectedly")
            return _failed(live, ModelUnavailable("The model could not answer."))
        finally:
            live.end_generation()
        if finished is None or not live.text:
            return _failed(live, ModelUnavailable("The model said nothing to its end."))
        return _completed(live, context, finished)

    async def _search(self, order: TurnOrder, embedding: Embedding | None) -> Sequence[Memory]:
        if embedding is None:
            return ()
        return await self._memories.search(
            order.turn.user_id,
            order.turn.character_id,
            embedding,
            limit=self._limits.memories,
            least_similarity=self._limits.least_similarity,
            except_session=order.turn.session_id,
        )

    def _context(self, order: TurnOrder, memories: Sequence[Memory]) -> Context:
        return build_context(
            order.character,
            user_name=order.user_name,
            memories=memories,
            history=order.history,
            message=order.user_message.content,
            budget=self._limits.context_tokens,
        )

    @staticmethod
    def _request(order: TurnOrder, context: Context) -> ModelRequest:
        return ModelRequest(
            models=order.models,
            messages=context.messages,
            max_tokens=order.max_tokens,
            temperature=order.temperature,
            stream=order.turn.stream,
        )


def _completed(live: LiveTurn, context: Context, finished: ModelFinished) -> TurnOutcome:
    reported = finished.usage
    if reported is None:
        usage = Usage(context.tokens, 0, estimate_tokens(live.text), reported=False)
    else:
        usage = Usage(reported.prompt, reported.cached, reported.completion, reported=True)
    return TurnOutcome(
        TurnStatus.COMPLETED,
        live.text,
        finish_reason=finished.finish_reason,
        model=finished.model,
        usage=usage,
    )


def _stopped(live: LiveTurn, order: TurnOrder, context: Context | None) -> TurnOutcome:
    text = live.text
    if not text or context is None:
        # Nothing was generated, so there is nothing to pay.
        return TurnOutcome(TurnStatus.STOPPED, "")
    # Whoever stops never learns the usage: it would come after the end.
    usage = Usage(context.tokens, 0, estimate_tokens(text), reported=False)
    return TurnOutcome(TurnStatus.STOPPED, text, model=order.models[0], usage=usage)


def _failed(live: LiveTurn, error: DomainError) -> TurnOutcome:
    return TurnOutcome(TurnStatus.FAILED, live.text, error=error)
