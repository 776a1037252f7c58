"""Character cards: their forms, what is allowed in them, and the character that one describes."""

from domain.cards.character import DEFAULT_PROMPT, character_from_card

__all__ = ["DEFAULT_PROMPT", "character_from_card"]
