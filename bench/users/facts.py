"""What a run left behind, and what to say about it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import Factory, asdict, frozen

FIRST_TOKEN: Final = "chat, first token"  # noqa: S105 - the name of a row
READ, LEFT, RESUMED, BROKE, BOUGHT, FAST = (
    "replies read to the end",
    "streams left",
    "streams resumed without a gap",
    "out of credits",
    "purchases",
    "too fast",
)
"""What is counted, by name."""


@frozen
class Row:
    """One task: how often, and for how long (milliseconds)."""

    name: str
    requests: int
    failures: int
    p50: float
    p95: float
    p99: float


@frozen
class Facts:
    """A whole run. ``faults`` are unexpected answers, in words, with how often each came."""

    users: int
    seconds: float
    rows: Sequence[Row] = ()
    counts: Mapping[str, int] = Factory(dict)
    faults: Mapping[str, int] = Factory(dict)

    def write(self, path: Path) -> None:
        """Keep them."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Facts":
        """Find them again."""
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**kept, "rows": [Row(**row) for row in kept["rows"]]})

    @property
    def problems(self) -> list[str]:
        """Why the run is not a success; empty if it is one."""
        told = [f"{count} × {fault}" for fault, count in self.faults.items()]
        if not self.counts.get(READ) and not self.counts.get(RESUMED):
            told.append("nobody read a reply to its end")
        lost = self.counts.get(LEFT, 0) - self.counts.get(RESUMED, 0)
        if lost and not self.faults:
            told.append(f"{lost} streams that were left were not resumed without a gap")
        return told

    def lines(self) -> list[str]:
        """The summary for a terminal."""
        head = f"{'task':34}{'requests':>9}{'failures':>9}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}"
        tasks = [row for row in self.rows if row.name != FIRST_TOKEN]
        first = [row for row in self.rows if row.name == FIRST_TOKEN]
        total = sum(row.requests for row in tasks)
        failed = sum(row.failures for row in tasks)
        number = {name: self.counts.get(name, 0) for name in (READ, LEFT, RESUMED, BROKE, BOUGHT)}
        lines = [
            head,
            *(_shown(row) for row in sorted(tasks, key=lambda row: row.name)),
            f"{'all':34}{total:>9,}{failed:>9,}",
            "",
        ]
        for row in first:
            times = f"p50 {row.p50:.0f} ms, p95 {row.p95:.0f} ms, p99 {row.p99:.0f} ms"
            lines.append(f"time to first token: {times} (of {row.requests:,})")
        pace = total / self.seconds
        lines.append(f"{pace:.1f} requests a second by {self.users} people, {self.seconds:.0f} s")
        lines.append(f"{number[READ]:,} replies read to the end")
        left = f"{number[LEFT]:,} streams left in the middle"
        lines.append(f"{left}, {number[RESUMED]:,} of them resumed without a gap")
        broke = f"{number[BROKE]:,} times out of credits (402, as it should be)"
        lines.append(f"{broke}, {number[BOUGHT]:,} purchases")
        if fast := self.counts.get(FAST):
            lines.append(f"{fast:,} times too fast (429): let RATE_LIMIT_PER_ADDRESS be greater")
        return lines


def _shown(row: Row) -> str:
    times = "".join(f"{value:>8.0f}" for value in (row.p50, row.p95, row.p99))
    return f"{row.name:34}{row.requests:>9,}{row.failures:>9,}{times}"
