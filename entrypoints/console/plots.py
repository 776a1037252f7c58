"""Plots as SVG, drawn on the server; imported when the first one is asked for."""

import re
import sys
from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from typing import Final, Literal

import pygal
from pygal.style import Style

# pygal adds a finder for plug-ins that we have not, of a kind that Python has given up: each import
# of anything, anywhere, would warn of it.
sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, pygal.PluginImportFixer)]

Theme = Literal["light", "dark"]
Kind = Literal["bars", "lines"]
Numbers = Sequence[int | float]

HEIGHT: Final = 260
_FONT: Final = "system-ui, sans-serif"
_SCRIPTS: Final = re.compile(rb"<script.*?</script>", re.DOTALL)
_COLORS: Final = {
    "light": ("#2456a6", "#c2571a", "#2f7d4f", "#8a3ffc", "#a2191f", "#5c6b73", "#9a7400"),
    "dark": ("#7db0ff", "#ff9e64", "#7fd8a0", "#c9a6ff", "#ff8389", "#b6c2c9", "#e6c34a"),
}
_INK: Final = {"light": "#1b2126", "dark": "#e7ecef"}
_LINES: Final = {"light": "#d4dadf", "dark": "#3a444c"}
_PIXELS_A_LABEL: Final = 80
_PIXELS_A_NAME: Final = 160
_PIXELS_A_LETTER: Final = 8
_MOST_STEPS: Final = 5


def plot(
    labels: Sequence[str],
    series: Mapping[str, Numbers],
    *,
    kind: Kind = "bars",
    theme: Theme = "light",
    width: int = 640,
) -> bytes:
    """The figures over ``labels``, ``width`` by ``HEIGHT`` pixels large; bars are stacked."""
    shown = {name: list(values) for name, values in series.items() if any(values)}
    columns = max(1, min(3, width // _PIXELS_A_NAME))
    chart = (pygal.StackedBar if kind == "bars" else pygal.Line)(
        style=_style(theme),
        js=(),
        width=width,
        height=HEIGHT,
        margin=4,
        spacing=6,
        legend_at_bottom=True,
        legend_at_bottom_columns=min(columns, len(shown)) or 1,
        legend_box_size=11,
        truncate_legend=width // columns // _PIXELS_A_LETTER,
        truncate_label=-1,
        show_minor_x_labels=False,
        show_dots=False,
        stroke_style={"width": 2},
        disable_xml_declaration=True,
        show_y_labels=bool(shown),
        show_y_guides=bool(shown),
        no_data_text="Nothing yet",
        value_formatter=_figure,
    )
    chart.x_labels = list(labels)
    step = max(1, ceil(len(labels) * _PIXELS_A_LABEL / width))
    chart.x_labels_major = list(labels)[::step]
    if shown:
        chart.y_labels = _scale(shown, is_stacked=kind == "bars")
    for name, values in shown.items():
        chart.add(name, values)
    drawn = chart.render()
    return _SCRIPTS.sub(b"", drawn if isinstance(drawn, bytes) else drawn.encode())


def _style(theme: Theme) -> Style:
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=_INK[theme],
        foreground_strong=_INK[theme],
        foreground_subtle=_LINES[theme],
        guide_stroke_color=_LINES[theme],
        major_guide_stroke_color=_LINES[theme],
        colors=_COLORS[theme],
        font_family=_FONT,
        label_font_size=12,
        major_label_font_size=12,
        legend_font_size=12,
        no_data_font_size=16,
        opacity=".95",
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def _scale(shown: Mapping[str, Sequence[int | float]], *, is_stacked: bool) -> list[float]:
    """Marks at round numbers, whole ones where all figures are whole."""
    rows = list(zip(*shown.values(), strict=True))
    high = max(sum(max(0, one) for one in row) if is_stacked else max(row) for row in rows)
    low = min(sum(min(0, one) for one in row) if is_stacked else min(row) for row in rows)
    high, low = max(high, 0), min(low, 0)
    rough = (high - low) / _MOST_STEPS
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * part for part in (1, 2, 5, 10) if unit * part >= rough)
    if all(one == int(one) for row in rows for one in row):
        step = max(1, step)
    return [step * number for number in range(floor(low / step), ceil(high / step) + 1)]
