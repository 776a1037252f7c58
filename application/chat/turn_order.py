"""What one turn needs once it is open, and the bounds of all turns."""

from datetime import timedelta

from attrs import evolve, frozen

from domain.accounts import User
from domain.characters import Character
from domain.chat import Message, Turn
from domain.pricing import PriceTable
from domain.wallet import Wallet


@frozen
class TurnLimits:
    """The bounds of a turn: tokens of prompt and reply, messages read, life of a hold."""

    context_tokens: int = 4_096
    default_reply_tokens: int = 400
    max_reply_tokens: int = 2_048
    history_messages: int = 40
    hold_time: timedelta = timedelta(seconds=600)
    streams_per_user: int = 2
    memories: int = 96
    """As many as fit, at most; the budget of tokens usually ends them before."""
    learning_seconds: float = 0.25
    """How long a turn waits for what was said just before to be learnt."""


@frozen
class TurnOrder:
    """An open turn with all that was decided when its credits were held."""

    turn: Turn
    wallet: Wallet
    """With the hold; may be out of date when the turn is settled."""
    user: User
    prices: PriceTable
    models: tuple[str, ...]
    character: Character
    user_name: str
    summary: str
    summarized_until: int
    history: tuple[Message, ...]
    user_message: Message
    is_new_message: bool
    """False when this is another reply to a message that is remembered already."""
    is_new_session: bool
    max_tokens: int
    temperature: float | None

    def saved(self) -> "TurnOrder":
        """The order once its opening is stored."""
        return evolve(self, wallet=self.wallet.saved())
