"""``python -m bench.profile [--stream]``: where the processor time of a turn goes.

The server runs under cProfile and is asked as in ``bench.turn``. What each package, or each folder
of ours, used itself is given as a share of all; what it had C functions do counts as its own. A
profile makes Python look slower beside C than it is, so these are shares and no times.
"""

import argparse
import os
import pstats
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import uvloop

from bench.load import run
from bench.processes import companion, first_line, process
from bench.sides import WHOLE, Side, signed_in
from bench.turn import TEXT

SECONDS = 8.0
_ROOT = str(Path(__file__).resolve().parents[1])
_OURS = re.compile(r"(?:domain|application|adapters|entrypoints)/\w+")
_SHOWN = 25
LOOP = "event loop"

Function = tuple[str, int, str]


def group_of(file: str) -> str:
    """What a file belongs to: a folder of ours, a package, or Python itself; empty for C."""
    if file.startswith(("~", "<")):
        return ""
    if "site-packages/" in file:
        return file.split("site-packages/", 1)[1].split("/", 1)[0].removesuffix(".py")
    ours = _OURS.match(file.removeprefix(_ROOT + "/"))
    if ours is not None:
        return ours[0]
    return "Python: " + Path(file).parent.name


def shares(stats: Mapping[Function, Sequence[Any]]) -> Counter[str]:
    """Seconds that each group used itself, by pstats' table; C functions count for who calls."""
    used: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in stats.items():
        group = group_of(file)
        if group or not callers:
            used[group or LOOP] += own
            continue
        for (its_file, _, _), numbers in callers.items():
            used[group_of(its_file) or LOOP] += numbers[2]
    return used


def main() -> int:
    """Profile, and print the groups that used the most."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile")
    parser.add_argument("--stream", action="store_true", help="replies as streams")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="companion-bench-") as folder,
        process(["-m", "bench.model"]) as model,
    ):
        file = Path(folder) / "turns.prof"
        program = ("-m", "bench.profiled", str(file))
        with companion(first_line(model), Path(folder) / "data", program=program) as (
            server,
            at,
            _,
        ):
            side = Side(WHOLE, server.pid, at, "mira", signed_in(at))
            clients = side.clients(TEXT, stream=asked.stream)
            uvloop.run(run(clients, 2.0))
            os.kill(server.pid, signal.SIGUSR1)
            done = uvloop.run(run(clients, SECONDS))
            os.kill(server.pid, signal.SIGUSR2)
            time.sleep(1.0)
        stats = pstats.Stats(str(file))
    table = stats.stats  # type: ignore[attr-defined]  # known to its readers, not to its types
    used = shares(table)
    total = sum(used.values())
    kind = "streams" if asked.stream else "answers"
    print(f"{done.count} {kind}, {1_000 * total / done.count:.2f} ms each under the profiler")
    _show("folders and packages", used, total)
    functions = Counter(
        {f"{Path(file).name}:{line} {name}": row[2] for (file, line, name), row in table.items()}
    )
    _show("single functions", functions, total)
    return 0


def _show(what: str, used: Counter[str], total: float) -> None:
    print(f"\n{what}:")
    for name, seconds in used.most_common(_SHOWN):
        print(f"  {seconds / total:6.1%}  {name}")


if __name__ == "__main__":
    sys.exit(main())
