"""The end of a turn: its price, its text, and that both are stored exactly once."""

import asyncio

from attrs import define, evolve, frozen

from application.chat.turn_order import TurnOrder
from application.keyed_locks import KeyedLocks
from application.ports.clock import Clock, IdGenerator
from application.ports.turn_store import TurnClosing, TurnStore
from application.ports.wallet_store import WalletStore
from domain.chat import Message, MessageStatus, Receipt, Role, TurnStatus
from domain.errors import AlreadyRecorded, DomainError, Unavailable
from domain.holds import settle
from domain.lots import credits_by_bucket
from domain.memory.memories import Embedding, Memory, as_memory_text, is_worth_remembering
from domain.pricing import Usage
from domain.wallet import Wallet, refresh

_PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
_GRACE_SECONDS = 30.0

_MESSAGE_STATUS = {
    TurnStatus.COMPLETED: MessageStatus.COMPLETE,
    TurnStatus.STOPPED: MessageStatus.STOPPED,
    TurnStatus.FAILED: MessageStatus.INCOMPLETE,
}


@frozen
class TurnOutcome:
    """How the model's work ended.

    ``usage`` and ``model`` are None when nothing is to be paid; ``error`` is given just when
    ``status`` is failed.
    """

    status: TurnStatus
    text: str
    finish_reason: str = "stop"
    model: str | None = None
    usage: Usage | None = None
    error: DomainError | None = None


@define
class Recall:
    """What a turn found out about its message on the way, as far as it came."""

    embedding: Embedding | None = None
    memories: tuple[Memory, ...] = ()


@frozen
class Settlement:
    """What was stored: the receipt and the balance after it."""

    receipt: Receipt
    balance: int


class TurnSettlement:
    """Charges what the outcome costs and stores the reply in the same step.

    A lost race is decided again on the wallet as it is then. When the database is away it keeps
    trying until shortly after the hold has expired. A hold that was released meanwhile is not
    charged late: the reply is stored as free.
    """

    def __init__(
        self,
        turns: TurnStore,
        wallets: WalletStore,
        locks: KeyedLocks,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._turns = turns
        self._wallets = wallets
        self._locks = locks
        self._clock = clock
        self._ids = ids

    async def __call__(self, order: TurnOrder, outcome: TurnOutcome, recall: Recall) -> Settlement:
        """Store it; raises ``Unavailable`` when the database stayed away too long."""
        loop = asyncio.get_running_loop()
        hold = order.wallet.find_hold(order.turn.id)
        hold_left = (hold.expires_at - self._clock.now()).total_seconds() if hold else 0.0
        give_up_at = loop.time() + max(0.0, hold_left) + _GRACE_SECONDS
        known: Wallet | None = order.wallet
        failures = 0
        while True:
            try:
                async with self._locks.hold(order.turn.user_id):
                    wallet = known or await self._wallets.get(order.turn.user_id)
                    known = None
                    settlement = await self._try(order, outcome, recall, wallet)
                if settlement is not None:
                    return settlement
            except AlreadyRecorded:
                # An earlier attempt was written although its answer never arrived.
                return await self._stored(order)
            except Unavailable:
                if loop.time() > give_up_at:
                    raise
                await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
                failures += 1

    async def _try(
        self, order: TurnOrder, outcome: TurnOutcome, recall: Recall, wallet: Wallet
    ) -> Settlement | None:
        now = self._clock.now()
        usage = outcome.usage or Usage(0, 0, 0, reported=False)
        held, charge = order.turn.held, 0
        if outcome.usage is not None and outcome.model is not None:
            charge = min(held, order.prices.price(outcome.model, order.tier, outcome.usage))
        changed: Wallet | None = None
        buckets = {}
        if wallet.find_hold(order.turn.id) is None:
            charge = 0
        else:
            daily = order.prices.terms(order.tier).daily_credits
            current = refresh(wallet, daily_credits=daily, now=now)
            changed, parts = settle(
                current,
                turn_id=order.turn.id,
                charge=charge,
                now=now,
                description=f"Reply by {order.character.name}",
            )
            buckets = credits_by_bucket(parts)
        receipt = Receipt(held, charge, held - charge, order.prices.version, usage, buckets)
        turn = evolve(
            order.turn,
            status=outcome.status,
            finish_reason=outcome.finish_reason if outcome.error is None else None,
            error_code=None if outcome.error is None else outcome.error.code,
            receipt=receipt,
            memory_ids=tuple(memory.id for memory in recall.memories),
        )
        memory = self._memory(order) if outcome.error is None else None
        closing = TurnClosing(
            turn=turn,
            wallet=changed,
            reply=self._reply(order, outcome, receipt) if outcome.text else None,
            memory=memory,
            embedding=recall.embedding if memory else None,
            now=now,
        )
        if await self._turns.close(closing):
            return Settlement(receipt, (changed or wallet).balance)
        return None

    def _reply(self, order: TurnOrder, outcome: TurnOutcome, receipt: Receipt) -> Message:
        return Message(
            id=order.turn.message_id,
            session_id=order.turn.session_id,
            position=order.user_message.position + 1,
            role=Role.ASSISTANT,
            content=outcome.text,
            status=_MESSAGE_STATUS[outcome.status],
            created_at=self._clock.now(),
            turn_id=order.turn.id,
            receipt=receipt,
        )

    def _memory(self, order: TurnOrder) -> Memory | None:
        said = order.user_message
        if not order.is_new_message or not is_worth_remembering(said.content):
            return None
        return Memory(
            id=self._ids.new("mem"),
            character_id=order.turn.character_id,
            text=as_memory_text(said.content),
            source_message_ids=(said.id,),
            created_at=said.created_at,
            session_id=order.turn.session_id,
        )

    async def _stored(self, order: TurnOrder) -> Settlement:
        turn = await self._turns.get(order.turn.user_id, order.turn.id)
        wallet = await self._wallets.get(order.turn.user_id)
        receipt = turn.receipt or Receipt(
            turn.held, 0, turn.held, turn.price_version, Usage(0, 0, 0, reported=False), {}
        )
        return Settlement(receipt, wallet.balance)
