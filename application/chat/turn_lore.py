"""What a character's lorebook has to say in a turn."""

from collections.abc import Callable

from application.chat.turn_order import TurnOrder
from application.ports.pattern_search import PatternSearch
from application.ports.session_store import MessageCount, SessionStore
from domain.cards.character import spoken_name
from domain.characters import Character
from domain.lorebook.book import Lorebook, lorebook_of
from domain.lorebook.conversation import Conversation
from domain.lorebook.insertion import NOTHING, Insertions, insert_lore

_MOST_BOOKS = 256
_NONE = MessageCount(0, 0)


class TurnLore:
    """Reads each version's lorebook once, and looks up in it what the talk has come to."""

    def __init__(self, patterns: PatternSearch, sessions: SessionStore) -> None:
        self._patterns = patterns
        self._sessions = sessions
        self._books: dict[tuple[str, int], Lorebook] = {}

    async def of(self, order: TurnOrder) -> Callable[[int], Insertions]:
        """Gives what to insert within so many tokens; the same for the same turn."""
        book = self._book(order.character)
        if not book.entries:
            return lambda budget: NOTHING  # noqa: ARG005 - nothing fits any budget
        earlier = await self._earlier(order) if book.counts else _NONE
        conversation = Conversation(
            messages=[
                *((one.role.value, one.content) for one in order.history),
                ("user", order.user_message.content),
            ],
            char=spoken_name(order.character),
            user=order.user_name,
            id=order.turn.session_id,
            earlier_messages=earlier.messages,
            earlier_replies=earlier.replies,
        )
        return lambda budget: insert_lore(
            book,
            conversation,
            budget=budget,
            seed=order.turn.id,
            search=self._patterns.budget(),
        )

    async def _earlier(self, order: TurnOrder) -> MessageCount:
        """What was said before the history that the turn has read."""
        first = order.history[0] if order.history else order.user_message
        return await self._sessions.count_messages(
            order.turn.user_id, order.turn.session_id, before=first.position
        )

    def _book(self, character: Character) -> Lorebook:
        key = (character.id, character.version)
        book = self._books.get(key)
        if book is None:
            book = lorebook_of(character.card)
            if len(self._books) >= _MOST_BOOKS:
                del self._books[next(iter(self._books))]
            self._books[key] = book
        return book
