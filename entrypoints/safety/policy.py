"""The safety policy, and how a moderation model is read, out of the data files beside this one."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from domain.safety.policy import SafetyPolicy
from domain.safety.scores import ScoreRules

_FILES = ("jurisdictions", "texts", "helplines")


@cache
def load_policy() -> SafetyPolicy:
    """The policy of ``jurisdictions.toml``, ``texts.toml`` and ``helplines.toml``.

    Raises ``ValueError`` (``msgspec.ValidationError`` is one) when a file does not fit.
    """
    found = {name: _read(name) for name in _FILES}
    return msgspec.convert(
        {**found["jurisdictions"], "texts": found["texts"], "helplines": found["helplines"]},
        SafetyPolicy,
    )


@cache
def load_score_rules() -> ScoreRules:
    """The thresholds of ``moderator.toml``; raises as ``load_policy`` does."""
    return msgspec.convert(_read("moderator"), ScoreRules)


def _read(name: str) -> dict[str, Any]:
    folder = resources.files(__name__.rpartition(".")[0])
    return tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
