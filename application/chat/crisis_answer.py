"""The product's own answer to somebody in a crisis: free, at once, whatever else is broken."""

from datetime import datetime

from attrs import frozen

from application.chat.live_turn import LiveTurn
from application.chat.stream_data import finish_data, start_data
from application.chat.turn_plan import TurnOptions, TurnPlan
from application.chat.turn_runner import TurnRunner
from application.chat.turn_safety import TurnSafety
from application.ports.clock import Clock, IdGenerator
from application.ports.price_book import PriceBook
from application.ports.rate_limiter import RateCheck, RateLimit, RateLimiter
from application.ports.turn_store import IdempotencyKey, TurnOpening, TurnSnapshot, TurnStore
from application.rate_keys import crisis_key
from domain.chat import Message, MessageStatus, Receipt, Role, Turn, TurnStatus
from domain.errors import RateLimited, Unavailable
from domain.notices import Notice
from domain.pricing import PriceTable, Usage
from domain.safety.verdicts import Stage, Verdict
from domain.wallet import refresh

_STORED = RateLimit(amount=60, seconds=3_600)
"""Answers that are stored; whoever gets more still gets the answer."""
_NOTHING = Usage(0, 0, 0, reported=False)


@frozen
class Cry:
    """A message that could not be stored, and what is known of its sender all the same."""

    user_id: str
    character_id: str
    session_id: str | None
    country: str | None
    text: str


@frozen
class _Answer:
    turn: Turn
    notice: Notice
    receipt: Receipt
    balance: int


class CrisisAnswer:
    """Tells where help is, instead of the model.

    It asks for no credits, no slot and no model, and is not refused for having asked too often.
    When it cannot be stored it is given all the same.
    """

    def __init__(
        self,
        *,
        safety: TurnSafety,
        turns: TurnStore,
        prices: PriceBook,
        runner: TurnRunner,
        limiter: RateLimiter,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._safety = safety
        self._turns = turns
        self._prices = prices
        self._runner = runner
        self._limiter = limiter
        self._clock = clock
        self._ids = ids

    def is_for(self, text: str) -> bool:
        """Whether this is how whoever says it has to be answered."""
        return self._safety.crisis_in(text) is not None

    async def store(
        self,
        turn_id: str,
        snapshot: TurnSnapshot,
        words: TurnPlan,
        verdict: Verdict,
        options: TurnOptions,
        key: IdempotencyKey | None,
    ) -> bool:
        """Store the message and the answer, and begin to tell it.

        False when somebody changed the wallet meanwhile; raises ``Unavailable`` when it cannot be
        stored, or no more of them should be, and ``AlreadyRecorded`` as ``TurnStore.open`` does.
        """
        await self._check_rate(snapshot.user.id)
        now = self._clock.now()
        notice = self._safety.referral(verdict, snapshot.user.country)
        prices = await self._known_prices()
        receipt = Receipt(0, 0, 0, prices.version if prices else 0, _NOTHING, {})
        turn = Turn(
            id=turn_id,
            user_id=snapshot.user.id,
            session_id=words.session.id,
            character_id=words.character.id,
            user_message_id=words.user_message.id,
            message_id=self._ids.new("msg"),
            status=TurnStatus.COMPLETED,
            created_at=now,
            held=0,
            price_version=receipt.price_version,
            stream=options.stream,
            include_usage=options.include_usage,
            finish_reason="stop",
            receipt=receipt,
            notices=(notice,),
        )
        reply = Message(
            id=turn.message_id,
            session_id=words.session.id,
            position=words.user_message.position + 1,
            role=Role.ASSISTANT,
            content=notice.text,
            status=MessageStatus.COMPLETE,
            created_at=now,
            turn_id=turn.id,
            receipt=receipt,
        )
        opening = TurnOpening(
            turn=turn,
            wallet=snapshot.wallet,
            session=words.session if words.is_new_session else None,
            messages=words.new_messages,
            idempotency=key,
            reply=reply,
        )
        if not await self._turns.open(opening):
            return False
        balance = _balance(snapshot, prices, now)
        self._begin(_Answer(turn, notice, receipt, balance), verdict)
        return True

    def give(self, cry: Cry, options: TurnOptions) -> str | None:
        """Begin to tell the answer although nothing can be stored; returns the turn's id.

        None when what was said is no crisis.
        """
        verdict = self._safety.crisis_in(cry.text)
        if verdict is None:
            return None
        turn_id = self._ids.new("turn")
        notice = self._safety.referral(verdict, cry.country)
        receipt = Receipt(0, 0, 0, 0, _NOTHING, {})
        turn = Turn(
            id=turn_id,
            user_id=cry.user_id,
            session_id=cry.session_id or self._ids.new("ses"),
            character_id=cry.character_id,
            user_message_id=self._ids.new("msg"),
            message_id=self._ids.new("msg"),
            status=TurnStatus.COMPLETED,
            created_at=self._clock.now(),
            held=0,
            price_version=0,
            stream=options.stream,
            include_usage=options.include_usage,
            finish_reason="stop",
            receipt=receipt,
            notices=(notice,),
        )
        self._begin(_Answer(turn, notice, receipt, 0), None)
        return turn_id

    def _begin(self, answer: _Answer, to_keep: Verdict | None) -> None:
        async def tell(live: LiveTurn) -> None:
            turn = answer.turn
            live.emit("start", data=start_data(turn, (), answer.balance))
            live.emit("delta", text=answer.notice.text)
            data = finish_data(turn, (), answer.receipt, answer.balance, "stop")
            live.emit("finish", data=data)
            if turn.include_usage:
                live.emit("usage", data=data)
            live.emit("done")
            if to_keep is not None:
                await self._safety.keep(turn, [(Stage.INPUT, to_keep)])

        self._runner.start(answer.turn, tell)

    async def _check_rate(self, user_id: str) -> None:
        check = RateCheck(crisis_key(user_id), _STORED)
        decision = await self._limiter.check([check], strict=False)
        if not decision.allowed:
            message = "Too many of these answers were stored."
            raise RateLimited(message, retry_after=decision.retry_after)

    async def _known_prices(self) -> PriceTable | None:
        try:
            return await self._prices.current()
        except Unavailable:
            return None


def _balance(snapshot: TurnSnapshot, prices: PriceTable | None, now: datetime) -> int:
    """What the wallet would show now: the day's credits are booked only when it is looked at."""
    if prices is None:
        return snapshot.wallet.balance
    daily = prices.terms(snapshot.user.tier).daily_credits
    return refresh(snapshot.wallet, daily_credits=daily, now=now).balance
