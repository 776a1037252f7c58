"""What is installed is pinned, hashed, and what the code says it uses."""

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.source import RINGS, ROOT, imported_modules, name_of, python_files

REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))
PINNED = re.compile(r"(?P<name>[a-z0-9.-]+)==[^ ]+( ; [^\\]+)?( --hash=sha256:[0-9a-f]{64})+")
OWN = {*RINGS, "migrations"}


def _logical_lines(lock: Path) -> list[str]:
    joined = lock.read_text().replace("\\\n", " ")
    lines = (re.sub(r" +", " ", line).strip() for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _pins(name: str) -> dict[str, str]:
    lines = _logical_lines(REQUIREMENTS / name)
    return {line.split("==")[0]: line.split()[0] for line in lines}


def _declared(name: str) -> set[str]:
    lines = (REQUIREMENTS / name).read_text().splitlines()
    return {
        re.split(r"[\[<>=;]", line)[0].strip()
        for line in lines
        if line and not line.startswith(("#", "-"))
    }


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_each_package_is_pinned_and_hashed_and_nothing_else_is_said(lock: Path) -> None:
    assert [line for line in _logical_lines(lock) if not PINNED.fullmatch(line)] == []


@pytest.mark.parametrize("name", ["runtime", "dev", "model"])
def test_each_declared_package_is_locked(name: str) -> None:
    assert _declared(f"{name}.in") - _pins(f"{name}.txt").keys() == set()


def test_tests_run_with_the_versions_that_run_in_production() -> None:
    runtime, dev = _pins("runtime.txt"), _pins("dev.txt")
    assert {dev[name] for name in dev.keys() & runtime.keys()} <= set(runtime.values())


def test_what_the_code_imports_is_declared() -> None:
    """Not left to come along with something else, and not only there for tests."""
    declared = {_canonical(name) for name in _declared("runtime.in") | _declared("model.in")}
    owners = packages_distributions()
    known = sys.stdlib_module_names | OWN
    undeclared = [
        f"{name_of(path)} imports {module}"
        for path in python_files(*RINGS, "migrations")
        for module in {name.split(".")[0] for name in imported_modules(path)} - known
        if not {_canonical(owner) for owner in owners.get(module, [])} & declared
    ]
    assert undeclared == []


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
