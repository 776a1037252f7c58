"""Each feature that QA writes is bound to steps, and each binding has its feature."""

import ast
from pathlib import Path

import pytest

from tests.architecture.source import (
    ROOT,
    SUBJECTS,
    decorator_names,
    name_of,
    python_files,
    tree_of,
)

FEATURES = sorted((ROOT / "features").rglob("*.feature"))
STEPS = ROOT / "tests" / "features"


def test_there_are_features() -> None:
    assert FEATURES


@pytest.mark.parametrize("feature", FEATURES, ids=name_of)
def test_feature_lies_in_the_folder_of_a_subject(feature: Path) -> None:
    assert feature.parent.name in SUBJECTS
    assert feature.parent.parent == ROOT / "features"


@pytest.mark.parametrize("feature", FEATURES, ids=name_of)
def test_feature_has_its_step_module(feature: Path) -> None:
    name = f"test_{feature.stem}.py"
    modules = [STEPS / name, STEPS / feature.parent.name / name]
    module = next((path for path in modules if path.is_file()), None)
    assert module is not None, f"no {name}"
    assert f"{feature.parent.name}/{feature.name}" in module.read_text()


def test_each_step_module_has_its_feature() -> None:
    modules = {path.stem.removeprefix("test_") for path in STEPS.rglob("test_*.py")}
    assert modules == {feature.stem for feature in FEATURES}


def test_steps_are_synchronous() -> None:
    """The plug-in never awaits an ``async def`` step, so a false assertion in one passes."""
    asynchronous = [
        f"{name_of(path)}: {node.name}"
        for path in python_files("tests/features")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.AsyncFunctionDef)
        and decorator_names(node) & {"given", "when", "then", "step", "scenario"}
    ]
    assert asynchronous == []
