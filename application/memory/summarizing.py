"""Keeping the beginning of a long conversation in a summary."""

import logging
from collections.abc import Sequence
from contextlib import suppress

from application.ports.session_store import SessionStore
from application.ports.summarizer import Summarizer
from domain.chat import Role
from domain.errors import NotFound, Unavailable
from domain.memory.facts import Exchange
from domain.memory.summaries import SUMMARY_TOKENS, is_faithful, to_summarize

_MOST_READ = 200
_MOST_ROUNDS = 20

_logger = logging.getLogger(__name__)


class Summarizing:
    """Brings a session's summary up to date; what fails is made up for at the next message.

    ``deep`` asks a model; ``summarizer`` needs none, and does it when that one fails.
    """

    def __init__(
        self,
        sessions: SessionStore,
        summarizer: Summarizer,
        deep: Summarizer | None,
        *,
        context_tokens: int,
    ) -> None:
        self._sessions = sessions
        self._summarizer = summarizer
        self._deep = deep
        self._context_tokens = context_tokens

    async def catch_up(self, exchange: Exchange) -> bool:
        """Summarise what is too much in the exchange's session; whether anything was written.

        Never raises but when cancelled.
        """
        written = False
        try:
            for _ in range(_MOST_ROUNDS):
                if not await self._round(exchange):
                    break
                written = True
        except NotFound:
            pass  # deleted meanwhile
        except Unavailable:
            _logger.warning("the summary of session %s has to wait", exchange.session_id)
        except Exception as error:  # noqa: BLE001 - a defect must not stop what comes after it
            # Without its message and traceback: both may quote what was said.
            _logger.error(  # noqa: TRY400 - see above
                "summing up session %s failed: %s", exchange.session_id, type(error).__name__
            )
        return written

    async def _round(self, exchange: Exchange) -> bool:
        found = await self._sessions.find_unsummarized(
            exchange.user_id, exchange.session_id, limit=_MOST_READ
        )
        old = to_summarize(found.messages, context_tokens=self._context_tokens)
        if not old:
            return False
        speakers = {Role.USER: exchange.user_name, Role.ASSISTANT: exchange.character_name}
        said = [(speakers[message.role], message.content) for message in old]
        text = await self._summary(found.summary, said)
        return await self._sessions.save_summary(
            exchange.user_id,
            exchange.session_id,
            text,
            until=old[-1].position,
            expected_until=found.until,
            message_ids=[message.id for message in old],
        )

    async def _summary(self, previous: str, said: Sequence[tuple[str, str]]) -> str:
        """By a model if there is one that answers and can be believed, otherwise by rules."""
        if self._deep is not None:
            with suppress(Unavailable):
                text = await self._deep.summarize(previous, said, max_tokens=SUMMARY_TOKENS)
                if is_faithful(text, [previous, *(f"{who} {words}" for who, words in said)]):
                    return text
        return await self._summarizer.summarize(previous, said, max_tokens=SUMMARY_TOKENS)
