"""The rules on words, from the files of ``rules/``."""

import tomllib
from functools import cache
from importlib import resources
from threading import Lock
from typing import Any

from domain.safety.rules import SafetyRules

_POLICY = "policy.toml"
_reading = Lock()


def load_rules() -> SafetyRules:
    """The rules that come with the product; read once, whoever asks, in whatever thread.

    Raises ``ValueError`` for unusable ones. Takes about a second.
    """
    with _reading:
        return _read()


@cache
def _read() -> SafetyRules:
    folder = resources.files("entrypoints.safety") / "rules"
    files: dict[str, dict[str, Any]] = {
        file.name: tomllib.loads(file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    policy = files.pop(_POLICY)
    return SafetyRules.from_data(policy["version"], policy["actions"], files)
