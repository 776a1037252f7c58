"""The rules on words, from the files of ``rules/``."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from domain.safety.rules import SafetyRules

_POLICY = "policy.toml"


@cache
def load_rules() -> SafetyRules:
    """The rules that come with the product; read once. Raises ``ValueError`` for unusable ones."""
    folder = resources.files("entrypoints.safety") / "rules"
    files: dict[str, dict[str, Any]] = {
        file.name: tomllib.loads(file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    policy = files.pop(_POLICY)
    return SafetyRules.from_data(policy["version"], policy["actions"], files)
