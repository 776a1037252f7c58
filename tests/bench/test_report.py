"""How figures are shown and kept."""

import json
from pathlib import Path

import pytest

from bench import report
from bench.figures import Figure, Goal, Options, compare, missing


@pytest.fixture
def figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results")
    return [
        compare(
            "turns per CPU second",
            "/s",
            [1500.0, 1600.0],
            "bare",
            [500.0, 400.0],
            goal=Goal(least=2),
            headline=True,
        ),
        compare("turns in vain", "/s", [1.0], "bare", [2.0], goal=Goal(least=2)),
        missing("turns, forwarded", "/s", "LiteLLM", "not installed", Goal(least=4)),
    ]


def test_the_table_has_a_line_for_each_figure_and_its_note_below(figures: list[Figure]) -> None:
    parts = {"turn": figures[:2], "peers": figures[2:]}
    head, _, turn, first, second, _, peers, third, note = report.table(parts).splitlines()
    assert head.split() == ["figure", "ours", "peer", "ratio", "range", "goal"]
    assert (turn, peers) == ("turn", "peers")
    assert "1,550 /s" in first
    assert "450 bare" in first
    assert "3.5" in first
    assert "3 to 4" in first
    assert first.endswith("reached")
    assert "NOT" not in first
    assert second.endswith("NOT reached")
    assert third.endswith(">= 4")
    assert note.strip() == "not installed"


def test_the_summary_names_the_goals_that_are_missed(figures: list[Figure]) -> None:
    assert report.summary(figures).splitlines() == [
        "1 of 2 goals reached; not:",
        "  turns in vain, beside bare: 0.5, not >= 2",
    ]
    assert report.summary(figures[:1]) == "1 of 1 goals reached"
    assert report.summary(figures[2:]) == "no goals among these"


def test_the_readme_has_the_headlines_only(figures: list[Figure]) -> None:
    assert report.readme_rows(figures).splitlines() == [
        "| measured | ours | beside | ratio (range) | goal |",
        "|---|---|---|---|---|",
        "| turns per CPU second | 1,550 /s | bare: 450 | 3.5 (3 to 4) | ≥ 2 |",
    ]


def test_the_readme_says_when_and_on_what(figures: list[Figure]) -> None:
    machine = {"cores": 2, "processor": "Slow 1", "python": "3.11.7"}
    path = report.keep("turn", figures, Options(), seconds=1.0, on=machine)
    note = report.readme_note(report.load(path))
    assert note.startswith("Medians of 5 alternating rounds")
    assert note.endswith("2 cores (Slow 1), Python 3.11.7.")
    assert report.readme_note({}) == ""


def test_what_is_kept_comes_back_and_leaves_other_parts_alone(figures: list[Figure]) -> None:
    machine = report.machine()
    report.keep("turn", figures, Options(), seconds=1.0, on=machine)
    path = report.keep("search", figures[:1], Options(), seconds=2.0, on=machine)
    kept = report.load(path)
    assert report.figures_of(kept["turn"]) == figures
    assert report.figures_of(kept["search"]) == figures[:1]
    assert kept["turn"]["rounds"] == 5
    assert kept["turn"]["machine"]["cores"] >= 1
    reached = [one["reached"] for one in kept["turn"]["figures"]]
    assert reached == [True, False, None]


def test_a_quick_run_overwrites_no_real_one(figures: list[Figure]) -> None:
    path = report.keep("turn", figures, Options(), seconds=1.0, on={})
    before = path.read_text()
    other = report.keep("turn", figures[:1], Options(quick=True), seconds=1.0, on={})
    assert path.read_text() == before
    assert len(json.loads(other.read_text())["turn"]["figures"]) == 1
