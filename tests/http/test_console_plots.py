"""Plots of the console: whatever the figures are, an image comes of them."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrypoints.console.plots import Kind, plot

LABELS = [f"{day:02d} Nov" for day in range(1, 31)]
AMOUNTS = st.integers(-(10**12), 10**12) | st.integers(-500, 500).map(lambda cents: cents / 100)


def texts(svg: bytes) -> list[str]:
    """What can be read in it."""
    shown = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - our own
    return [(one.text or "").strip() for one in shown]


@settings(max_examples=25, deadline=None)
@given(values=st.lists(AMOUNTS, min_size=1, max_size=30), kind=st.sampled_from(["bars", "lines"]))
def test_any_figures_can_be_drawn(values: list[int | float], kind: Kind) -> None:
    drawn = plot(LABELS[: len(values)], {"One": values, "Two": [1] * len(values)}, kind=kind)
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own


@pytest.mark.parametrize("series", [{}, {"Active": [0] * 30}])
def test_no_figures_are_said_to_be_none(series: dict[str, list[int]]) -> None:
    assert "Nothing yet" in texts(plot(LABELS, series))


def test_whole_figures_have_whole_marks() -> None:
    marks = texts(plot(LABELS, {"Turns": [0] * 29 + [2]}))
    assert {"0", "1", "2"} <= set(marks)
    assert not any("." in mark for mark in marks)


def test_names_are_text_and_nothing_runs() -> None:
    drawn = plot(LABELS, {"<script>alert(1)</script>": [1] * 30})
    assert b"<script" not in drawn
    assert re.search(rb"(?:href|src)=.https?:", drawn) is None
