"""The core knows nothing but itself, and the domain neither waits nor looks at a clock."""

import ast
import sys
from collections.abc import Callable

import pytest

from tests.architecture.source import imported_modules, name_of, python_files, tree_of

ATTRS = {"attr", "attrs"}
OWN = {"domain": {"domain"}, "application": {"domain", "application"}}
IMPURE = {
    "asyncio",
    "concurrent",
    "http",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
}
CLOCK_METHODS = {"now", "utcnow", "today"}
RANDOM_IDS = {"uuid.uuid1", "uuid.uuid4", "uuid.uuid7"}


@pytest.mark.parametrize("ring", OWN)
def test_core_imports_only_itself_the_standard_library_and_attrs(ring: str) -> None:
    allowed = sys.stdlib_module_names | ATTRS | OWN[ring]
    strangers = [
        f"{name_of(path)} imports {name}"
        for path in python_files(ring)
        for name in imported_modules(path)
        if name.split(".")[0] not in allowed
    ]
    assert strangers == []


def test_domain_does_no_input_or_output() -> None:
    impure = [
        f"{name_of(path)} imports {name}"
        for path in python_files("domain")
        for name in imported_modules(path)
        if name.split(".")[0] in IMPURE or name in RANDOM_IDS
    ]
    assert impure == []


def test_domain_is_not_asynchronous() -> None:
    waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    assert _found(lambda node: isinstance(node, waits)) == []


def test_domain_is_told_the_time() -> None:
    def asks_the_clock(node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CLOCK_METHODS
            and ast.unparse(node.func.value) in {"datetime", "date", "datetime.datetime"}
        )

    assert _found(asks_the_clock) == []


def _found(is_wrong: Callable[[ast.AST], bool]) -> list[str]:
    return [
        f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
        for path in python_files("domain")
        for node in ast.walk(tree_of(path))
        if is_wrong(node)
    ]
