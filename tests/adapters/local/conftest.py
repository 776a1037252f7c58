import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.local.postgres_server import EmbeddedPostgres


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A short path that other users may be let through."""
    folder = Path(tempfile.mkdtemp(prefix="companion-test-")).resolve()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def cluster_to_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster that was shut down, since making one for each test takes long."""
    folder = tmp_path_factory.mktemp("cluster")
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    server.stop()
    return server.cluster


@pytest.fixture
def postgres_dir(data_dir: Path, cluster_to_copy: Path) -> Path:
    """A data directory with a cluster of its own."""
    subprocess.run(["cp", "-a", cluster_to_copy, data_dir], check=True)
    return data_dir
