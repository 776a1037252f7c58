"""A stack for each module, and people for each test whose books are checked at its end."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.acceptance.product import Model, Stack, running_model, running_stack
from tests.acceptance.world import World


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder is one suite of its own, apart from what kills processes."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and item.get_closest_marker("crash") is None:
            item.add_marker(pytest.mark.acceptance)


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
    """People of this test's own; ask for the fixture that starts your servers before this one.

    Afterwards nothing may be held, and the books of everybody must add up. A test that leaves
    no server running cannot use this.
    """
    stack.model.reset()
    async with World(stack) as world:
        yield world
        stack.model.release()
        await world.check_books()


@pytest.fixture
def model(stack: Stack) -> Model:
    return stack.model
