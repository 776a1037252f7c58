"""What the console's first page shows in figures and plots."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Literal

from attrs import Factory, frozen

from entrypoints.http.routing import Call

_DAYS: Final = 30


@frozen
class Figures:
    """What one plot shows, also as a table."""

    name: str
    title: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[int | float]] = Factory(dict)
    kind: Literal["bars", "lines"] = "bars"


@frozen
class Overview:
    """The figures of today, and plots of the last days."""

    today: Mapping[str, int]
    plots: tuple[Figures, ...]
    is_recounting: bool = False
    """Whether figures are being counted anew, and may be too small for now."""


async def overview(call: Call[Any, Any]) -> Overview:
    """The last 30 days, today included (UTC)."""
    last = call.services.clock.now().date()
    first = last - timedelta(days=_DAYS - 1)
    counted = (await call.services.get_counters(first=first, last=last)).days
    days = [first + timedelta(days=number) for number in range(_DAYS)]
    kinds = sorted({kind for counts in counted.values() for kind in counts})
    plot = Figures(
        "safety",
        "Safety",
        [day.strftime("%d %b") for day in days],
        {
            kind.replace("_", " "): [counted.get(day, {}).get(kind, 0) for day in days]
            for kind in kinds
        },
    )
    return Overview({}, (plot,))
