"""The catalogue."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from domain import characters
from domain.accounts import AgeBand, Tier
from domain.cards.slugs import MAX_SLUG
from domain.characters import Rating
from domain.macros import replace_macros
from domain.tokens import estimate_tokens
from entrypoints.card_files.bundle import CardContainer, CardForm
from entrypoints.card_files.writing import Format


class Character(Struct, frozen=True):
    """Somebody to talk to."""

    id: str
    name: str
    tagline: str
    description: str
    greeting: Annotated[str, Meta(description="Its macros are replaced; the person is `you`.")]
    tags: tuple[str, ...]
    min_tier: Tier
    locked: Annotated[bool, Meta(description="Whether the caller's tier or age does not open it.")]
    version: int
    avatar_url: Annotated[
        str | None, Meta(description="Of its picture, relative to the server's own address.")
    ]

    @classmethod
    def of(cls, character: characters.Character, tier: Tier, age_band: AgeBand) -> "Character":
        """The character as somebody of this tier and age sees it."""
        is_open = character.rating is Rating.GENERAL or age_band is AgeBand.ADULT
        return cls(
            id=character.id,
            name=character.name,
            tagline=character.tagline,
            description=character.description,
            greeting=replace_macros(
                character.greeting,
                char=character.name,
                user="you",
                seed=character.id,
                pick_seed=character.id,
            ),
            tags=character.tags,
            min_tier=character.min_tier,
            locked=not (is_open and tier.opens(character.min_tier)),
            version=character.version,
            avatar_url=avatar_url(character),
        )


def avatar_url(character: characters.Character) -> str | None:
    """Where the character's picture is."""
    if character.picture is None:
        return character.avatar_url
    return f"/v1/config/characters/{character.id}/avatar"


class CharacterPage(Struct, frozen=True):
    """Some characters, by id."""

    data: list[Character]
    next_cursor: str | None


class Card(Struct, frozen=True):
    """A Character Card V3, whole; see its specification for what `data` may hold."""

    spec: str
    spec_version: str
    data: dict[str, Any]


class CardQuery(Struct, frozen=True):
    """As what to get a card."""

    format: Annotated[Format, Meta(description="The kind of file.")] = "json"


class ExportQuery(CardQuery, frozen=True):
    """As what to get a card, and which version of it."""

    version: (
        Annotated[str, Meta(pattern="^[1-9][0-9]{0,8}$", description="The latest by default.")]
        | None
    ) = None


class ImportQuery(Struct, frozen=True):
    """How to call a character whose card brings no id."""

    id: (
        Annotated[
            str,
            Meta(
                pattern="^[a-z0-9][a-z0-9_-]*$",
                max_length=MAX_SLUG,
                description="For a card that has no id of its own.",
            ),
        ]
        | None
    ) = None


class KeptFile(Struct, frozen=True):
    """A file that came with the card."""

    name: str
    media_type: str
    size: Annotated[int, Meta(description="In bytes.")]
    digest: Annotated[str, Meta(description="SHA-256, in hexadecimal.")]

    @classmethod
    def of(cls, file: characters.CardFile) -> "KeptFile":
        """The file as JSON shows it."""
        return cls(file.name, file.media_type, file.size, file.digest)


class ManagedCharacter(Struct, frozen=True, kw_only=True):
    """A version of a character, as administrators see it."""

    id: str
    name: str
    version: int
    tagline: str
    description: str
    tags: tuple[str, ...]
    min_tier: Tier
    rating: Annotated[Rating, Meta(description="`adult`: only for people known to be adults.")]
    avatar_url: str | None
    files: list[KeptFile]

    @classmethod
    def of(cls, character: characters.Character) -> "ManagedCharacter":
        """The character as JSON shows it."""
        return cls(**_managed(character))


class ManagedCharacterPage(Struct, frozen=True):
    """Some characters, or some versions of one."""

    data: list[ManagedCharacter]
    next_cursor: str | None


class ImportedCharacter(ManagedCharacter, frozen=True, kw_only=True):
    """A character that came from a card's file."""

    form: Annotated[CardForm, Meta(description="What the card was.")]
    container: Annotated[CardContainer, Meta(description="What it was in.")]
    persona_tokens: Annotated[
        int, Meta(description="About how much of each prompt the character takes.")
    ]

    @classmethod
    def of_file(
        cls, character: characters.Character, form: CardForm, container: CardContainer
    ) -> "ImportedCharacter":
        """The character and where it came from, as JSON shows it."""
        return cls(
            **_managed(character),
            form=form,
            container=container,
            persona_tokens=estimate_tokens(character.persona),
        )


def _managed(character: characters.Character) -> dict[str, Any]:
    return {
        "id": character.id,
        "name": character.name,
        "version": character.version,
        "tagline": character.tagline,
        "description": character.description,
        "tags": character.tags,
        "min_tier": character.min_tier,
        "rating": character.rating,
        "avatar_url": avatar_url(character),
        "files": [KeptFile.of(file) for file in character.files],
    }


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
