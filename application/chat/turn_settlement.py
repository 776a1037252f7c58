"""The end of a turn: its price, its text, and that both are stored exactly once."""

import asyncio
from datetime import timedelta

from attrs import define, evolve, field, frozen

from application.chat.turn_order import TurnOrder
from application.keyed_locks import KeyedLocks
from application.ports.clock import Clock
from application.ports.turn_store import TurnClosing, TurnStore
from application.ports.wallet_store import WalletStore
from domain.chat import Message, MessageStatus, PromptPart, Receipt, Role, Turn, TurnStatus
from domain.errors import AlreadyRecorded, DomainError, Unavailable
from domain.holds import settle
from domain.lots import credits_by_bucket
from domain.memory.memories import Memory
from domain.notices import Notice
from domain.pricing import Usage
from domain.safety.verdicts import Stage, Verdict
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
    ``status`` is failed. ``is_cut`` tells that a safety rule ended the reply, and that its last
    words are ours.
    """

    status: TurnStatus
    text: str
    finish_reason: str = "stop"
    model: str | None = None
    usage: Usage | None = None
    error: DomainError | None = None
    is_cut: bool = False


@define
class Findings:
    """What a turn found out on the way, as far as it came."""

    memories: tuple[Memory, ...] = ()
    parts: tuple[PromptPart, ...] = ()
    notices: tuple[Notice, ...] = ()
    """What the person is told, beyond what was due when the turn began."""
    flags: list[tuple[Stage, Verdict]] = field(factory=list)

    def note(self, stage: Stage, verdict: Verdict) -> None:
        """Put down what the rules found, if anything."""
        if verdict.flags:
            self.flags.append((stage, verdict))


@frozen
class Settlement:
    """What was stored: the turn as it ended, its receipt and the balance after it."""

    turn: Turn
    receipt: Receipt
    balance: int


class TurnSettlement:
    """Charges what the outcome costs and stores the reply in the same step.

    A lost race is decided again on the wallet as it is then. When the database is away it keeps
    trying until shortly after the hold has expired. A hold that was released meanwhile is not
    charged late: the reply is stored as free.
    """

    def __init__(
        self, turns: TurnStore, wallets: WalletStore, locks: KeyedLocks, clock: Clock
    ) -> None:
        self._turns = turns
        self._wallets = wallets
        self._locks = locks
        self._clock = clock

    async def __call__(
        self,
        order: TurnOrder,
        outcome: TurnOutcome,
        findings: Findings,
        *,
        work_time: timedelta | None,
    ) -> Settlement:
        """Store it, and put down the work of learning, which rests for ``work_time``.

        Raises ``Unavailable`` when the database stayed away too long.
        """
        loop = asyncio.get_running_loop()
        hold = order.wallet.find_hold(order.turn.id)
        hold_left = (hold.expires_at - self._clock.now()).total_seconds() if hold else 0.0
        give_up_at = loop.time() + max(0.0, hold_left) + _GRACE_SECONDS
        known: Wallet | None = order.wallet
        failures = 0
        is_stored = False
        while True:
            try:
                if is_stored:
                    return await self._stored(order)
                async with self._locks.hold(order.turn.user_id):
                    wallet = known or await self._wallets.get(order.turn.user_id)
                    known = None
                    settlement = await self._try(
                        order, outcome, findings, wallet, work_time=work_time
                    )
                if settlement is not None:
                    return settlement
            except AlreadyRecorded:
                # An earlier attempt was written although its answer never arrived.
                is_stored = True
            except Unavailable:
                if loop.time() > give_up_at:
                    raise
                await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
                failures += 1

    async def _try(
        self,
        order: TurnOrder,
        outcome: TurnOutcome,
        findings: Findings,
        wallet: Wallet,
        *,
        work_time: timedelta | None,
    ) -> Settlement | None:
        now = self._clock.now()
        usage = outcome.usage or Usage(0, 0, 0, reported=False)
        held, charge = order.turn.held, 0
        if outcome.usage is not None and outcome.model is not None:
            charge = min(held, order.prices.price(outcome.model, order.user.tier, outcome.usage))
        changed: Wallet | None = None
        buckets = {}
        if wallet.find_hold(order.turn.id) is None:
            charge = 0
        else:
            daily = order.prices.terms(order.user.tier).daily_credits
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
            memory_ids=tuple(memory.id for memory in findings.memories),
            notices=(*order.turn.notices, *findings.notices),
            prompt=findings.parts,
        )
        closing = TurnClosing(
            turn=turn,
            wallet=changed,
            reply=self._reply(order, outcome, receipt) if _is_kept(order, outcome) else None,
            now=now,
            work_until=now + work_time if work_time else None,
            model=outcome.model,
        )
        if await self._turns.close(closing):
            return Settlement(turn, receipt, (changed or wallet).balance)
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

    async def _stored(self, order: TurnOrder) -> Settlement:
        turn = await self._turns.get(order.turn.user_id, order.turn.id)
        wallet = await self._wallets.get(order.turn.user_id)
        receipt = turn.receipt or Receipt(
            turn.held, 0, turn.held, turn.price_version, Usage(0, 0, 0, reported=False), {}
        )
        return Settlement(turn, receipt, wallet.balance)


def _is_kept(order: TurnOrder, outcome: TurnOutcome) -> bool:
    """Whether its words are stored; the beginning of another reply takes no reply's place."""
    is_unfinished = outcome.status is TurnStatus.FAILED
    return bool(outcome.text) and (order.is_new_message or not is_unfinished)
