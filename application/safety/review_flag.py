"""Decide on a flag, as an administrator."""

from application.ports.clock import Clock
from application.ports.safety_log import SafetyLog
from domain.safety.reviews import Decision, FlagRecord, Review


class ReviewFlag:
    """Keeps what somebody decided on a flag; deciding again replaces it."""

    def __init__(self, log: SafetyLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    async def __call__(
        self, user_id: str, flag_id: str, *, decision: Decision, note: str, reviewer: str
    ) -> FlagRecord:
        """The flag afterwards; raises ``NotFound``. ``reviewer`` is the administrator's id."""
        review = Review(decision, note, reviewer, self._clock.now())
        return await self._log.review_flag(user_id, flag_id, review)
