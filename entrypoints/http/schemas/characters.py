"""The catalogue."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from domain import characters
from domain.accounts import Tier


class Character(Struct, frozen=True):
    """Somebody to talk to."""

    id: str
    name: str
    tagline: str
    description: str
    greeting: str
    tags: tuple[str, ...]
    min_tier: Tier
    locked: Annotated[bool, Meta(description="Whether the caller's tier does not open it.")]
    version: int
    avatar_url: str | None

    @classmethod
    def of(cls, character: characters.Character, tier: Tier) -> "Character":
        """The character as somebody of this tier sees it."""
        return cls(
            id=character.id,
            name=character.name,
            tagline=character.tagline,
            description=character.description,
            greeting=character.greeting,
            tags=character.tags,
            min_tier=character.min_tier,
            locked=not tier.opens(character.min_tier),
            version=character.version,
            avatar_url=character.avatar_url,
        )


class CharacterPage(Struct, frozen=True):
    """Some characters, by id."""

    data: list[Character]
    next_cursor: str | None


class Card(Struct, frozen=True):
    """A Character Card V3, whole; see its specification for what `data` may hold."""

    spec: str
    spec_version: str
    data: dict[str, Any]


class Model(Struct, frozen=True, kw_only=True):
    """A character, as OpenAI lists a model."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "companion"


class ModelList(Struct, frozen=True, kw_only=True):
    """All characters."""

    object: Literal["list"] = "list"
    data: list[Model]
