"""A card with the files that came with it, whatever they came in."""

from collections.abc import Mapping
from typing import Any, Literal

from attrs import frozen

from entrypoints.card_files.images import media_type_of

CardForm = Literal["v1", "v2", "v3"]
CardContainer = Literal["json", "png", "charx"]


@frozen
class CardBundle:
    """A checked card in the form of V3, and its files by name."""

    card: Mapping[str, Any]
    files: Mapping[str, bytes]
    form: CardForm
    """What it was."""
    container: CardContainer
    """What it was in."""

    @property
    def media_types(self) -> Mapping[str, str]:
        """What each file is, by its first bytes."""
        return {name: media_type_of(content) for name, content in self.files.items()}
