"""A use case is a file: one class called with what it needs, named as the file, and its values.

What the rule calls a use case: a module in ``application/<subject>/`` with a public class whose
instances are called. All others there are helpers that use cases share (a turn's opener, how a
wallet is changed), and so are the few in CALLED_HELPERS. A use case may import helpers, but never
another use case: two that need the same share a helper.
"""

from pathlib import Path

import pytest

from tests.architecture.source import (
    SUBJECTS,
    classes,
    functions,
    imported_modules,
    is_called,
    is_value,
    name_of,
    python_files,
)

CALLED_HELPERS = {
    "application/chat/turn_settlement.py",  # how a turn ends, however it was begun
    "application/chat/turn_work.py",  # what the runner runs for each turn
}
MODULES = python_files(*(f"application/{subject}" for subject in SUBJECTS))
CALLED = [path for path in MODULES if any(is_called(node) for node in classes(path))]
USE_CASES = [path for path in CALLED if name_of(path) not in CALLED_HELPERS]


def test_there_are_use_cases() -> None:
    assert len(USE_CASES) > 10


def test_each_exemption_is_needed() -> None:
    assert {name_of(path) for path in CALLED} - {name_of(p) for p in USE_CASES} == CALLED_HELPERS


def test_application_has_no_folder_but_subjects_and_ports() -> None:
    folders = {path.parent.name for path in python_files("application")}
    assert folders <= {"application", "ports", *SUBJECTS}


@pytest.mark.parametrize("path", USE_CASES, ids=name_of)
def test_use_case_has_one_public_class_beside_its_values(path: Path) -> None:
    expected = "".join(word.capitalize() for word in path.stem.split("_"))
    acting = [node.name for node in classes(path) if is_called(node) or not is_value(node)]
    assert acting == [expected]


@pytest.mark.parametrize("path", USE_CASES, ids=name_of)
def test_use_case_has_no_public_function_beside_its_class(path: Path) -> None:
    assert list(functions(path)) == []


def test_use_cases_do_not_import_each_other() -> None:
    names = {name_of(path).removesuffix(".py").replace("/", ".") for path in USE_CASES}
    calls = [
        f"{name_of(path)} imports {name}"
        for path in MODULES
        for name in imported_modules(path) & names
    ]
    assert calls == []
