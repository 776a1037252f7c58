"""Every setting is documented and passed on, and nothing is documented that nobody reads."""

import re
from collections.abc import Iterator, Mapping

import pytest

from entrypoints.config import SettingsError, load_settings
from tests.architecture.source import ROOT

# What the image and its services fix: where it listens, and where its data are.
FIXED_IN_THE_IMAGE = {"HOST", "PORT", "DATA_DIR", "STACK"}


class Overheard(Mapping[str, str]):
    """An environment that remembers which names were asked for."""

    def __init__(self, **values: str) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@pytest.fixture(scope="module")
def read() -> set[str]:
    """The names that become settings."""
    environ = Overheard()
    load_settings(environ)
    return environ.asked


@pytest.fixture(scope="module")
def looked_at(read: set[str]) -> set[str]:
    """Those, and the names that production only refuses."""
    environ = Overheard(ENVIRONMENT="production")
    with pytest.raises(SettingsError):
        load_settings(environ)
    return read | environ.asked


def _example() -> list[str]:
    return re.findall(r"^([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def _compose() -> set[str]:
    text = (ROOT / "docker-compose.yml").read_text()
    shared = text.partition("x-settings: &settings\n")[2].partition("\n\n")[0]
    own = text.partition("x-companion: &companion\n")[2].partition("\n\n")[0]
    return set(re.findall(r"^ +([A-Z][A-Z0-9_]*):", shared + "\n" + own, re.MULTILINE)) - {
        "WITH_MODEL"  # how the image is built
    }


def test_each_setting_has_its_line_in_the_example(read: set[str]) -> None:
    assert read - set(_example()) == set()


def test_the_example_has_no_setting_that_nobody_reads(looked_at: set[str]) -> None:
    assert set(_example()) - looked_at == set()


def test_the_example_has_each_setting_once() -> None:
    assert len(_example()) == len(set(_example()))


def test_the_services_pass_each_setting_on(read: set[str]) -> None:
    assert read - _compose() == FIXED_IN_THE_IMAGE


def test_the_services_pass_on_nothing_that_nobody_reads(looked_at: set[str]) -> None:
    assert _compose() - looked_at == set()


def test_the_example_shows_the_defaults() -> None:
    """Whoever copies it changes nothing."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = dict(line.split("=", 1) for line in lines if re.match("[A-Z]", line))
    assert load_settings(pairs) == load_settings({})
