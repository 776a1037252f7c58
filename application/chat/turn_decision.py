"""Whether a turn may begin, and on which terms."""

from application.chat.turn_order import TurnLimits, TurnOrder
from application.chat.turn_plan import TurnOptions, TurnPlan
from application.chat.turn_safety import TurnSafety
from application.ports.clock import Clock, IdGenerator
from application.ports.turn_store import TurnSnapshot
from domain.chat import Turn, TurnStatus
from domain.context import Briefing, check_message_fits
from domain.holds import hold
from domain.pricing import PriceTable
from domain.wallet import refresh

_USER_NAME = "the user"


class TurnDecision:
    """Holds the worst case of the price and writes down what was decided."""

    def __init__(
        self,
        safety: TurnSafety,
        clock: Clock,
        ids: IdGenerator,
        limits: TurnLimits,
        models: tuple[str, ...],
    ) -> None:
        self._safety = safety
        self._clock = clock
        self._ids = ids
        self._limits = limits
        self._models = models

    def decide(
        self,
        turn_id: str,
        snapshot: TurnSnapshot,
        words: TurnPlan,
        options: TurnOptions,
        prices: PriceTable,
    ) -> TurnOrder:
        """The order for this turn.

        Raises ``TierRequired``, ``Forbidden``, ``InvalidRequest`` for a message that is too long,
        ``InsufficientCredits``, and ``ModelUnavailable`` for a model without a price.
        """
        now = self._clock.now()
        user = snapshot.user
        words.character.admit(user, param="model")
        user_name = self._safety.name_of(user) or _USER_NAME
        least = Briefing(
            character=words.character,
            user_name=user_name,
            message=words.user_message.content,
            conduct=self._safety.conduct(user),
        )
        check_message_fits(least, self._limits.context_tokens)
        wanted = options.max_tokens or self._limits.default_reply_tokens
        max_tokens = min(wanted, self._limits.max_reply_tokens)
        worst = prices.worst_case(
            self._models, user.tier, prompt=self._limits.context_tokens, completion=max_tokens
        )
        daily = prices.terms(user.tier).daily_credits
        wallet = hold(
            refresh(snapshot.wallet, daily_credits=daily, now=now),
            turn_id=turn_id,
            amount=worst,
            now=now,
            expires_at=now + self._limits.hold_time,
        )
        turn = Turn(
            id=turn_id,
            user_id=user.id,
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
            notices=self._safety.due_notices(user),
        )
        return TurnOrder(
            turn=turn,
            wallet=wallet,
            user=user,
            prices=prices,
            models=self._models,
            character=words.character,
            user_name=user_name,
            summary=words.summary,
            summarized_until=words.session.summarized_until,
            history=words.history,
            user_message=words.user_message,
            is_new_message=bool(words.new_messages),
            is_new_session=words.is_new_session,
            max_tokens=max_tokens,
            temperature=options.temperature,
        )
