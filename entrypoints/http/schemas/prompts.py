"""What the model was given to read."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from application.chat import show_prompt


class PromptText(Struct, frozen=True):
    """A text that was read."""

    ref: Annotated[str, Meta(description="What it is: an id, or a role and an id.")]
    text: Annotated[str | None, Meta(description="Null when it was deleted or has changed.")]


class PromptPart(Struct, frozen=True):
    """One part of a prompt."""

    name: Literal["persona", "conduct", "lore", "summary", "history", "memories", "message"]
    tokens: int
    texts: list[PromptText]


class Prompt(Struct, frozen=True):
    """A turn's prompt in its parts, in the order in which room was given to them."""

    turn_id: str
    session_id: str
    character_id: str
    tokens: Annotated[int, Meta(description="Estimated, before the model was asked.")]
    parts: list[PromptPart]

    @classmethod
    def of(cls, shown: show_prompt.ShownPrompt) -> "Prompt":
        """The prompt as JSON shows it."""
        return cls(
            turn_id=shown.turn.id,
            session_id=shown.turn.session_id,
            character_id=shown.turn.character_id,
            tokens=shown.tokens,
            parts=[
                PromptPart(
                    part.name,  # type: ignore[arg-type]  # the names that ``build_context`` gives
                    part.tokens,
                    [PromptText(one.ref, one.text) for one in part.texts],
                )
                for part in shown.parts
            ],
        )
