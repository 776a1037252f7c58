"""``make mutants``: break the rules on money and safety bit by bit, and see who notices.

``python -m tests.mutation [--workers N] [PATTERN ...]``, from the project. mutmut makes the
mutants, all anew, in the folder ``mutants``; tests/mutants.md says what for. Exit code 0 when
those that no test noticed are those of tests/mutants.txt, 1 when not, 2 when nothing was tried.
"""

import argparse
import contextlib
import io
import os
import shutil
import sys
from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from mutmut.__main__ import create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.utils import file_utils

from tests.mutation.explained import EXPLAINED, complaints
from tests.mutation.trials import Trials, say

MUTANTS = Path("mutants")


def main(arguments: Sequence[str]) -> int:
    """Try the mutants that are asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--workers", type=int, default=2, help="mutants that are tried at once")
    parser.add_argument("patterns", nargs="*", default=["*"], help="such as 'domain.holds*'")
    asked = parser.parse_args(arguments)
    workers = max(asked.workers, 1)
    explained = _matching(EXPLAINED.read_text().split(), asked.patterns)
    # The same examples each time: whether a mutant is noticed must not depend on luck.
    os.environ["HYPOTHESIS_PROFILE"] = "repeatable"
    _make(workers)
    made: dict[str, Sequence[str]] = {}
    for path in sorted(file_utils.walk_mutatable_files()):
        file = SourceFileMutationData(path=path)
        file.load()
        if names := _matching(file.exit_code_by_key, asked.patterns):
            made[path.with_suffix("").as_posix().removeprefix("domain/")] = names
    if not made:
        say(f"No mutant is called {' or '.join(asked.patterns)}.")
        return 2
    say(f"{sum(map(len, made.values()))} mutants. First, what each test goes through ...")
    trials = Trials(made, workers)
    chosen = [*config().pytest_add_cli_args, *config().pytest_add_cli_args_test_selection]
    os.chdir(MUTANTS)
    # Nobody reads why a test failed, and to tell it costs more than the test.
    quietly = ["-qq", "-s", "--assert=plain", "--tb=native"]
    if pytest.main([*quietly, *chosen], plugins=[trials]):
        return 2
    wrong = complaints(trials.left, explained)
    say(*(f"left: {name}" for name in trials.left), *wrong)
    return 1 if wrong else 0


def _make(workers: int) -> None:
    """As ``mutmut run`` begins, which goes on to try them. What is imported now are mutants."""
    shutil.rmtree(MUTANTS, ignore_errors=True)
    MUTANTS.mkdir()
    set_mutant_under_test("mutant_generation")
    with contextlib.redirect_stdout(io.StringIO()):
        file_utils.copy_src_dir()
        file_utils.copy_also_copy_files()
        file_utils.setup_source_paths()
        create_mutants(workers)
    set_mutant_under_test("")


def _matching(names: Collection[str], patterns: Sequence[str]) -> Sequence[str]:
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
