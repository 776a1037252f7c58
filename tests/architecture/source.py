"""Where the project's files are, and what stands in them: shared by the tests beside this."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RINGS = ("domain", "application", "adapters", "entrypoints")
SUBJECTS = (
    "accounts",
    "characters",
    "chat",
    "memory",
    "wallet",
    "market",
    "safety",
    "operations",
)
VALUE_DECORATORS = frozenset({"frozen", "define", "mutable"})
VALUE_BASES = frozenset({"Enum", "IntEnum", "StrEnum", "NamedTuple", "TypedDict"})


def python_files(*folders: str) -> list[Path]:
    """All Python files of these folders of the repository, sorted."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    """The path from the repository's root, as tests show it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_modules(path: Path) -> set[str]:
    """Full names of what a file imports, wherever in the file; ``from a import b`` gives a, a.b."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def classes(path: Path) -> Iterator[ast.ClassDef]:
    """The public classes at the top of a file."""
    for node in tree_of(path).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node


def functions(path: Path) -> Iterator[str]:
    """The names of the public functions at the top of a file."""
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
            yield node.name


def base_names(node: ast.ClassDef) -> set[str]:
    """The last names of a class's bases: ``Protocol`` for ``typing.Protocol[T]``."""
    bases = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    return {_last_name(base) for base in bases}


def is_called(node: ast.ClassDef) -> bool:
    """Whether instances of the class are called."""
    return any(
        isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.name == "__call__"
        for part in node.body
    )


def decorator_names(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The last names of what decorates it: ``frozen`` for ``@attrs.frozen(order=True)``."""
    decorators = (one.func if isinstance(one, ast.Call) else one for one in node.decorator_list)
    return {_last_name(one) for one in decorators}


def is_value(node: ast.ClassDef) -> bool:
    """Whether the class only carries facts: of attrs, an enumeration or a named tuple."""
    return bool(decorator_names(node) & VALUE_DECORATORS or base_names(node) & VALUE_BASES)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
