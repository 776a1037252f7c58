"""Characters: who one can talk to. The card is kept whole; these are the parts we use."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from domain.accounts import Tier


@frozen
class Character:
    """One published version of a character; versions count from 1 and never change.

    ``card`` is the Character Card V3 it came from, as JSON values.
    """

    id: str
    version: int
    name: str
    tagline: str
    description: str
    """For the catalogue; never part of a prompt."""
    greeting: str
    persona: str
    """What the model is told about the character, macros not yet replaced."""
    tags: tuple[str, ...]
    min_tier: Tier
    card: Mapping[str, Any]
    avatar_url: str | None = None
