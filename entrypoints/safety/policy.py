"""The safety policy out of the data files beside this one."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from domain.safety.policy import SafetyPolicy

_FILES = ("jurisdictions", "texts", "helplines")


@cache
def load_policy() -> SafetyPolicy:
    """The policy of ``jurisdictions.toml``, ``texts.toml`` and ``helplines.toml``.

    Raises ``ValueError`` (``msgspec.ValidationError`` is one) when a file does not fit.
    """
    found: dict[str, Any] = {}
    for name in _FILES:
        text = (resources.files(__name__.rpartition(".")[0]) / f"{name}.toml").read_text("utf-8")
        found[name] = tomllib.loads(text)
    return msgspec.convert(
        {**found["jurisdictions"], "texts": found["texts"], "helplines": found["helplines"]},
        SafetyPolicy,
    )
