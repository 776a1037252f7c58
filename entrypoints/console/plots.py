"""Plots as SVG, drawn on the server; imported when the first one is asked for."""

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import pygal
from pygal.style import Style

# pygal adds a finder for plug-ins that we have not, of a kind that Python has given up: each import
# of anything, anywhere, would warn of it.
sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, pygal.PluginImportFixer)]

Theme = Literal["light", "dark"]
Kind = Literal["bars", "lines"]

_FONT: Final = "system-ui, sans-serif"
_SCRIPTS: Final = re.compile(rb"<script.*?</script>", re.DOTALL)
_COLORS: Final = {
    "light": ("#2456a6", "#b3541e", "#2f7d4f", "#8a3ffc", "#a2191f", "#5c6b73", "#9a7400"),
    "dark": ("#7db0ff", "#ff9e64", "#7fd8a0", "#c9a6ff", "#ff8389", "#b6c2c9", "#e6c34a"),
}
_INK: Final = {"light": "#1b2126", "dark": "#e7ecef"}
_LINES: Final = {"light": "#d4dadf", "dark": "#3a444c"}
_MOST_LABELS: Final = 7


def plot(
    labels: Sequence[str],
    series: Mapping[str, Sequence[int | float]],
    *,
    kind: Kind = "bars",
    theme: Theme = "light",
) -> bytes:
    """The figures over ``labels``; bars are stacked. Made to be shown 640 by 260 pixels large."""
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground=_INK[theme],
        foreground_strong=_INK[theme],
        foreground_subtle=_LINES[theme],
        guide_stroke_color=_LINES[theme],
        major_guide_stroke_color=_LINES[theme],
        colors=_COLORS[theme],
        font_family=_FONT,
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=13,
        no_data_font_size=18,
        opacity=".95",
    )
    chart = (pygal.StackedBar if kind == "bars" else pygal.Line)(
        style=style,
        js=(),
        width=640,
        height=260,
        margin=6,
        spacing=4,
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
        legend_box_size=11,
        show_legend=len(series) > 1,
        truncate_legend=24,
        show_minor_x_labels=False,
        show_dots=False,
        stroke_style={"width": 2},
        include_x_axis=True,
        disable_xml_declaration=True,
        no_data_text="Nothing yet",
        value_formatter=lambda value: f"{value:,.0f}" if value == int(value) else f"{value:,.2f}",
    )
    chart.x_labels = list(labels)
    step = -(-len(labels) // _MOST_LABELS) or 1
    chart.x_labels_major = list(labels)[::step]
    for name, values in series.items():
        if any(values):
            chart.add(name, list(values))
    drawn = chart.render()
    return _SCRIPTS.sub(b"", drawn if isinstance(drawn, bytes) else drawn.encode())
