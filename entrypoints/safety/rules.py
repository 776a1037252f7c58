"""The rules on words and what is learnt of wording, from the files of ``rules/``."""

import tomllib
from array import array
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from threading import Lock
from typing import Any

from domain.safety.rules import SafetyRules
from domain.safety.wording import Wording

_POLICY = "policy.toml"
_WORDING = "wording.toml"
_WEIGHTS = "wording.bin"
_reading = Lock()


def load_rules() -> SafetyRules:
    """The rules that come with the product; read once, whoever asks, in whatever thread.

    Raises ``ValueError`` for unusable ones. Takes about a second.
    """
    with _reading:
        return _read()


def load_rules_alone() -> SafetyRules:
    """The same without the wording, to compare."""
    policy, files = _files()
    return SafetyRules.from_data(policy["version"], policy["actions"], files)


def load_wording() -> Wording:
    """What a message as a whole is judged by; raises ``ValueError`` for an unusable table."""
    folder = _folder()
    settings = tomllib.loads((folder / _WORDING).read_text("utf-8"))
    return Wording(array("b", (folder / _WEIGHTS).read_bytes()), **settings)


@cache
def _read() -> SafetyRules:
    policy, files = _files()
    return SafetyRules.from_data(policy["version"], policy["actions"], files, load_wording())


def _files() -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The policy, and the files of rules."""
    files: dict[str, dict[str, Any]] = {
        file.name: tomllib.loads(file.read_text("utf-8"))
        for file in _folder().iterdir()
        if file.name.endswith(".toml") and file.name != _WORDING
    }
    return files.pop(_POLICY), files


def _folder() -> Traversable:
    return resources.files("entrypoints.safety") / "rules"
