"""Runs the features: which product stands behind them, and what is checked after each scenario.

``--stack`` chooses the in-memory or the embedded stack (both by default), ``--base-url`` a server
that runs already, in development and with a local token issuer.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve

from application.ports.clock import Clock
from application.ports.embedder import Embedder
from entrypoints.config import Settings
from entrypoints.container import Adapters
from entrypoints.container.in_memory import build_in_memory
from entrypoints.container.real import build_real

_STEPS = [
    f"tests.features.steps.{path.stem}"
    for path in sorted((Path(__file__).parent / "steps").glob("*.py"))
]
for _module in ("tests.features.books", *_STEPS):
    pytest.register_assert_rewrite(_module)

from tests.features.books import check_books  # noqa: E402 - its assertions explain themselves
from tests.features.product import LocalProduct, RemoteProduct  # noqa: E402 - after the above
from tests.features.world import World  # noqa: E402 - after the above

_IN_THIS_PROCESS = {
    "clock": "moves the clock, which a server by URL does not let us",
    "alone": "counts what happens in the whole product, which others use as well",
    "scripted": "tells the model what to do, which a server by URL does not let us",
}


def pytest_configure(config: pytest.Config) -> None:
    for module in _STEPS:
        config.pluginmanager.import_plugin(module)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "stack" in metafunc.fixturenames:
        if metafunc.config.getoption("--base-url"):
            stacks = ["url"]
        else:
            stacks = metafunc.config.getoption("--stack") or ["memory", "embedded"]
        if metafunc.definition.get_closest_marker("memory"):
            stacks = [stack for stack in stacks if stack != "embedded"]
        metafunc.parametrize("stack", stacks, indirect=True)


@pytest.fixture
def stack(request: pytest.FixtureRequest) -> str:
    """What stands behind the scenario: ``memory``, ``embedded`` or ``url``."""
    stack = str(request.param)
    for tag, reason in _IN_THIS_PROCESS.items():
        if stack == "url" and request.node.get_closest_marker(tag):
            pytest.skip(f"@{tag} {reason}")
    return stack


@pytest.fixture(autouse=True)
def world(request: pytest.FixtureRequest, stack: str, identity_dir: Path) -> Iterator[World]:
    """The scenario's own world; its books are checked when it ends."""
    if stack == "url":
        made = World(RemoteProduct(request.config.getoption("--base-url")))
    elif stack == "memory":
        made = World(LocalProduct(_in_memory, Settings(stack="memory")))
    else:
        settings = Settings(
            data_dir=identity_dir,
            database_url=request.getfixturevalue("postgres_url"),
            database_pool_size=4,
            redis_url=request.getfixturevalue("redis_url"),
            xai_api_key="unused",
        )
        made = World(LocalProduct(_real, settings))
    yield made
    made.close()


@pytest.fixture(scope="session")
def identity_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the local issuer keeps its key: making one takes its time, so it is made once."""
    return tmp_path_factory.mktemp("data")


def pytest_bdd_after_scenario(request: pytest.FixtureRequest) -> None:
    """Whatever the scenario was about, the books add up."""
    check_books(request.getfixturevalue("world"))


def _in_memory(_: Settings, clock: Clock) -> Adapters:
    return build_in_memory(clock)


def _real(settings: Settings, clock: Clock) -> Adapters:
    adapters = build_real(settings, lambda _: None, clock)
    return evolve(adapters, embedder=_embedder(type(adapters.embedder)))


@cache
def _embedder(kind: Callable[[], Embedder]) -> Embedder:
    """One for all scenarios, as its weights take their time to load."""
    return kind()
