"""The stores that a contract runs on, all over the same data, and short ways to fill them.

Everything is written and looked at through the ports.
"""

from datetime import datetime
from typing import Any

from attrs import frozen

from adapters.in_memory.clock import InMemoryClock
from application.ports.account_store import AccountStore
from application.ports.audit_log import AuditLog
from application.ports.character_store import CharacterStore
from application.ports.idempotency_store import IdempotencyStore
from application.ports.job_runs import JobRuns
from application.ports.memory_index import MemoryIndex, MemoryQuery
from application.ports.memory_work import MemoryWork
from application.ports.price_book import PriceBook
from application.ports.safety_log import SafetyLog
from application.ports.session_store import SessionStore
from application.ports.turn_store import IdempotencyKey, TurnClosing, TurnOpening, TurnStore
from application.ports.wallet_store import WalletStore
from domain.accounts import User
from domain.chat import Message, Session
from domain.memory.memories import Embedding, Memory
from domain.wallet import Wallet
from tests.contracts.builders import (
    NOW,
    granted,
    make_character,
    make_closing,
    make_memory,
    make_opening,
    make_session,
    make_user,
)


@frozen
class Stores:
    """One adapter of each port; ``clock`` is the one that they were given."""

    accounts: AccountStore
    wallets: WalletStore
    turns: TurnStore
    sessions: SessionStore
    memories: MemoryIndex
    work: MemoryWork
    characters: CharacterStore
    idempotency: IdempotencyStore
    prices: PriceBook
    jobs: JobRuns
    audit_log: AuditLog
    safety_log: SafetyLog
    clock: InMemoryClock

    async def sign_up(self, name: str = "ann", *, credits: int = 0, **changes: Any) -> User:  # noqa: A002 - the field's word
        """A new account, with ``credits`` bought."""
        user = await self.accounts.add(make_user(name, **changes))
        if credits:
            assert await self.wallets.save(granted(Wallet(user.id), credits))
        return user

    async def sign_up_to_talk(self, name: str = "ann") -> tuple[User, Session]:
        """A new account with 100 credits, and its session."""
        user = await self.sign_up(name, credits=100)
        return user, await self.begin_session(user)

    async def begin_session(self, user: User, *, character_id: str = "luna") -> Session:
        """An empty session with a published character."""
        published = await self.characters.publish(make_character(character_id))
        session = make_session(user, character_id=published.id, character_version=published.version)
        await self.sessions.add(session, None)
        return session

    async def open(
        self,
        user: User,
        session: Session,
        *,
        position: int = 2,
        amount: int = 10,
        key: IdempotencyKey | None = None,
        expires_at: datetime | None = None,
        answers: Message | None = None,
    ) -> TurnOpening:
        """A turn that is running."""
        opening = make_opening(
            await self.wallets.get(user.id),
            session,
            position=position,
            amount=amount,
            key=key,
            expires_at=expires_at,
            answers=answers,
        )
        assert await self.turns.open(opening)
        return opening

    async def close(self, opening: TurnOpening, **facts: Any) -> TurnClosing:
        """The turn's end, settled on the wallet as it is."""
        wallet = await self.wallets.get(opening.turn.user_id)
        closing = make_closing(opening, wallet, **facts)
        assert await self.turns.close(closing)
        return closing

    async def say(
        self, user: User, session: Session, *, position: int = 2, **facts: Any
    ) -> tuple[Message, Message]:
        """A whole turn of 3 credits: the message and its reply."""
        if (await self.wallets.get(user.id)).available < 10:
            assert await self.wallets.save(granted(await self.wallets.get(user.id), 100))
        opening = await self.open(user, session, position=position)
        closing = await self.close(opening, position=position + 1, **facts)
        assert closing.reply is not None
        return opening.messages[-1], closing.reply

    async def conversation(self, user: User, session: Session) -> list[Message]:
        """The active messages, oldest first."""
        found = await self.sessions.list_messages(user.id, session.id, limit=100, before=None)
        return list(found[::-1])

    async def remember(
        self, user: User, embedding: Embedding | None = None, **changes: Any
    ) -> Memory:
        """A memory of the user, typed in or said in a session."""
        await self.characters.publish(make_character(changes.get("character_id", "luna")))
        memory = make_memory(**changes)
        await self.memories.add(user.id, memory, embedding)
        return memory

    async def recall(self, user: User, *embeddings: Embedding, **facts: Any) -> list[Memory]:
        """What a message to Luna calls to mind; it says nothing unless told otherwise."""
        asked = MemoryQuery(
            **{
                "user_id": user.id,
                "character_id": "luna",
                "text": "",
                "embeddings": embeddings,
                "now": NOW,
                "limit": 10,
                **facts,
            }
        )
        return list(await self.memories.search(asked))

    async def remembered(self, user: User, *, with_history: bool = False) -> list[Memory]:
        """All that is remembered of the user, newest first."""
        found = await self.memories.list(
            user.id, character_id=None, limit=100, before=None, with_history=with_history
        )
        return list(found)
