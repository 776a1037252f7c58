"""What the doctor says of production, beyond whether everything answers."""

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from entrypoints.cli.doctor import _check_operation
from entrypoints.config import Settings


@pytest.fixture
def production(tmp_path: Path) -> Settings:
    key = tmp_path / "firebase.json"
    key.write_text("{}")
    return Settings(
        environment="production",
        redis_url="rediss://cache:6379/0",
        firebase_credentials_path=key,
        trusted_proxy_hops=1,
    )


def test_nothing_is_said_when_nothing_is_wrong(
    production: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _check_operation(production) == 0
    assert capsys.readouterr().out.split() == ["ok", "operation", "production"]


def test_a_key_file_that_cannot_be_read_is_a_failure(
    production: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = tmp_path / "away.json"
    assert _check_operation(evolve(production, firebase_credentials_path=away)) == 1
    assert f"FAIL  files       {away} cannot be read" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ({"trusted_proxy_hops": 0}, "TRUSTED_PROXY_HOPS"),
        ({"redis_url": "redis://cache"}, "rediss://"),
        ({"hold_seconds": 7_200.0}, "credits"),
    ],
)
def test_what_may_be_meant_so_is_only_said(
    production: Settings, capsys: pytest.CaptureFixture[str], change: dict[str, Any], advice: str
) -> None:
    assert _check_operation(evolve(production, **change)) == 0
    assert advice in capsys.readouterr().out


def test_development_is_asked_for_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert _check_operation(Settings()) == 0
    assert "development" in capsys.readouterr().out
