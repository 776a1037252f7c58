"""Secrets may stand in files; what is wrong with one is said without its content."""

from pathlib import Path

import pytest

from entrypoints.config import SettingsError, load_settings
from entrypoints.settings_source import SECRETS

ROOT = Path(__file__).parents[2]
ADDRESSES = {
    "DATABASE_URL": "postgresql://app:the-value@db/companion",
    "DATABASE_MIGRATION_URL": "host=db user=owner password=the-value",
    "REDIS_URL": "rediss://:the-value@cache:6379/0",
}


def problems(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load_settings(environ)
    return refused.value.problems


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_comes_from_its_file_like_from_the_environment(name: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    value = ADDRESSES.get(name, "the-value")
    file.write_text(f"{value}\n")
    assert load_settings({f"{name}_FILE": str(file)}) == load_settings({name: value})
    assert load_settings({f"{name}_FILE": str(file)}) != load_settings({})


def test_a_secret_is_not_in_two_places(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from the file")
    (problem,) = problems(SECRET_KEY="from the environment", SECRET_KEY_FILE=str(file))
    assert "both" in problem
    assert "from the" not in problem


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe\x00"])
def test_a_file_that_gives_no_secret_is_a_problem(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    (problem,) = problems(XAI_API_KEY_FILE=str(file))
    assert problem.startswith("XAI_API_KEY_FILE ")
    assert str(file) in problem


def test_no_file_named_counts_as_absent() -> None:
    assert load_settings({"SECRET_KEY_FILE": " ", "SECRET_KEY": "key"}).secret_key == "key"


def test_other_settings_are_not_read_from_files(tmp_path: Path) -> None:
    assert load_settings({"LOG_LEVEL_FILE": str(tmp_path), "PORT_FILE": "/x"}) == load_settings({})


def test_every_secret_is_kept_out_of_what_is_printed() -> None:
    values = dict.fromkeys(SECRETS, "the-value") | ADDRESSES
    assert "the-value" not in repr(load_settings(values))


def test_the_example_names_every_secret_that_may_be_a_file() -> None:
    text = (ROOT / ".env.example").read_text().split("# ----", 1)[0]
    assert [name for name in SECRETS if name not in text] == []
