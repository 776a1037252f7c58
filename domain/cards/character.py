"""A character out of a Character Card V3.

The card is kept whole; this reads the parts that the catalogue and the prompt need. What is ours
stands under ``data.extensions.companion``: ``id``, ``tagline``, ``summary``, ``min_tier``,
``rating``. Notes of the card's creator, its tags and its version are never part of a prompt.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.accounts import Tier
from domain.cards.parts import object_in, text_in, texts_in
from domain.cards.pictures import main_picture
from domain.cards.slugs import checked_slug
from domain.characters import CardFile, Character, Rating
from domain.errors import InvalidRequest
from domain.tokens import estimate_tokens

DEFAULT_PROMPT = (
    "You are {{char}}, talking with {{user}}. Stay in character and answer as {{char}} would, "
    "in a few natural sentences, without speaking for {{user}}. You are an AI character: never "
    "claim to be human when {{user}} sincerely asks. Be kind and honest, give no medical, legal "
    "or financial instructions, and keep everything suitable for a general audience."
)
"""What ``{{original}}`` in a card's system prompt stands for, and the prompt of a card without."""

COMPANION = "data.extensions.companion"
_ADULT_TAGS = frozenset({"nsfw", "adult", "adults only", "18+", "+18", "r18", "r-18", "explicit"})
_SUMMARY_CHARACTERS = 600
MAX_PERSONA_TOKENS: Final = 2_800
"""Of a longer card, examples of talk do not reach the prompt, then the ends of its texts, one after
the other: the conversation needs room as well. The card itself stays whole."""
_EXAMPLES = "mes_example"
_CUT = ("description", "scenario", "personality", "post_history_instructions", "system_prompt")
_READ = (*_CUT, _EXAMPLES)
_SENTENCE_END = re.compile(r"[.!?\u2026](?=[\s\"'\u201d\u2019\u00bb)*]|$)|[\u3002\uff01\uff1f]|\n")
_ORIGINAL = re.compile(r"\{\{original\}\}", re.IGNORECASE)
# ASCII: otherwise a long s would match as well.
_CHAR = re.compile(r"\{\{char\}\}|<char>|<bot>", re.IGNORECASE | re.ASCII)
_TAG = re.compile(r"<[^<>]{0,500}>")


def character_from_card(
    card: Mapping[str, Any],
    *,
    character_id: str | None = None,
    files: Sequence[CardFile] = (),
) -> Character:
    """The character that a card describes, as version 0: publishing gives it its number.

    Its id is the card's own, otherwise ``character_id``. Raises ``InvalidRequest`` when a part
    that we need is missing or of the wrong type.
    """
    data = object_in(card, "data")
    ours = companion_part(card)
    name = text_in(data, "name", "data.name", required=True).strip()
    spoken_name = text_in(data, "nickname", "data.nickname").strip() or name
    tags = texts_in(data, "tags", "data.tags")
    kept = tuple(sorted(files, key=lambda file: file.name))
    return Character(
        id=card_id(card) or checked_slug(character_id or "", f"{COMPANION}.id"),
        version=0,
        name=name,
        tagline=text_in(ours, "tagline", f"{COMPANION}.tagline"),
        description=text_in(ours, "summary", f"{COMPANION}.summary") or _first_notes(data),
        greeting=_spoken(text_in(data, "first_mes", "data.first_mes"), spoken_name),
        persona=_persona(data, spoken_name),
        tags=tuple(tags),
        min_tier=_min_tier(ours),
        card=card,
        rating=_rating(ours, tags),
        files=kept,
        picture=main_picture(card, [file.name for file in kept if _is_image(file)]),
    )


def spoken_name(character: Character) -> str:
    """The name that the character goes by: V3 lets a nickname replace the name."""
    data = character.card.get("data")
    nickname = data.get("nickname") if isinstance(data, Mapping) else None
    return (nickname.strip() if isinstance(nickname, str) else "") or character.name


def card_id(card: Mapping[str, Any]) -> str | None:
    """The id that the card itself asks for, None when it leaves that to us."""
    found = companion_part(card).get("id")
    return None if found is None else checked_slug(found, f"{COMPANION}.id")


def companion_part(card: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is ours in a card; empty when there is nothing."""
    extensions = object_in(object_in(card, "data"), "extensions", "data.extensions")
    return object_in(extensions, "companion", COMPANION)


def _persona(data: Mapping[str, Any], spoken_name: str) -> str:
    texts = {field: text_in(data, field, f"data.{field}") for field in _READ}
    prompt = texts["system_prompt"] if texts["system_prompt"].strip() else "{{original}}"
    texts["system_prompt"] = _ORIGINAL.sub(lambda _: DEFAULT_PROMPT, prompt)
    texts["post_history_instructions"] = _ORIGINAL.sub("", texts["post_history_instructions"])
    texts = {field: _spoken(text, spoken_name) for field, text in texts.items()}
    if estimate_tokens(_written(texts, spoken_name)) > MAX_PERSONA_TOKENS:
        texts[_EXAMPLES] = ""
    for field in _CUT:
        over = estimate_tokens(_written(texts, spoken_name)) - MAX_PERSONA_TOKENS
        if over > 0:
            texts[field] = _shortened(texts[field], estimate_tokens(texts[field]) - over - 1)
    return _written(texts, spoken_name)


def _written(texts: Mapping[str, str], spoken_name: str) -> str:
    parts = [
        texts["system_prompt"],
        texts["description"],
        _titled("Personality", texts["personality"]),
        _titled("Scenario", texts["scenario"]),
        _titled(f"How {spoken_name} talks", texts[_EXAMPLES]),
        texts["post_history_instructions"],
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _shortened(text: str, tokens: int) -> str:
    """The beginning of the text, at most so many tokens of it, up to the end of a sentence."""
    size = bisect_right(range(len(text)), tokens, key=lambda end: estimate_tokens(text[:end]))
    kept = text[: max(0, size - 1)]
    ends = [found.end() for found in _SENTENCE_END.finditer(kept)]
    return kept[: ends[-1]] if ends else kept


def _spoken(text: str, name: str) -> str:
    """The text with the name that the character goes by: V3 lets a nickname replace the name."""
    return _CHAR.sub(lambda _: name, text)


def _titled(title: str, text: str) -> str:
    return f"{title}: {text}" if text.strip() else ""


def _first_notes(data: Mapping[str, Any]) -> str:
    """The first paragraph of what the creator tells people, as plain text.

    The specification wants people to see it; cards of other programs have no summary of ours.
    """
    notes = _TAG.sub(" ", text_in(data, "creator_notes", "data.creator_notes")).strip()
    paragraph = " ".join(notes.partition("\n\n")[0].split())
    if len(paragraph) <= _SUMMARY_CHARACTERS:
        return paragraph
    return paragraph[: _SUMMARY_CHARACTERS - 1].rstrip() + "…"


def _min_tier(ours: Mapping[str, Any]) -> Tier:
    tier = text_in(ours, "min_tier", f"{COMPANION}.min_tier") or Tier.FREE.value
    if tier not in set(Tier):
        message = f"min_tier must be one of {', '.join(Tier)}."
        raise InvalidRequest(message, param=f"{COMPANION}.min_tier")
    return Tier(tier)


def _rating(ours: Mapping[str, Any], tags: Sequence[str]) -> Rating:
    """What the card says of itself; without that, what its tags let one expect."""
    given = text_in(ours, "rating", f"{COMPANION}.rating")
    if given:
        if given not in set(Rating):
            message = f"rating must be one of {', '.join(Rating)}."
            raise InvalidRequest(message, param=f"{COMPANION}.rating")
        return Rating(given)
    is_adult = any(tag.strip().lower().lstrip("#") in _ADULT_TAGS for tag in tags)
    return Rating.ADULT if is_adult else Rating.GENERAL


def _is_image(file: CardFile) -> bool:
    return file.media_type.startswith("image/")
