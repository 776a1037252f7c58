"""A stack for each module, and people for each test whose books are checked at its end."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.acceptance.product import Model, Product, Stack, running_model, running_stack
from tests.acceptance.replicas import Replicas
from tests.acceptance.world import World


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """All of this folder is one suite of its own, apart from what kills processes.

    With ``--replicas`` what asks no server of a stack is left out: it would be the same again.
    """
    here = Path(__file__).parent
    ours = [item for item in items if here in item.path.parents]
    for item in ours:
        if item.get_closest_marker("crash") is None:
            item.add_marker(pytest.mark.acceptance)
    if config.getoption("--replicas") > 1:
        left_out = [item for item in ours if "stack" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture(scope="session")
def scripted_model() -> Iterator[Model]:
    with running_model() as model:
        yield model


@pytest.fixture(scope="session")
def make_product(request: pytest.FixtureRequest) -> Callable[[dict[str, str], Path], Product]:
    """What one server of a stack is; with ``--replicas`` several, behind nginx."""
    count: int = request.config.getoption("--replicas")
    return Product if count == 1 else partial(Replicas, count=count)


@pytest.fixture(scope="module")
def stack(
    postgres_server: str,
    postgres_template: str,
    valkey_server: str,
    scripted_model: Model,
    make_product: Callable[[dict[str, str], Path], Product],
) -> Iterator[Stack]:
    """A fresh database and an emptied Valkey, and no server yet: ``stack.serve()``."""
    with running_stack(
        postgres_server, postgres_template, valkey_server, scripted_model, make_product
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
