"""The beginning of a turn: everything is checked, then credits and words are stored together."""

from collections.abc import Awaitable, Callable, Sequence

from attrs import frozen

from application.chat.live_turn import LiveTurn
from application.chat.stream_slots import StreamSlots
from application.chat.turn_order import TurnLimits, TurnOrder
from application.chat.turn_runner import TurnRunner
from application.chat.turn_work import TurnWork
from application.keyed_locks import KeyedLocks
from application.ports.clock import Clock, IdGenerator
from application.ports.price_book import PriceBook
from application.ports.turn_store import (
    IdempotencyKey,
    TurnOpening,
    TurnQuery,
    TurnSnapshot,
    TurnStore,
)
from domain.characters import Character
from domain.chat import Message, Session, Turn, TurnStatus
from domain.context import check_message_fits
from domain.errors import (
    AccountSuspended,
    AlreadyRecorded,
    IdempotencyKeyReused,
    TierRequired,
    Unavailable,
)
from domain.holds import hold
from domain.pricing import PriceTable
from domain.wallet import refresh

ATTEMPTS = 12
"""Lost races before we give up. Each means that another process got through."""
_USER_NAME = "the user"


@frozen
class TurnOptions:
    """What the client may choose about a reply; None leaves the choice to us."""

    stream: bool = False
    include_usage: bool = False
    max_tokens: int | None = None
    temperature: float | None = None


DEFAULT_OPTIONS = TurnOptions()


@frozen
class TurnPlan:
    """Which words go into a turn."""

    session: Session
    is_new_session: bool
    character: Character
    history: tuple[Message, ...]
    user_message: Message
    new_messages: Sequence[Message]
    """Those to store with the opening, the user's message last; none for another reply."""


class TurnOpener:
    """Opens a turn and hands it to the runner, or finds the one that its key began before."""

    def __init__(  # noqa: PLR0913 - the one place where all roles of a turn meet
        self,
        *,
        turns: TurnStore,
        prices: PriceBook,
        slots: StreamSlots,
        runner: TurnRunner,
        work: TurnWork,
        locks: KeyedLocks,
        clock: Clock,
        ids: IdGenerator,
        limits: TurnLimits,
        models: tuple[str, ...],
    ) -> None:
        self._turns = turns
        self._prices = prices
        self._slots = slots
        self._runner = runner
        self._work = work
        self._locks = locks
        self._clock = clock
        self._ids = ids
        self._limits = limits
        self._models = models

    @property
    def history_messages(self) -> int:
        """How many of the latest messages a turn reads."""
        return self._limits.history_messages

    async def open(
        self,
        query: TurnQuery,
        plan: Callable[[TurnSnapshot], TurnPlan],
        options: TurnOptions,
        key: IdempotencyKey | None,
    ) -> str:
        """The id of the turn, running now or begun earlier under the same key.

        ``plan`` decides what is said; it raises what forbids it. Nothing is stored, charged or
        left held when this raises.
        """
        self._runner.check_capacity()
        prices = await self._prices.current()
        turn_id = self._ids.new("turn")
        has_slot = False
        order: TurnOrder | None = None
        try:
            for _ in range(ATTEMPTS):
                async with self._locks.hold(query.user_id):
                    snapshot = await self._turns.load(query)
                    if snapshot.replay is not None and key is not None:
                        return _replayed(snapshot.replay, key)
                    if options.stream and not has_slot:
                        await self._slots.take(query.user_id, turn_id)
                        has_slot = True
                    order = await self._try(turn_id, snapshot, plan, options, prices, key)
                if order is not None:
                    self._runner.start(order.turn, self._work_on(order))
                    return turn_id
        finally:
            if has_slot and order is None:
                await self._slots.release(query.user_id, turn_id)
        message = "The wallet is too busy; try again."
        raise Unavailable(message)

    def _work_on(self, order: TurnOrder) -> Callable[[LiveTurn], Awaitable[None]]:
        return lambda live: self._work(live, order)

    async def _try(
        self,
        turn_id: str,
        snapshot: TurnSnapshot,
        plan: Callable[[TurnSnapshot], TurnPlan],
        options: TurnOptions,
        prices: PriceTable,
        key: IdempotencyKey | None,
    ) -> TurnOrder | None:
        """Decide and store; None when somebody changed the wallet or took the key meanwhile."""
        if snapshot.user.is_suspended:
            message = "This account is suspended."
            raise AccountSuspended(message)
        words = plan(snapshot)
        order = self._decide(turn_id, snapshot, words, options, prices)
        opening = TurnOpening(
            turn=order.turn,
            wallet=order.wallet,
            session=words.session if words.is_new_session else None,
            messages=words.new_messages,
            idempotency=key,
        )
        try:
            return order.saved() if await self._turns.open(opening) else None
        except AlreadyRecorded:
            return None

    def _decide(
        self,
        turn_id: str,
        snapshot: TurnSnapshot,
        words: TurnPlan,
        options: TurnOptions,
        prices: PriceTable,
    ) -> TurnOrder:
        now = self._clock.now()
        tier = snapshot.user.tier
        if not tier.opens(words.character.min_tier):
            message = f"{words.character.name} is open from the tier {words.character.min_tier} on."
            raise TierRequired(message, param="model")
        user_name = snapshot.user.display_name or _USER_NAME
        check_message_fits(
            words.character, user_name, words.user_message.content, self._limits.context_tokens
        )
        wanted = options.max_tokens or self._limits.default_reply_tokens
        max_tokens = min(wanted, self._limits.max_reply_tokens)
        worst = prices.worst_case(
            self._models, tier, prompt=self._limits.context_tokens, completion=max_tokens
        )
        daily = prices.terms(tier).daily_credits
        wallet = hold(
            refresh(snapshot.wallet, daily_credits=daily, now=now),
            turn_id=turn_id,
            amount=worst,
            now=now,
            expires_at=now + self._limits.hold_time,
        )
        turn = Turn(
            id=turn_id,
            user_id=snapshot.user.id,
            session_id=words.session.id,
            character_id=words.character.id,
            user_message_id=words.user_message.id,
            message_id=self._ids.new("msg"),
            status=TurnStatus.RUNNING,
            created_at=now,
            held=worst,
            price_version=prices.version,
            stream=options.stream,
            include_usage=options.include_usage,
        )
        return TurnOrder(
            turn=turn,
            wallet=wallet,
            tier=tier,
            prices=prices,
            models=self._models,
            character=words.character,
            user_name=user_name,
            history=words.history,
            user_message=words.user_message,
            is_new_message=bool(words.new_messages),
            max_tokens=max_tokens,
            temperature=options.temperature,
        )


def _replayed(replay: tuple[str, str], key: IdempotencyKey) -> str:
    turn_id, fingerprint = replay
    if fingerprint != key.fingerprint:
        message = "This Idempotency-Key was used for another request."
        raise IdempotencyKeyReused(message)
    return turn_id
