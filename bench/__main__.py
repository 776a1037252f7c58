"""``make bench``: every measurement in one run, as a table and as JSON.

``python -m bench [--quick] [--only NAME ...] [--readme]``. Exit code 0 when all was measured, even
if a goal was missed: the table says so. 1 when a part could not be measured.
"""

import argparse
import importlib
import signal
import sys
import time
import traceback
from collections.abc import Sequence

from bench import report
from bench.figures import Figure, Options

PARTS: dict[str, str] = {
    "turn": "bench.turn",
    "latency": "bench.latency",
    "charges": "bench.charges",
    "search": "bench.search",
    "open_streams": "bench.open_streams",
}
"""Each part's module, in the order of running; it has ``measure(options) -> list[Figure]``."""


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the product.")
    parser.add_argument("--quick", action="store_true", help="try it: figures that mean little")
    parser.add_argument("--only", action="append", choices=list(PARTS), help="one part")
    parser.add_argument("--readme", action="store_true", help="show what was kept, as Markdown")
    asked = parser.parse_args(arguments)
    # Whoever is asked to end takes the servers along that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    options = Options(quick=asked.quick)
    if asked.readme:
        print(report.readme_rows(_kept(options)))
        return 0
    failed = [name for name in asked.only or PARTS if not _measure(name, options)]
    if failed:
        print(f"\nNot measured, see above: {', '.join(failed)}")
    return 1 if failed else 0


def _measure(name: str, options: Options) -> bool:
    """Measure one part, show and keep it; whether that went well."""
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    try:
        figures = importlib.import_module(PARTS[name]).measure(options)
    except Exception:  # noqa: BLE001 - the other parts are measured all the same
        traceback.print_exc()
        return False
    seconds = time.monotonic() - started
    path = report.keep(name, figures, options, seconds)
    print(f"\n{report.table(figures)}\n({seconds:.0f} s, kept in {path})", flush=True)
    return True


def _kept(options: Options) -> list[Figure]:
    kept = report.load(report.results_file(options))
    return [figure for name in PARTS if name in kept for figure in report.figures_of(kept[name])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
