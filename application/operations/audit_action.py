"""An administrator changes something, and it is written down who changed what."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from attrs import evolve, frozen

from application.ports.audit_log import AuditEntry, AuditLog
from application.ports.clock import Clock, IdGenerator
from domain.errors import DomainError, Unavailable

T = TypeVar("T")
Facts = Mapping[str, Any]


@frozen(kw_only=True)
class AuditActionCommand:
    """Who is about to do what to which thing; see ``AuditEntry``.

    ``before`` None: as the thing was left by the last action of this name on it.
    """

    actor_id: str
    action: str
    subject: str
    channel: str
    request_id: str
    before: Facts | None = None


class AuditAction:
    """Writes an action down, lets it be done, and writes down what came of it.

    In this order, so that a process which dies in between leaves an entry that has no end, and
    never a change without an entry.
    """

    def __init__(self, log: AuditLog, clock: Clock, ids: IdGenerator) -> None:
        self._log = log
        self._clock = clock
        self._ids = ids

    async def __call__(
        self,
        command: AuditActionCommand,
        work: Callable[[], Awaitable[T]],
        facts: Callable[[T], Facts],
    ) -> T:
        """The result of ``work``, of which ``facts`` says what is so afterwards.

        Raises what ``work`` raises, and ``Unavailable`` when nothing can be written down, in which
        case nothing is done either.
        """
        entry = AuditEntry(
            id=self._ids.new("aud"),
            actor_id=command.actor_id,
            action=command.action,
            subject=command.subject,
            channel=command.channel,
            request_id=command.request_id,
            at=self._clock.now(),
            before=await self._left(command) if command.before is None else command.before,
        )
        await self._log.begin(entry)
        try:
            result = await work()
        except Exception as error:
            code = error.code if isinstance(error, DomainError) else DomainError.code
            await self._finish(evolve(entry, error=code))
            raise
        await self._finish(evolve(entry, after=facts(result)))
        return result

    async def _left(self, command: AuditActionCommand) -> Facts:
        found = await self._log.list(subject=command.subject, limit=20, before=None)
        same = (one.after for one in found if one.action == command.action and one.after)
        return next(same, {})

    async def _finish(self, entry: AuditEntry) -> None:
        # It is done, or refused: whoever asked hears that, and the entry shows no end.
        with suppress(Unavailable):
            await self._log.finish(evolve(entry, finished_at=self._clock.now()))
