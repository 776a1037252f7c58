"""Keeping what was found and told, without ever standing in the way of helping."""

import logging
from collections.abc import Sequence

from attrs import frozen

from application.ports.clock import Clock, IdGenerator
from application.ports.safety_log import SafetyLog
from domain.errors import Unavailable
from domain.notices import NoticeKind
from domain.safety.counters import REPORT, counted_notices, counted_verdict
from domain.safety.reviews import FlagRecord
from domain.safety.verdicts import Action, Stage, Verdict

_logger = logging.getLogger(__name__)


@frozen
class Occasion:
    """Where a text came up, as far as that is known."""

    character_id: str | None = None
    session_id: str | None = None
    message_id: str | None = None
    turn_id: str | None = None


class SafetyRecords:
    """What callers need of the safety log while they answer somebody.

    When the log does not answer, that is logged and nothing is raised: whoever is in a crisis is
    helped, and whatever is blocked stays blocked, also when it cannot be counted.
    """

    def __init__(self, log: SafetyLog, clock: Clock, ids: IdGenerator) -> None:
        self._log = log
        self._clock = clock
        self._ids = ids

    async def keep_verdict(
        self, user_id: str, stage: Stage, verdict: Verdict, occasion: Occasion
    ) -> None:
        """Keep each flag of a verdict for review, and count what it led to."""
        now = self._clock.now()
        flags = [
            FlagRecord(
                id=self._ids.new("flg"),
                user_id=user_id,
                stage=stage,
                flag=flag,
                created_at=now,
                character_id=occasion.character_id,
                session_id=occasion.session_id,
                message_id=occasion.message_id,
                turn_id=occasion.turn_id,
            )
            for flag in verdict.flags
            if flag.action is not Action.ALLOW
        ]
        if not flags:
            return
        try:
            await self._log.record(user_id, flags, counted_verdict(stage, verdict), now)
        except Unavailable:
            _logger.warning("%d flags were not kept: the log does not answer", len(flags))

    async def count_notices(self, kinds: Sequence[NoticeKind]) -> None:
        """Count notices that were told."""
        await self._count(counted_notices(kinds))

    async def count_report(self) -> None:
        """Count that somebody reported a message."""
        await self._count((REPORT,))

    async def _count(self, kinds: Sequence[str]) -> None:
        if not kinds:
            return
        try:
            await self._log.count(kinds, self._clock.now())
        except Unavailable:
            _logger.warning("not counted, as the log does not answer: %s", ", ".join(kinds))
