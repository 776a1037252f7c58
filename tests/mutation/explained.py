"""The mutants that nobody has to notice: their names, each explained in tests/mutants.md."""

from collections.abc import Collection
from pathlib import Path

EXPLAINED = Path(__file__).parent.parent / "mutants.txt"


def complaints(left: Collection[str], explained: Collection[str]) -> list[str]:
    """What differs between the mutants that were left and those that are explained."""
    return [
        *(f"no test notices {name}" for name in left if name not in explained),
        *(f"{name} is listed, but noticed or gone" for name in explained if name not in left),
    ]
