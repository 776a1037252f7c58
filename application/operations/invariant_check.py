"""How the last look at the books ended, as the job keeps it."""

import json
from datetime import datetime

from attrs import frozen

from application.ports.job_runs import JobRuns

JOB = "check-invariants"


@frozen
class InvariantCheck:
    """When all invariants were checked last, and how many were broken then."""

    checked_at: datetime
    broken: int

    def note(self) -> str:
        """What the job keeps of it."""
        return json.dumps([self.checked_at.isoformat(), self.broken])


async def find_last_check(runs: JobRuns) -> InvariantCheck | None:
    """The last one that came to its end, None when there was none."""
    note = await runs.find_note(JOB)
    if note is None:
        return None
    checked_at, broken = json.loads(note)
    return InvariantCheck(datetime.fromisoformat(checked_at), broken)
