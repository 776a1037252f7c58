"""The beginning of a turn: everything is checked, then credits and words are stored together."""

import asyncio
from collections.abc import Awaitable, Callable

from attrs import evolve

from application.chat.crisis_answer import CrisisAnswer
from application.chat.live_turn import LiveTurn
from application.chat.stream_slots import StreamSlots
from application.chat.turn_decision import TurnDecision
from application.chat.turn_order import TurnOrder
from application.chat.turn_plan import TurnOptions, TurnPlan
from application.chat.turn_runner import TurnRunner
from application.chat.turn_safety import TurnSafety
from application.chat.turn_work import TurnWork
from application.keyed_locks import KeyedLocks
from application.ports.clock import IdGenerator
from application.ports.price_book import PriceBook
from application.ports.turn_store import (
    IdempotencyKey,
    TurnOpening,
    TurnQuery,
    TurnSnapshot,
    TurnStore,
)
from application.safety.safety_records import Occasion
from domain.accounts import User
from domain.errors import (
    AccountSuspended,
    AlreadyRecorded,
    IdempotencyKeyReused,
    TooManyStreams,
    Unavailable,
)
from domain.safety.verdicts import Action, Verdict

ATTEMPTS = 12
"""Lost races before we give up. Each means that another process got through."""
_LOOK_AGAIN_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)


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
        decision: TurnDecision,
        safety: TurnSafety,
        crisis: CrisisAnswer,
        locks: KeyedLocks,
        ids: IdGenerator,
        history_messages: int,
    ) -> None:
        self._turns = turns
        self._prices = prices
        self._slots = slots
        self._runner = runner
        self._work = work
        self._decision = decision
        self._safety = safety
        self._crisis = crisis
        self._locks = locks
        self._ids = ids
        self.history_messages = history_messages
        """How many of the latest messages a turn reads."""

    async def open(
        self,
        query: TurnQuery,
        plan: Callable[[TurnSnapshot], TurnPlan],
        options: TurnOptions,
        key: IdempotencyKey | None,
    ) -> str:
        """The id of the turn, running now or begun earlier under the same key.

        ``plan`` decides what is said; it raises what forbids it. Nothing is stored, charged or
        left held when this raises. Somebody in a crisis gets the product's own answer instead,
        which needs no credits.
        """
        # Those who are opening the turn of this very key elsewhere have slots while they do.
        for seconds in _LOOK_AGAIN_SECONDS if key is not None else ():
            try:
                return await self._open(query, plan, options, key)
            except TooManyStreams:
                await asyncio.sleep(seconds)
        return await self._open(query, plan, options, key)

    async def _open(
        self,
        query: TurnQuery,
        plan: Callable[[TurnSnapshot], TurnPlan],
        options: TurnOptions,
        key: IdempotencyKey | None,
    ) -> str:
        turn_id = self._ids.new("turn")
        order: TurnOrder | None = None
        has_slot = False
        try:
            for _ in range(ATTEMPTS):
                async with self._locks.hold(query.user_id, fails_together=True):
                    snapshot = await self._turns.load(query)
                    if snapshot.replay is not None and key is not None:
                        return _replayed(snapshot.replay, key)
                    words = self._allowed(_planned(snapshot, plan), snapshot.user)
                    verdict = self._safety.judge(words.user_message.content, snapshot.user)
                    if verdict.action is Action.REFER:
                        if await self._answer(turn_id, snapshot, words, verdict, options, key):
                            return turn_id
                        continue
                    if verdict.action is Action.BLOCK:
                        raise await self._refusal(snapshot, words, verdict)
                    self._runner.check_capacity()
                    if options.stream and not has_slot:
                        await self._slots.take(query.user_id, turn_id)
                        has_slot = True
                    order = await self._try(turn_id, snapshot, words, options, key)
                if order is not None:
                    self._runner.start(order.turn, self._work_on(order, verdict))
                    return turn_id
        finally:
            if has_slot and order is None:
                await self._slots.release(query.user_id, turn_id)
        message = "The wallet is too busy; try again."
        raise Unavailable(message)

    def _work_on(self, order: TurnOrder, verdict: Verdict) -> Callable[[LiveTurn], Awaitable[None]]:
        return lambda live: self._work(live, order, verdict)

    def _allowed(self, words: TurnPlan, user: User) -> TurnPlan:
        """Without what the client says was said earlier and that may not be said here.

        Left out, not refused: clients send a refused message again with each that follows it.
        """
        earlier = words.new_messages[:-1]
        bad = {one.id for one in earlier if not self._safety.may_stand_before(one, user)}
        if not bad:
            return words
        return evolve(
            words,
            history=tuple(one for one in words.history if one.id not in bad),
            new_messages=[one for one in words.new_messages if one.id not in bad],
        )

    async def _answer(
        self,
        turn_id: str,
        snapshot: TurnSnapshot,
        words: TurnPlan,
        verdict: Verdict,
        options: TurnOptions,
        key: IdempotencyKey | None,
    ) -> bool:
        """Answer a crisis; False when somebody changed the wallet or took the key meanwhile."""
        try:
            return await self._crisis.store(turn_id, snapshot, words, verdict, options, key)
        except AlreadyRecorded:
            return False

    async def _refusal(
        self, snapshot: TurnSnapshot, words: TurnPlan, verdict: Verdict
    ) -> Exception:
        session = None if words.is_new_session else words.session.id
        occasion = Occasion(character_id=words.character.id, session_id=session)
        return await self._safety.refuse(snapshot.user, verdict, occasion)

    async def _try(
        self,
        turn_id: str,
        snapshot: TurnSnapshot,
        words: TurnPlan,
        options: TurnOptions,
        key: IdempotencyKey | None,
    ) -> TurnOrder | None:
        """Decide and store; None when somebody changed the wallet or took the key meanwhile."""
        prices = await self._prices.current()
        order = self._decision.decide(turn_id, snapshot, words, options, prices)
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


def _planned(snapshot: TurnSnapshot, plan: Callable[[TurnSnapshot], TurnPlan]) -> TurnPlan:
    if snapshot.user.is_suspended:
        message = "This account is suspended."
        raise AccountSuspended(message)
    return plan(snapshot)


def _replayed(replay: tuple[str, str], key: IdempotencyKey) -> str:
    turn_id, fingerprint = replay
    if fingerprint != key.fingerprint:
        message = "This Idempotency-Key was used for another request."
        raise IdempotencyKeyReused(message)
    return turn_id
