"""What the model gets to read, within a budget of tokens.

In this order: the persona, the conversation so far, what is remembered, the new message. What
changes with each message comes last, so that the provider finds everything before it in its cache:
cached tokens are cheaper and faster. When it does not all fit, the oldest messages of the
conversation go first, then the memories that match least; the persona and the new message always
stay, so a message that leaves no room for the persona is refused before anything is charged.
"""

from collections.abc import Sequence

from attrs import frozen

from domain.characters import Character
from domain.chat import Message, Role
from domain.errors import InvalidRequest
from domain.macros import replace_macros
from domain.memory.memories import Memory
from domain.tokens import PER_MESSAGE, estimate_tokens

MEMORY_BUDGET = 600
"""Tokens that memories may take, so that they never crowd out the conversation."""


@frozen
class PromptMessage:
    """One message of a prompt; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


@frozen
class Context:
    """A prompt, its estimated size, and the memories that made it in."""

    messages: tuple[PromptMessage, ...]
    tokens: int
    memories: tuple[Memory, ...]


def build_context(
    character: Character,
    *,
    user_name: str,
    memories: Sequence[Memory],
    history: Sequence[Message],
    message: str,
    budget: int,
) -> Context:
    """The prompt for one turn; ``history`` is oldest first, ``memories`` best match first.

    Raises ``InvalidRequest`` when persona and message alone exceed ``budget`` tokens.
    """
    persona = check_message_fits(character, user_name, message, budget)
    room = budget - _size(persona) - _size(message)
    heading = f"What {user_name} told you in earlier conversations:"
    recalled = _fitting(memories, min(MEMORY_BUDGET, room) - _size(heading))
    note = heading + "".join(_memory_line(memory) for memory in recalled)
    if recalled:
        room -= _size(note)
    recent: list[PromptMessage] = []
    for earlier in reversed(history):
        room -= _size(earlier.content)
        if room < 0:
            break
        recent.append(PromptMessage(earlier.role.value, earlier.content))
    messages = (
        PromptMessage("system", persona),
        *reversed(recent),
        *((PromptMessage("system", note),) if recalled else ()),
        PromptMessage(Role.USER.value, message),
    )
    size = sum(_size(one.content) for one in messages)
    return Context(messages, size, recalled)


def check_message_fits(character: Character, user_name: str, message: str, budget: int) -> str:
    """The persona as the model reads it.

    Raises ``InvalidRequest`` when it leaves no room in ``budget`` tokens for the message.
    """
    persona = replace_macros(character.persona, char=character.name, user=user_name)
    if _size(persona) + _size(message) > budget:
        text = "The message is too long for this character; shorten it."
        raise InvalidRequest(text, param="messages")
    return persona


def _size(content: str) -> int:
    return estimate_tokens(content) + PER_MESSAGE


def _fitting(memories: Sequence[Memory], budget: int) -> tuple[Memory, ...]:
    kept: list[Memory] = []
    for memory in memories:
        budget -= estimate_tokens(_memory_line(memory))
        if budget < 0:
            break
        kept.append(memory)
    return tuple(kept)


def _memory_line(memory: Memory) -> str:
    return f"\n- {memory.text}"
