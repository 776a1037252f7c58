"""The composition root: on either stack everything builds, and every use case is wired."""

from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path

import pytest
from attrs import fields

from entrypoints.config import LOCAL_MODEL, Settings, load_settings
from entrypoints.container import (
    Adapters,
    UseCases,
    build_adapters,
    build_use_cases,
    with_stand_in_model,
)
from entrypoints.http.services import Services
from entrypoints.metrics import Metrics
from entrypoints.seed import seed_prices
from entrypoints.server import make_app
from tests.architecture.source import (
    SUBJECTS,
    classes,
    is_called,
    name_of,
    python_files,
)

PROVIDERS = sorted(set(UseCases.providers) - {"settings", "adapters"})
REAL = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/companion",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "XAI_API_KEY": "key",
    "OPENAI_API_KEY": "key",
}
STACKS = {
    "memory": {"STACK": "memory"},
    "local issuer": REAL,
    "firebase": {**REAL, "FIREBASE_PROJECT_ID": "demo-companion"},
}


@pytest.fixture(params=STACKS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return load_settings({**STACKS[request.param], "DATA_DIR": str(tmp_path)})


@pytest.fixture
async def adapters(settings: Settings) -> AsyncIterator[Adapters]:
    """Built, but never connected: at these addresses nobody listens."""
    built = build_adapters(settings, lambda _: None)
    yield built
    for close in built.closing:
        await close()


@pytest.fixture
def use_cases(settings: Settings, adapters: Adapters) -> UseCases:
    return build_use_cases(settings, adapters)


def _use_cases_of_the_application() -> dict[str, type]:
    """Every public class that is called, by its provider's name."""
    found: dict[str, type] = {}
    for path in python_files(*(f"application/{subject}" for subject in SUBJECTS)):
        for node in classes(path):
            if is_called(node):
                module = name_of(path).removesuffix(".py").replace("/", ".")
                found[path.stem] = getattr(import_module(module), node.name)
    return found


async def test_every_provider_builds_once(use_cases: UseCases) -> None:
    for name in PROVIDERS:
        if name == "issue_token" and use_cases.adapters().issuer is None:
            continue
        built = getattr(use_cases, name)()
        assert built is not None, name
        assert getattr(use_cases, name)() is built, name


async def test_every_use_case_is_wired(use_cases: UseCases) -> None:
    built = [type(getattr(use_cases, name)()) for name in PROVIDERS]
    known = _use_cases_of_the_application()
    assert len(known) > 30
    assert {name for name, kind in known.items() if kind not in built} == set()


async def test_every_role_has_an_adapter(adapters: Adapters, settings: Settings) -> None:
    absent = {one.name for one in fields(Adapters) if getattr(adapters, one.name) is None}
    expected = set() if settings.uses_local_issuer else {"issuer"}
    if settings.openai_api_key is None:
        expected |= {"moderator", "former_embedder"}
    if settings.is_memory or adapters.models == (LOCAL_MODEL,):
        expected |= {"deep_extractor", "deep_summarizer"}
    assert absent == expected
    assert adapters.models
    assert {probe.name for probe in adapters.probes} == {"postgres", "redis"}


async def test_the_application_is_made_of_them(
    settings: Settings, use_cases: UseCases, adapters: Adapters
) -> None:
    app = make_app(settings, use_cases, adapters, Metrics())
    paths = {rule.rule for rule in app.url_map.iter_rules()}
    assert "/v1/chat/completions" in paths
    assert ("/v1/auth/dev-token" in paths) == settings.uses_local_issuer


def test_what_routes_need_has_a_provider_or_is_an_adapter() -> None:
    needed = {one.name for one in fields(Services)}
    adapters = {one.name for one in fields(Adapters)}
    assert needed - set(PROVIDERS) - adapters == {"registry"}


async def test_the_stand_in_model_has_a_price(use_cases: UseCases, adapters: Adapters) -> None:
    prices = seed_prices().models
    assert set(with_stand_in_model(adapters).models) <= prices.keys()
    assert set(adapters.models) <= prices.keys()
