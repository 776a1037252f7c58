"""What pytest does with the tests that it has collected: each mutant is tried by some of them."""

import gc
import json
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name

from tests.mutation.forks import forked

# A mutant may be slower, and a measurement of milliseconds is none: so much more processor time
# than without it is given. What only waits is ended by pytest's own limit.
TIMES_SLOWER, SECONDS_MORE = 3, 5

Timed = tuple[pytest.Item, float]
"""A test, and the processor seconds that it takes by itself."""


class Trials:
    """A pytest plugin, for mutants by module: a table of them, and in ``left`` who was left."""

    def __init__(self, mutants: Mapping[str, Sequence[str]], workers: int) -> None:
        self._mutants, self._workers = mutants, workers
        self.left: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """In the place of pytest's loop, which still says so if a test could not be imported."""
        if session.testsfailed:
            return None
        # What was imported is never looked at again, so that forks need no copy of it.
        gc.collect()
        gc.freeze()
        through = self._tests_by_function({item.nodeid: item for item in session.items})
        say("| module | mutants | noticed | left |", "|---|---|---|---|")
        for module, names in self._mutants.items():
            jobs = (
                (name, partial(_try, name, through[mangled_name_from_mutant_name(name)]))
                for name in names
            )
            answers = dict(forked(jobs, self._workers))
            left = [name for name in names if answers[name] == "left"]
            self.left += left
            noticed = len(names) - len(left)
            say(f"| `{module}` | {len(names)} | {noticed} | {len(left) or ''} |")
        return True

    def _tests_by_function(self, tests: Mapping[str, pytest.Item]) -> Mapping[str, list[Timed]]:
        """By mangled name, the quickest first.

        Each test in a process of its own: what another one has read and kept would hide calls.
        """
        through = defaultdict[str, list[Timed]](list)
        jobs = ((name, partial(_look, item)) for name, item in tests.items())
        for name, answer in dict(forked(jobs, self._workers)).items():
            if answer is None:
                pytest.exit(f"{name} fails although nothing is changed", returncode=2)
            seconds, *functions = json.loads(answer)
            for function in functions:
                through[function].append((tests[name], seconds))
        for timed in through.values():
            timed.sort(key=lambda test: test[1])
        return through


def _look(item: pytest.Item) -> str:
    state()._stats.clear()  # noqa: SLF001 - mutmut has no other way to tell what was called
    set_mutant_under_test("stats")
    started = time.process_time()
    if not _passes(item):
        raise AssertionError(item.nodeid)
    return json.dumps([time.process_time() - started, *state()._stats])  # noqa: SLF001 - the same


def _try(mutant: str, tests: Sequence[Timed]) -> str:
    """``left`` if all pass; whatever else happens, also to this process, has noticed it."""
    set_mutant_under_test(mutant)
    for item, seconds in tests:
        # Ends the process by itself, also in the middle of a regular expression.
        signal.setitimer(signal.ITIMER_PROF, seconds * TIMES_SLOWER + SECONDS_MORE)
        if not _passes(item):
            return "noticed"
    return "left"


def _passes(item: pytest.Item) -> bool:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
    return not item.session.testsfailed


def say(*lines: str) -> None:
    """Said at once: whoever waits for an hour wants to see that it goes on."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()
