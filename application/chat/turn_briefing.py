"""What a turn's prompt is made of: the character, its lore, and what is remembered."""

from collections.abc import Sequence

from application.chat.turn_lore import TurnLore
from application.chat.turn_order import TurnLimits, TurnOrder
from application.chat.turn_safety import TurnSafety
from application.memory.query_embeddings import QueryEmbeddings
from application.ports.clock import Clock
from application.ports.memory_index import MemoryIndex, MemoryQuery
from domain.context import Briefing, Context, build_context
from domain.memory.memories import Memory


class TurnBriefing:
    """Gathers what the model gets to read for one turn."""

    def __init__(
        self,
        *,
        lore: TurnLore,
        embeddings: QueryEmbeddings,
        memories: MemoryIndex,
        safety: TurnSafety,
        clock: Clock,
        limits: TurnLimits,
    ) -> None:
        self._lore = lore
        self._embeddings = embeddings
        self._memories = memories
        self._safety = safety
        self._clock = clock
        self._limits = limits

    async def build(self, order: TurnOrder) -> Context:
        """The prompt; raises ``Unavailable`` when the memories cannot be searched."""
        briefing = Briefing(
            character=order.character,
            user_name=order.user_name,
            message=order.user_message.content,
            seed=order.turn.session_id,
            conduct=self._safety.conduct(order.user),
            lore=await self._lore.of(order),
            summary=order.summary,
            summarized_until=order.summarized_until,
            history=order.history,
            memories=await self._recall(order),
        )
        return build_context(briefing, budget=self._limits.context_tokens)

    async def _recall(self, order: TurnOrder) -> Sequence[Memory]:
        """The memories that fit the message, without those that stand in the history itself."""
        text = order.user_message.content
        query = MemoryQuery(
            user_id=order.turn.user_id,
            character_id=order.turn.character_id,
            text=text,
            embeddings=await self._embeddings.of(text),
            now=self._clock.now(),
            limit=self._limits.memories,
            except_session=order.turn.session_id,
            except_since=order.history[0].created_at if order.history else None,
        )
        return await self._memories.search(query)
