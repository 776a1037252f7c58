"""``make bench``: every measurement in one run, as a table and as JSON.

``python -m bench [--quick] [--only NAME ...] [--kept] [--readme]``. Exit code 0 when all was
measured, even if a goal was missed: the table says so. 1 when a part could not be measured.
"""

import argparse
import importlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Mapping, Sequence

from bench import report
from bench.figures import Figure, Options

PARTS: dict[str, str] = {
    "turn": "bench.turn",
    "latency": "bench.latency",
    "charges": "bench.charges",
    "search": "bench.search",
    "open_streams": "bench.open_streams",
    "growth": "bench.growth",
}
"""Each part's module, in the order of running; it has ``measure(options) -> list[Figure]``."""


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the product.")
    parser.add_argument("--quick", action="store_true", help="try it: figures that mean little")
    parser.add_argument("--only", action="append", choices=list(PARTS), help="one part")
    parser.add_argument("--kept", action="store_true", help="measure nothing, show what was kept")
    parser.add_argument("--readme", action="store_true", help="the same as rows for the README")
    asked = parser.parse_args(arguments)
    # Whoever is asked to end takes the servers along that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    options = Options(quick=asked.quick)
    names = [name for name in PARTS if name in (asked.only or PARTS)]
    if asked.readme or asked.kept:
        read = report.load(report.results_file(options))
        kept = {name: read[name] for name in names if name in read}
        parts = {name: report.figures_of(part) for name, part in kept.items()}
        if asked.kept:
            print(f"{report.table(parts)}\n\n{report.summary(_all(parts))}")
        if asked.readme:
            print(f"{report.readme_rows(_all(parts))}\n\n{report.readme_note(kept)}")
        return 0
    _warn_if_busy()
    measured = {name: _measure(name, options) for name in names}
    parts = {name: figures for name, figures in measured.items() if figures is not None}
    print(f"\n{report.table(parts)}\n\n{report.summary(_all(parts))}")
    print(f"All of it is in {report.results_file(options)}.")
    failed = [name for name in names if name not in parts]
    if failed:
        print(f"Could not be measured, see above: {', '.join(failed)}")
    return 1 if failed else 0


def _warn_if_busy() -> None:
    busy, cores = os.getloadavg()[0], os.cpu_count() or 1
    if busy > cores / 2:
        print(f"Something else runs here (load {busy:.1f}, {cores} cores): expect wide ranges.")


def _measure(name: str, options: Options) -> list[Figure] | None:
    """Measure one part and keep its figures; None when that went wrong."""
    print(f"\n== {name}", flush=True)
    machine, started = report.machine(), time.monotonic()
    try:
        figures: list[Figure] = importlib.import_module(PARTS[name]).measure(options)
    except Exception:  # noqa: BLE001 - the other parts are measured all the same
        traceback.print_exc()
        return None
    seconds = time.monotonic() - started
    report.keep(name, figures, options, seconds=seconds, on=machine)
    print(f"   ({seconds:.0f} s)", flush=True)
    return figures


def _all(parts: Mapping[str, Sequence[Figure]]) -> list[Figure]:
    return [figure for figures in parts.values() for figure in figures]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
