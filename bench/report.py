"""How figures are shown and kept: a table for the terminal, rows for the README, JSON."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

from bench.figures import Figure, Goal, Options

RESULTS = Path("bench/results")
HEADS = ("figure", "ours", "peer", "ratio", "range", "goal", "")
README_HEADS = ("measured", "ours", "beside", "ratio (range)", "goal")


def number(value: float | None) -> str:
    """Three digits that matter, and a dash for what was not measured."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits


def verdict(figure: Figure) -> str:
    """Whether the goal is reached, in a word."""
    return {True: "reached", False: "NOT reached", None: ""}[figure.reached]


def table(parts: Mapping[str, Sequence[Figure]]) -> str:
    """The figures of each part as lines of columns, a note below what it belongs to."""
    rows = {name: [_cells(figure) for figure in figures] for name, figures in parts.items()}
    every = [HEADS, *(row for its in rows.values() for row in its)]
    widths = [max(len(row[place]) for row in every) for place in range(len(HEADS))]
    lines = [_line(HEADS, widths)]
    for name, figures in parts.items():
        lines += ["", name]
        for row, figure in zip(rows[name], figures, strict=True):
            lines.append(_line(row, widths))
            if figure.note:
                lines.append(f"    {figure.note}")
    return "\n".join(lines)


def summary(figures: Sequence[Figure]) -> str:
    """How many goals are reached, and which are not."""
    judged = [figure for figure in figures if figure.reached is not None]
    if not judged:
        return "no goals among these"
    missed = [
        f"  {figure.name}, beside {figure.peer_name}: {number(figure.ratio)}, not {figure.goal}"
        for figure in judged
        if not figure.reached
    ]
    first = f"{len(judged) - len(missed)} of {len(judged)} goals reached"
    return "\n".join([f"{first}; not:" if missed else first, *missed])


def readme_rows(figures: Sequence[Figure]) -> str:
    """The headline figures as a Markdown table."""
    lines = ["| " + " | ".join(README_HEADS) + " |", "|" + "---|" * len(README_HEADS)]
    for figure in figures:
        if figure.headline:
            ratio = (
                f"{number(figure.ratio)} ({_range(figure)})" if figure.ratio is not None else "-"
            )
            cells = (
                figure.name,
                f"{number(figure.ours)} {figure.unit}".rstrip(),
                f"{figure.peer_name}: {number(figure.peer)}" if figure.peer_name else "",
                ratio,
                str(figure.goal).replace(">=", "≥").replace("<=", "≤"),
            )
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def readme_note(kept: Mapping[str, Any]) -> str:
    """When and on what the parts were measured, for below the rows; empty if nothing was."""
    if not kept:
        return ""
    days = sorted({datetime.fromisoformat(part["measured_at"]).date() for part in kept.values()})
    said = " and ".join(f"{day.day} {day:%B %Y}" for day in days)
    last = list(kept.values())[-1]
    on = last["machine"]
    return (
        f"Medians of {last['rounds']} alternating rounds and the range of their ratios, {said},"
        f" {on['cores']} cores ({on['processor']}), Python {on['python']}."
    )


def keep(
    part: str,
    figures: Sequence[Figure],
    options: Options,
    *,
    seconds: float,
    on: Mapping[str, Any],
) -> Path:
    """Write a part's figures beside those of other parts; the file.

    ``on`` is the ``machine`` as it was when the part began. Figures of a quick run go to a file of
    their own, so that trying overwrites nothing.
    """
    path = results_file(options)
    path.parent.mkdir(exist_ok=True)
    parts = load(path)
    parts[part] = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "rounds": options.rounds,
        "machine": dict(on),
        "figures": [_as_json(figure) for figure in figures],
    }
    path.write_text(json.dumps(parts, indent=2) + "\n", encoding="utf-8")
    return path


def results_file(options: Options) -> Path:
    """Where figures are kept."""
    return RESULTS / ("bench-quick.json" if options.quick else "bench.json")


def load(path: Path) -> dict[str, Any]:
    """What was kept: a part's figures and when they were measured, by the part's name."""
    if not path.exists():
        return {}
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def figures_of(kept: Mapping[str, Any]) -> list[Figure]:
    """The figures of one part as they were when they were written."""
    return [
        Figure(**{**one, "goal": Goal(**one["goal"])})
        for one in (
            {name: value for name, value in line.items() if name != "reached"}
            for line in kept["figures"]
        )
    ]


def machine() -> dict[str, Any]:
    """What is measured on, and how busy it has been in the last 1, 5 and 15 minutes."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "load_average": [round(load, 2) for load in os.getloadavg()],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def _as_json(figure: Figure) -> dict[str, Any]:
    return {**attrs.asdict(figure), "reached": figure.reached}


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        f"  {figure.name}",
        f"{number(figure.ours)} {figure.unit}".rstrip(),
        f"{number(figure.peer)} {figure.peer_name}" if figure.peer_name else "",
        number(figure.ratio),
        _range(figure),
        str(figure.goal),
        verdict(figure),
    )


def _range(figure: Figure) -> str:
    return "" if figure.low is None else f"{number(figure.low)} to {number(figure.high)}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()
