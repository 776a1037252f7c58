"""Migrations run while the release before still serves: what would lock or break it is known."""

import json
import runpy
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.deploy.tools import ROOT, run

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("0*.py"))[5:]
"""From 0006 on: those before it made the first tables, which nobody used yet."""
HARMLESS = {
    "prefer-bigint-over-int",  # counts and versions, never ids
    "prefer-bigint-over-smallint",
    "prefer-robust-stmts",  # one transaction, or (online) made to be repeated, which is tested
    "prefer-text-field",
    "require-lock-timeout",  # an operator sets it in the URL's options
    "require-statement-timeout",
}
KNOWN = {
    # The constraint that it drops is its own: proof that no row is without, for SET NOT NULL.
    "0006": {"ban-drop-constraint"},
    # job_runs_job_slot_key gives way to the index job_runs_tick, which is there already; the
    # release before writes with ON CONFLICT DO NOTHING, naming neither.
    "0007": {"ban-drop-constraint"},
}


def findings(path: Path, folder: Path) -> set[str]:
    """The rules that a migration breaks: what ``run_online`` runs is linted as what it is."""
    constants = {name: value for name, value in runpy.run_path(str(path)).items() if name.isupper()}
    online = constants.pop("ONLINE", ())
    parts = [text for name, text in constants.items() if isinstance(text, str) and name != "DOWN"]
    assert parts, "a migration is SQL in constants"
    return linted(parts, folder / f"{path.stem}.sql", "--assume-in-transaction") | linted(
        online, folder / f"{path.stem}-online.sql"
    )


def linted(parts: Iterable[str], file: Path, *options: str) -> set[str]:
    file.write_text("\n".join(f"{part.strip().rstrip(';')};" for part in parts))
    done = run("squawk", "--pg-version", "16", *options, "--reporter", "Json", str(file))
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


def test_so_is_what_would_be_right_outside_a_transaction_only(tmp_path: Path) -> None:
    statement = "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_again ON users (id)"
    path = tmp_path / "0099_one.py"
    path.write_text(f'UP = "SELECT 1; {statement}"')
    rule = "ban-concurrent-index-creation-in-transaction"
    assert findings(path, tmp_path) - HARMLESS == {rule}
    path.write_text(f'ONLINE = ("{statement}",)\nUP = "SELECT 1"')
    assert findings(path, tmp_path) - HARMLESS == set()
