"""The one command: its parts, what it prints, and its exit code."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bench import __main__ as command
from bench import report
from bench.figures import Figure, Goal, Options, compare

PARTS = dict(command.PARTS)


def _part(name: str, monkeypatch: pytest.MonkeyPatch, *, broken: bool = False) -> None:
    module = ModuleType(f"bench_part_{name}")

    def measure(options: Options) -> list[Figure]:
        if broken:
            raise RuntimeError(name)
        peers = [2.0] * options.rounds
        ours = [1.0] * options.rounds
        goal = Goal(least=2)
        return [compare(f"{name} figure", "/s", ours, "peer", peers, goal=goal, headline=True)]

    module.measure = measure  # type: ignore[attr-defined]  # made here, of nothing
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(command.PARTS, name, module.__name__)


@pytest.fixture(autouse=True)
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(command, "PARTS", {})
    monkeypatch.setattr("signal.signal", lambda *_: None)
    _part("one", monkeypatch)
    _part("two", monkeypatch)


def test_all_parts_are_measured_shown_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([]) == 0
    said = capsys.readouterr().out
    assert "one figure" in said
    assert "two figure" in said
    assert "0 of 2 goals reached" in said
    assert set(report.load(tmp_path / "bench.json")) == {"one", "two"}


def test_a_part_that_breaks_keeps_no_other_from_being_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _part("one", monkeypatch, broken=True)
    assert command.main(["--quick"]) == 1
    said = capsys.readouterr().out
    assert "two figure" in said
    assert said.rstrip().endswith("Could not be measured, see above: one")


def test_one_part_can_be_measured_alone_and_shown_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.main(["--only", "two"]) == 0
    capsys.readouterr()
    assert command.main(["--kept"]) == 0
    said = capsys.readouterr().out
    assert "two figure" in said
    assert "one figure" not in said
    assert command.main(["--readme"]) == 0
    assert "| two figure | 1 /s | peer: 2 | 0.5 (0.5 to 0.5) | ≥ 2 |" in capsys.readouterr().out


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(SystemExit):
        command.main(["--only", "three"])


def test_every_part_that_the_command_names_can_be_measured() -> None:
    assert PARTS
    for module in PARTS.values():
        assert callable(importlib.import_module(module).measure)
