"""What a turn leaves to be learnt, and handing that over once the turn is stored."""

from collections.abc import Sequence
from datetime import timedelta

from attrs import frozen

from application.chat.turn_order import TurnLimits, TurnOrder
from application.chat.turn_settlement import TurnOutcome
from application.memory.memory_tasks import MemoryTasks
from application.ports.fact_extractor import FactExtractor
from domain.chat import Message, MessageStatus, Role
from domain.memory.facts import Exchange, Fact
from domain.memory.summaries import needs_summary
from domain.memory.telling import may_tell_something

_EARLIER = 6
_AT_ONCE = timedelta(seconds=60)
_QUIET = timedelta(minutes=15)
"""A model is asked about a conversation once it has rested: what was said has settled by then,
and the reply's provider has no second request to answer while somebody is waiting for a first."""


@frozen
class Lesson:
    """An exchange from which something may be learnt.

    ``facts`` are what the rules have found. ``is_final`` tells that this is all; otherwise a
    model looks again once the work has rested for ``rest``.
    """

    exchange: Exchange
    facts: Sequence[Fact]
    needs_summary: bool
    is_final: bool

    @property
    def rest(self) -> timedelta:
        """How long the work is left to this process."""
        return _AT_ONCE if self.is_final else _QUIET


class TurnLessons:
    """Decides whether there is anything to learn, before the turn is closed."""

    def __init__(
        self,
        extractor: FactExtractor,
        deep: FactExtractor | None,
        tasks: MemoryTasks,
        limits: TurnLimits,
    ) -> None:
        self._extractor = extractor
        self._has_deep = deep is not None
        self._tasks = tasks
        self._limits = limits

    async def settled(self, user_id: str) -> None:
        """Wait a moment for what the user said just before: it may be what this is about."""
        await self._tasks.settled(user_id, self._limits.learning_seconds)

    async def find(self, order: TurnOrder, outcome: TurnOutcome) -> Lesson | None:
        """What there may be to learn; None when there is nothing."""
        if outcome.error is not None or outcome.is_cut:
            return None
        exchange = _exchange(order, outcome)
        messages = (*order.history, order.user_message, _reply(order, outcome))
        # Whoever sends a whole conversation with each message begins a session each time, and
        # most of those are never gone on with.
        summary = not order.is_new_session and needs_summary(
            messages, context_tokens=self._limits.context_tokens
        )
        may_tell = order.is_new_message and may_tell_something(exchange.user_text)
        facts = await self._extractor.extract(exchange) if may_tell else ()
        is_deep = may_tell and self._has_deep
        if not facts and not summary and not is_deep:
            return None
        return Lesson(exchange, facts, summary, is_final=not is_deep)

    def hand_over(self, lesson: Lesson) -> None:
        """Learn it in the background; what is lost there is picked up by a job."""
        if lesson.facts or lesson.needs_summary:
            self._tasks.submit(
                lesson.exchange,
                facts=lesson.facts,
                needs_summary=lesson.needs_summary,
                is_final=lesson.is_final,
            )


def _exchange(order: TurnOrder, outcome: TurnOutcome) -> Exchange:
    turn = order.turn
    return Exchange(
        user_id=turn.user_id,
        turn_id=turn.id,
        session_id=turn.session_id,
        character_id=turn.character_id,
        character_name=order.character.name,
        user_name=order.user_name,
        user_message_id=order.user_message.id,
        user_text=order.user_message.content,
        reply_message_id=turn.message_id,
        reply_text=outcome.text,
        said_at=order.user_message.created_at,
        earlier=tuple((one.role.value, one.content) for one in order.history[-_EARLIER:]),
    )


def _reply(order: TurnOrder, outcome: TurnOutcome) -> Message:
    return Message(
        id=order.turn.message_id,
        session_id=order.turn.session_id,
        position=order.user_message.position + 1,
        role=Role.ASSISTANT,
        content=outcome.text,
        status=MessageStatus.COMPLETE,
        created_at=order.turn.created_at,
    )
