"""The suite of what is deployed: real tools over the files of ``deploy``, servers behind nginx."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import make_product, model, scripted_model, stack, world
from tests.acceptance.product import Stack
from tests.deploy.nginx import Nginx

__all__ = ["make_product", "model", "nginx", "scripted_model", "stack", "world"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder is one suite of its own."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.deploy)


@pytest.fixture(scope="module")
def nginx(stack: Stack) -> Iterator[Nginx]:
    """An nginx with the configuration of ``deploy/nginx``, before no server yet."""
    nginx = Nginx(stack.folder / "nginx")
    try:
        yield nginx
    finally:
        nginx.stop()
