"""What the model gets to read, within a budget of tokens.

In this order:

1. the persona, with the lorebook's entries before and behind it, and how to behave towards this
   person;
2. the summary of what was said long ago;
3. the conversation so far, with lorebook entries at their depth;
4. what is remembered of other conversations;
5. the new message.

What changes with each message comes last, so that the provider finds everything before it in its
cache: cached tokens are cheaper and faster. When it does not all fit, the oldest messages of the
conversation go first (the summary knows them), then the memories that match least, then the
lorebook's entries of least priority, then the summary. Persona, conduct and the new message always
stay, so a message that leaves no room for them is refused before anything is charged.
"""

from collections.abc import Callable, Iterable, Sequence

from attrs import frozen

from domain.characters import Character
from domain.chat import Message, PromptPart, Role
from domain.errors import InvalidRequest
from domain.lorebook.entries import Position
from domain.lorebook.insertion import NOTHING, Insertion, Insertions
from domain.macros import replace_macros
from domain.memory.memories import Memory
from domain.tokens import PER_MESSAGE, estimate_tokens

MEMORY_BUDGET = 1_500
"""Tokens that memories may take, so that they never crowd out the conversation."""
MEMORY_ORDER = "oldest first; where two differ, the later holds"
"""How the memories stand, for whoever reads the prompt: a change may have been told in words that
did not end the older memory."""
LORE_BUDGET = 1_000
"""Tokens that a lorebook may take, if it does not ask for less itself."""


@frozen
class PromptMessage:
    """One message of a prompt; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


def _no_lore(budget: int) -> Insertions:  # noqa: ARG001 - nothing fits any budget
    return NOTHING


@frozen
class Briefing:
    """All that may go into a prompt.

    ``lore`` gives what the lorebook inserts within so many tokens; ``history`` is oldest first,
    ``memories`` best match first.
    """

    character: Character
    user_name: str
    message: str
    seed: str = ""
    """What the persona's luck follows: the session, so that the prompt's beginning stays."""
    conduct: str = ""
    lore: Callable[[int], Insertions] = _no_lore
    summary: str = ""
    summarized_until: int = 0
    history: Sequence[Message] = ()
    memories: Sequence[Memory] = ()


@frozen
class Context:
    """A prompt, its estimated size, its parts, and the memories that made it in, best first."""

    messages: tuple[PromptMessage, ...]
    tokens: int
    parts: tuple[PromptPart, ...]
    memories: tuple[Memory, ...]


def build_context(briefing: Briefing, *, budget: int) -> Context:
    """The prompt for one turn.

    Raises ``InvalidRequest`` when persona, conduct and message alone exceed ``budget`` tokens.
    """
    persona = check_message_fits(briefing, budget)
    room = budget - _size(persona) - _size(briefing.conduct) - _size(briefing.message)
    summary = _summary_note(briefing.summary, room)
    room -= _size(summary)
    lore = briefing.lore(min(LORE_BUDGET, room))
    room -= lore.tokens
    memories, note = _memory_note(briefing, min(MEMORY_BUDGET, room))
    room -= _size(note)
    recent = _fitting_history(briefing.history, room)

    system = "\n\n".join(
        text
        for text in (
            lore.text_at(Position.BEFORE_CHAR),
            persona,
            lore.text_at(Position.AFTER_CHAR),
            briefing.conduct,
        )
        if text
    )
    talk = [PromptMessage(one.role.value, one.content) for one in recent]
    message = PromptMessage(Role.USER.value, briefing.message)
    talk = _with_lore([*talk, message], lore.at(Position.AT_DEPTH))
    if note:
        at = next(at for at, one in enumerate(talk) if one is message)
        talk.insert(at, PromptMessage("system", note))
    messages = (
        PromptMessage("system", system),
        *((PromptMessage("system", summary),) if summary else ()),
        *talk,
    )
    parts = (
        PromptPart("persona", _size(persona)),
        PromptPart("conduct", _size(briefing.conduct)),
        PromptPart("lore", lore.tokens, tuple(one.entry_id for one in lore.entries)),
        PromptPart("summary", _size(summary), (str(briefing.summarized_until),)),
        PromptPart("history", _sizes(one.content for one in recent), _ends(recent)),
        PromptPart("memories", _size(note), tuple(one.id for one in memories)),
        PromptPart("message", _size(briefing.message)),
    )
    kept = tuple(part for part in parts if part.tokens)
    return Context(messages, sum(part.tokens for part in kept), kept, memories)


def check_message_fits(briefing: Briefing, budget: int) -> str:
    """The persona as the model reads it.

    Raises ``InvalidRequest`` when it leaves no room in ``budget`` tokens for the message.
    """
    character = briefing.character
    persona = replace_macros(
        character.persona,
        char=character.name,
        user=briefing.user_name,
        seed=briefing.seed,
        pick_seed=briefing.seed,
    )
    if _sizes((persona, briefing.conduct, briefing.message)) > budget:
        text = "The message is too long for this character; shorten it."
        raise InvalidRequest(text, param="messages")
    return persona


def memory_heading(user_name: str) -> str:
    """What stands above the memories."""
    return f"What {user_name} told you in earlier conversations, {MEMORY_ORDER}:"


def memory_line(memory: Memory) -> str:
    """How one memory is written down."""
    return f"\n- {memory.text}"


def _size(content: str) -> int:
    return estimate_tokens(content) + PER_MESSAGE if content else 0


def _sizes(contents: Iterable[str]) -> int:
    return sum(map(_size, contents))


def _summary_note(summary: str, room: int) -> str:
    note = f"Earlier in this conversation:\n{summary}" if summary else ""
    return note if _size(note) <= room else ""


def _memory_note(briefing: Briefing, room: int) -> tuple[tuple[Memory, ...], str]:
    heading = memory_heading(briefing.user_name)
    room -= _size(heading)
    kept: list[Memory] = []
    for memory in briefing.memories:
        room -= estimate_tokens(memory_line(memory))
        if room < 0:
            break
        kept.append(memory)
    in_time = sorted(kept, key=lambda memory: memory.told_at or memory.created_at)
    return tuple(kept), heading + "".join(map(memory_line, in_time)) if kept else ""


def _fitting_history(history: Sequence[Message], room: int) -> list[Message]:
    kept: list[Message] = []
    for earlier in reversed(history):
        room -= _size(earlier.content)
        if room < 0:
            break
        kept.append(earlier)
    return kept[::-1]


def _with_lore(talk: list[PromptMessage], lore: Sequence[Insertion]) -> list[PromptMessage]:
    """The talk with each entry before as many messages as its depth, or at the beginning."""
    placed = list(talk)
    # From the end to the beginning, so that what was placed moves nothing that is still to come.
    for _, one in sorted(enumerate(lore), key=lambda at: (at[1].place.depth, -at[0])):
        at = max(0, len(talk) - one.place.depth)
        placed.insert(at, PromptMessage(one.place.role, one.content))
    return placed


def _ends(messages: Sequence[Message]) -> tuple[str, ...]:
    return (str(messages[0].position), str(messages[-1].position)) if messages else ()
