"""One stack for each module, and what was asked of it for the summary."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.product import Model, Stack, running_model, running_stack
from tests.acceptance.world import World
from tests.fuzz.pace import IS_FULL, SEED
from tests.fuzz.tally import TALLY


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder is one suite of its own."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.fuzz)


# --------------------------------------------------------------------------------- the summary


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what this process has counted, where tests run side by side."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["fuzz_rows"] = [list(row) for row in TALLY.rows()]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what another process has counted."""
    rows = getattr(node, "workeroutput", {}).get("fuzz_rows", ())
    TALLY.merge((role, route, status, times) for role, route, status, times in rows)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was asked, what came of it, and how to ask the same again."""
    if not TALLY.counts:
        return
    terminalreporter.section("what was asked, and answered")
    for line in TALLY.lines():
        terminalreporter.write_line(line)
    errors = sum(TALLY.server_errors().values())
    pace = "" if IS_FULL else " FUZZ=short"
    terminalreporter.write_line("")
    terminalreporter.write_line(f"{TALLY.counts.total()} requests, {errors} answered with 5xx")
    terminalreporter.write_line(f"the same again: make fuzz SEED={SEED}{pace}")


# ----------------------------------------------------------------------------------- the stack


@pytest.fixture(scope="session")
def scripted_model() -> Iterator[Model]:
    with running_model() as model:
        yield model


@pytest.fixture(scope="module")
def stack(
    postgres_server: str, postgres_template: str, valkey_server: str, scripted_model: Model
) -> Iterator[Stack]:
    """A fresh database and an emptied Valkey, and no server yet: ``stack.serve()``."""
    with running_stack(
        postgres_server, postgres_template, valkey_server, scripted_model
    ) as running:
        yield running


@pytest.fixture
async def world(stack: Stack) -> AsyncIterator[World]:
    """People of this test's own, whose books must add up in the end, and a log without a fault."""
    stack.model.reset()
    async with World(stack) as world:
        yield world
        stack.model.release()
        await world.check_books()
    for server in stack.servers:
        faults = [line for line in server.log().splitlines() if " failed: " in line]
        assert not faults, faults[:5]
