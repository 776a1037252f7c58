"""What was asked and answered, by role and route, for the summary at the end of a run."""

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import define, field

ROLES = ("anonymous", "user", "other", "admin")
SERVER_ERROR = 500
UNKNOWN_ENCODING = 501
Row = tuple[str, str, int]
"""Role, route and status."""


@define
class Tally:
    """Answers counted; 0 is the status of a connection that was closed without one."""

    counts: Counter[Row] = field(factory=Counter)

    def add(self, role: str, route: str, status: int, times: int = 1) -> None:
        self.counts[role, route, status] += times

    def merge(self, rows: Iterable[tuple[str, str, int, int]]) -> None:
        for role, route, status, times in rows:
            self.add(role, route, status, times)

    def rows(self) -> list[tuple[str, str, int, int]]:
        """The same as plain values, which one process can hand to another."""
        return [(*row, times) for row, times in sorted(self.counts.items())]

    def lines(self) -> list[str]:
        """The summary: a line for each role, then one for each route."""
        roles = [*ROLES, *sorted({role for role, _, _ in self.counts} - {*ROLES})]
        classes = ("2xx", "3xx", "4xx", "5xx", "closed")
        lines = ["role".ljust(12) + "requests".rjust(9) + "".join(f"{one:>9}" for one in classes)]
        for role in [*roles, "all"]:
            found = self._classes(role)
            if found:
                shown = "".join(f"{found[one]:9}" for one in classes)
                lines.append(f"{role:12}{found.total():9}{shown}")
        lines += ["", "route".ljust(62) + "".join(f"{one:>10}" for one in ROLES) + "  statuses"]
        for route in sorted({route for _, route, _ in self.counts}):
            by_role: Counter[str] = Counter()
            statuses: set[int] = set()
            for (role, one, status), times in self.counts.items():
                if one == route:
                    by_role[role] += times
                    statuses.add(status)
            shown = "".join(f"{by_role[role]:10}" for role in ROLES)
            lines.append(f"{route[:61]:62}{shown}  {_listed(statuses)}")
        return lines

    def server_errors(self) -> Mapping[Row, int]:
        """Answers that should not be; 501 is HTTP's own to an encoding that nobody has."""
        return {
            row: times
            for row, times in self.counts.items()
            if row[2] >= SERVER_ERROR and row[2] != UNKNOWN_ENCODING
        }

    def _classes(self, role: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for (one, _, status), times in self.counts.items():
            if role in (one, "all"):
                found[f"{status // 100}xx" if status else "closed"] += times
        return found


def _listed(statuses: Iterable[int]) -> str:
    return " ".join(str(one) if one else "closed" for one in sorted(statuses))


TALLY = Tally()
"""This process's."""
