"""A character out of a Character Card V3.

The card is kept whole; this reads the parts that the catalogue and the prompt need. What is ours
stands under ``data.extensions.companion``: ``id``, ``tagline``, ``summary``, ``min_tier``.
"""

from collections.abc import Mapping
from typing import Any

from domain.accounts import Tier
from domain.characters import Character
from domain.errors import InvalidRequest

DEFAULT_PROMPT = (
    "You are {{char}}, talking with {{user}}. Stay in character and answer as {{char}} would, "
    "in a few natural sentences, without speaking for {{user}}. You are an AI character: never "
    "claim to be human when {{user}} sincerely asks. Be kind and honest, give no medical, legal "
    "or financial instructions, and keep everything suitable for a general audience."
)
"""What ``{{original}}`` in a card's system prompt stands for, and the prompt of a card without."""

_ORIGINAL = "{{original}}"


def character_from_card(card: Mapping[str, Any]) -> Character:
    """The character that a card describes, as version 0: publishing gives it its number.

    Raises ``InvalidRequest`` when a part that we need is missing or of the wrong type.
    """
    data = _object(card, "data")
    ours = _object(_object(data, "extensions"), "companion")
    name = _text(data, "name", required=True)
    spoken_name = _text(data, "nickname") or name
    tier = _text(ours, "min_tier") or Tier.FREE.value
    if tier not in set(Tier):
        message = f"min_tier must be one of {', '.join(Tier)}"
        raise InvalidRequest(message, param="data.extensions.companion.min_tier")
    tags = data.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        message = "tags must be a list of texts"
        raise InvalidRequest(message, param="data.tags")
    return Character(
        id=_text(ours, "id", required=True),
        version=0,
        name=name,
        tagline=_text(ours, "tagline"),
        description=_text(ours, "summary"),
        greeting=_spoken(_text(data, "first_mes"), spoken_name),
        persona=_persona(data, spoken_name),
        tags=tuple(tags),
        min_tier=Tier(tier),
        card=card,
    )


def _persona(data: Mapping[str, Any], spoken_name: str) -> str:
    prompt = _text(data, "system_prompt") or _ORIGINAL
    parts = [
        prompt.replace(_ORIGINAL, DEFAULT_PROMPT),
        _text(data, "description"),
        _titled("Personality", _text(data, "personality")),
        _titled("Scenario", _text(data, "scenario")),
        _titled("How {{char}} talks", _text(data, "mes_example")),
        _text(data, "post_history_instructions").replace(_ORIGINAL, ""),
    ]
    return _spoken("\n\n".join(part.strip() for part in parts if part.strip()), spoken_name)


def _spoken(text: str, name: str) -> str:
    """The text with the name that the character goes by: V3 lets a nickname replace the name."""
    return text.replace("{{char}}", name).replace("{{Char}}", name)


def _titled(title: str, text: str) -> str:
    return f"{title}: {text}" if text.strip() else ""


def _object(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = parent.get(key, {})
    if not isinstance(value, Mapping):
        message = f"{key} must be an object"
        raise InvalidRequest(message, param=key)
    return value


def _text(parent: Mapping[str, Any], key: str, *, required: bool = False) -> str:
    value = parent.get(key, "")
    if not isinstance(value, str) or (required and not value.strip()):
        message = f"{key} must be a text" + (" that is not empty" if required else "")
        raise InvalidRequest(message, param=key)
    return value
