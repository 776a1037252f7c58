"""What a person has to be told next."""

from collections.abc import Sequence

from application.ports.clock import Clock
from domain.accounts import User
from domain.notices import Notice
from domain.safety.policy import SafetyPolicy


class FindDueNotices:
    """The notices that the next reply will bring, for an app that shows them at its start.

    Looking changes nothing: they count as given only along with a reply.
    """

    def __init__(self, policy: SafetyPolicy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock

    async def __call__(self, user: User) -> Sequence[Notice]:
        """The notices that are due now."""
        return self._policy.due_notices(
            country=user.country,
            age_band=user.age_band,
            noticed_at=user.noticed_at,
            now=self._clock.now(),
        )
