"""``FactExtractor`` by a model with structured output."""

from collections.abc import Sequence

from adapters.grok.fact_form import FORM, INSTRUCTIONS, facts_in, material_of
from adapters.grok.replies import GrokReplies
from domain.memory.facts import Exchange, Fact

_MOST_TOKENS = 2_000


class GrokFactExtractor:
    """Asks a model, and believes of its answer what can be checked.

    What it costs is ours: nothing of it is charged to the person.
    """

    def __init__(self, replies: GrokReplies) -> None:
        self._replies = replies

    @property
    def is_instant(self) -> bool:
        return False

    async def extract(self, exchange: Exchange) -> Sequence[Fact]:
        answer = await self._replies.ask(
            INSTRUCTIONS, material_of(exchange), max_tokens=_MOST_TOKENS, form=FORM
        )
        return () if answer is None else facts_in(answer, exchange)
