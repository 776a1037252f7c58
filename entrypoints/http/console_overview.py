"""The console's first page, and the plots."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from application.operations.invariant_check import find_last_check
from application.pages import MAX_PAGE
from application.ports.inbox import InboxState
from domain.errors import NotFound
from domain.safety.reviews import ReviewStatus
from entrypoints.http.answers import Answer
from entrypoints.http.console import HOME, page, shown
from entrypoints.http.console_figures import Figures, overview
from entrypoints.http.routing import Access, Call, Rate, Reader, Routes

routes = Routes("Console")

Theme = Literal["light", "dark"]
_WIDTHS: Final = {"wide": 640, "narrow": 320}
"""Pixels: what is drawn for a desktop cannot be read on a phone."""
_SVG_HEADERS: Final = {
    # Inside an image nothing runs or loads; this is for whoever opens one by itself.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


class PlotQuery(Struct, frozen=True):
    """On which background the plot is to be read."""

    theme: Annotated[Theme, Meta(description="The page's.")] = "light"
    size: Literal["wide", "narrow"] = "wide"


@page(routes, HOME)
async def get_console(call: Reader) -> Answer:
    """How things are: figures of the last days, and what waits for a person."""
    services = call.services
    figures = await overview(call)
    parked = await services.list_store_events(state=InboxState.PARKED, limit=MAX_PAGE, cursor=None)
    flags = await services.list_flags(status=ReviewStatus.OPEN, limit=MAX_PAGE, cursor=None)
    reports = await services.list_reports(status=ReviewStatus.OPEN, limit=MAX_PAGE, cursor=None)
    failed = 0
    for name in services.run_job.jobs:
        latest = await services.job_runs.list(job=name, limit=1)
        failed += bool(latest and latest[0].error)
    return shown(
        call,
        "overview.html",
        today=figures.today,
        waiting={
            ("Parked messages", "/admin/inbox?state=parked"): _count(parked.items),
            ("Parked errands", "/admin/errands"): _count(await services.list_errands()),
            ("Open flags", "/admin/moderation?status=open"): _count(flags.items),
            ("Open reports", "/admin/reports?status=open"): _count(reports.items),
            ("Failed jobs", "/admin/jobs"): str(failed),
        },
        check=await find_last_check(services.job_runs),
        plots=figures.plots,
        is_recounting=figures.is_recounting,
    )


@routes.add(
    "GET",
    "/admin/plots/<name>",
    access=Access.CONSOLE,
    rate=Rate.STRICT,
    query=PlotQuery,
    is_documented=False,
)
async def get_console_plot(call: Call[None, PlotQuery], name: str) -> Answer:
    """One plot, as an image."""
    found = {f"{one.name}.svg": one for one in (await overview(call)).plots}
    if name not in found:
        raise NotFound("There is no such plot.")
    svg = await asyncio.to_thread(_drawn, found[name], call.query)
    return Answer(svg, headers=_SVG_HEADERS, content_type="image/svg+xml")


def _drawn(figures: Figures, query: PlotQuery) -> bytes:
    from entrypoints.console.plots import plot  # noqa: PLC0415 - only plots need the library

    return plot(
        figures.labels,
        figures.series,
        kind=figures.kind,
        theme=query.theme,
        width=_WIDTHS[query.size],
    )


def _count(items: Sequence[object]) -> str:
    """How many there are, as far as one page of them tells."""
    return str(len(items)) if len(items) < MAX_PAGE else f"{MAX_PAGE} or more"
