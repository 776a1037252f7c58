"""What the suite itself leaves behind."""

from pathlib import Path

import psycopg
import pytest

from tests.acceptance.product import Model, free_port, running_stack


def test_a_stack_without_a_database_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    nowhere = f"postgresql://127.0.0.1:{free_port()}/postgres?connect_timeout=5"
    model = Model("http://127.0.0.1:9/v1")
    with pytest.raises(psycopg.OperationalError), running_stack(nowhere, "template1", "", model):
        pass
    model.close()
    assert list(tmp_path.iterdir()) == []
