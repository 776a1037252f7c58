"""Look into what the model was given to read for a turn."""

from collections.abc import Sequence

from attrs import frozen

from application.ports.account_store import AccountStore
from application.ports.character_store import CharacterStore
from application.ports.memory_index import MemoryIndex
from application.ports.session_store import SessionStore
from application.ports.turn_store import TurnStore
from domain.accounts import User
from domain.characters import Character
from domain.chat import PromptPart, Session, Turn
from domain.errors import NotFound
from domain.lorebook.book import lorebook_of
from domain.macros import replace_macros
from domain.safety.policy import SafetyPolicy

_MOST_MESSAGES = 100


@frozen
class PromptText:
    """A text that was read; None when it was deleted or has changed since."""

    ref: str
    text: str | None


@frozen
class ShownPart:
    """One part of the prompt, with its words as they can be found now."""

    name: str
    tokens: int
    texts: Sequence[PromptText]


@frozen
class ShownPrompt:
    """The parts of a turn's prompt in their order; ``tokens`` is their estimated sum."""

    turn: Turn
    tokens: int
    parts: Sequence[ShownPart]


class ShowPrompt:
    """For administrators who want to know why a character said what it said.

    A turn keeps only references, so what a person has deleted is not shown here either.
    """

    def __init__(
        self,
        *,
        accounts: AccountStore,
        turns: TurnStore,
        sessions: SessionStore,
        characters: CharacterStore,
        memories: MemoryIndex,
        policy: SafetyPolicy,
    ) -> None:
        self._accounts = accounts
        self._turns = turns
        self._sessions = sessions
        self._characters = characters
        self._memories = memories
        self._policy = policy

    async def __call__(self, user_id: str, turn_id: str) -> ShownPrompt:
        """The prompt; raises ``NotFound`` when the user has no such turn."""
        turn = await self._turns.get(user_id, turn_id)
        user = await self._accounts.get(user_id)
        session = await self._sessions.get(user_id, turn.session_id)
        character = await self._characters.get(session.character_id, session.character_version)
        parts = [
            ShownPart(
                part.name, part.tokens, await self._texts(part, turn, user, session, character)
            )
            for part in turn.prompt
        ]
        return ShownPrompt(turn, sum(part.tokens for part in turn.prompt), parts)

    async def _texts(
        self, part: PromptPart, turn: Turn, user: User, session: Session, character: Character
    ) -> Sequence[PromptText]:
        match part.name:
            case "persona":
                texts = [_persona(character, user, session)]
            case "conduct":
                texts = [PromptText(user.age_band.value, self._policy.conduct(user.age_band))]
            case "lore":
                texts = _lore(part, character)
            case "summary":
                is_same = part.refs == (str(session.summarized_until),)
                texts = [PromptText(part.refs[0], session.summary if is_same else None)]
            case "history":
                texts = await self._history(part, session)
            case "memories":
                texts = [await self._memory(user.id, ref) for ref in part.refs]
            case _:
                message = await self._sessions.get_message(user.id, turn.user_message_id)
                texts = [PromptText(message.id, message.content)]
        return texts

    async def _history(self, part: PromptPart, session: Session) -> list[PromptText]:
        first, last = map(int, part.refs)
        found = await self._sessions.list_messages(
            session.user_id, session.id, limit=_MOST_MESSAGES, before=last + 1
        )
        return [
            PromptText(f"{one.role.value} {one.id}", one.content)
            for one in reversed(found)
            if one.position >= first
        ]

    async def _memory(self, user_id: str, memory_id: str) -> PromptText:
        try:
            return PromptText(memory_id, (await self._memories.get(user_id, memory_id)).text)
        except NotFound:
            return PromptText(memory_id, None)


def _persona(character: Character, user: User, session: Session) -> PromptText:
    name = user.display_name or "the user"
    persona = replace_macros(
        character.persona,
        char=character.name,
        user=name,
        seed=session.id,
        pick_seed=session.id,
    )
    return PromptText(f"{character.id}:{character.version}", persona)


def _lore(part: PromptPart, character: Character) -> list[PromptText]:
    entries = {entry.id: entry.content for entry in lorebook_of(character.card).entries}
    return [PromptText(ref, entries.get(ref)) for ref in part.refs]
