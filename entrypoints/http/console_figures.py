"""What the console's first page shows in figures and plots."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Literal

from attrs import Factory, frozen

from domain.analytics_report import Analytics, DayReport
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
    today = call.services.clock.now().date()
    found: Analytics = await call.services.get_analytics(
        first=today - timedelta(days=_DAYS - 1), last=today
    )
    return Overview(_today(found.days[-1]), _plots(found), found.is_recounting)


def _today(day: DayReport) -> dict[str, int]:
    return {
        "Active people": day.active_users,
        "New accounts": day.new_users,
        "Turns": sum(day.turns.values()),
        "Credits granted": sum(flow.granted for flow in day.credits),
        "Credits spent": sum(flow.spent for flow in day.credits),
        "Credits clawed back": sum(flow.clawed_back for flow in day.credits),
        "Payments": sum(one.payments for one in day.revenue),
    }


def _plots(analytics: Analytics) -> tuple[Figures, ...]:
    days = analytics.days
    labels = [day.day.strftime("%d %b") for day in days]
    turns = ("completed", "answered", "stopped", "failed")
    currencies = sorted({one.currency for day in days for one in day.revenue})
    kinds = sorted({kind for day in days for kind in day.safety})
    return (
        Figures(
            "people",
            "People",
            labels,
            {
                "Active": [day.active_users for day in days],
                "New": [day.new_users for day in days],
                "First payment": [day.new_payers for day in days],
            },
            "lines",
        ),
        Figures(
            "turns",
            "Turns",
            labels,
            {name.capitalize(): [day.turns.get(name, 0) for day in days] for name in turns},
        ),
        Figures(
            "credits",
            "Credits",
            labels,
            {
                "Granted": [sum(one.granted for one in day.credits) for day in days],
                "Spent": [sum(one.spent for one in day.credits) for day in days],
                "Clawed back": [sum(one.clawed_back for one in day.credits) for day in days],
            },
            "lines",
        ),
        Figures(
            "revenue",
            "Revenue, less refunds",
            labels,
            {
                currency: [
                    sum(one.amount - one.refunds for one in day.revenue if one.currency == currency)
                    / 100
                    for day in days
                ]
                for currency in currencies
            },
        ),
        Figures(
            "safety",
            "Safety",
            labels,
            {kind.replace("_", " "): [day.safety.get(kind, 0) for day in days] for kind in kinds},
        ),
    )
