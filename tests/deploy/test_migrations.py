"""Migrations run while the release before still serves: what would lock or break it is known."""

import json
import runpy
from pathlib import Path

import pytest

from tests.deploy.tools import ROOT, run

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("0*.py"))[5:]
"""From 0006 on: those before it made the first tables, which nobody used yet."""
HARMLESS = {
    "prefer-bigint-over-int",  # counts and versions, never ids
    "prefer-bigint-over-smallint",
    "prefer-robust-stmts",  # all of a migration is one transaction
    "prefer-text-field",
    "require-lock-timeout",  # an operator sets it in the URL's options
    "require-statement-timeout",
}
KNOWN = {
    # Released while tables were small; each locks one for as long as it is read once.
    "0006": {
        "adding-field-with-default",
        "disallowed-unique-constraint",
        "require-concurrent-index-creation",
    },
    "0007": {"ban-drop-constraint", "require-concurrent-index-creation"},
}


def findings(path: Path, folder: Path) -> set[str]:
    parts = [
        value.strip().rstrip(";") + ";"
        for name, value in runpy.run_path(str(path)).items()
        if name.isupper() and isinstance(value, str) and name != "DOWN"
    ]
    assert parts, "a migration is SQL in constants"
    file = folder / f"{path.stem}.sql"
    file.write_text("\n".join(parts))
    done = run(
        "squawk", "--pg-version", "16", "--assume-in-transaction", "--reporter", "Json", str(file)
    )
    return {one["rule_name"] for one in json.loads(done.stdout)}


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_neither_locks_nor_breaks_more_than_is_known(
    path: Path, tmp_path: Path
) -> None:
    found = findings(path, tmp_path)
    assert "syntax-error" not in found
    assert found - HARMLESS - KNOWN.get(path.name[:4], set()) == set()


def test_what_locks_a_table_is_found(tmp_path: Path) -> None:
    path = tmp_path / "0099_bad.py"
    path.write_text('UP = "ALTER TABLE users ALTER COLUMN id TYPE bigint"')
    assert "changing-column-type" in findings(path, tmp_path)
