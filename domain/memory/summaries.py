"""When a conversation has become too long to be read whole, and what of it is told in short."""

import re
from collections.abc import Sequence

from domain.chat import Message, Role
from domain.memory.words import telling_words
from domain.tokens import estimate_tokens

MOST_MESSAGES = 28
"""So many messages behind the summary are read as they are; with more, it is brought up to date."""
KEPT_MESSAGES = 12
"""The latest are never summarised: the conversation goes on from them."""
FEWEST_KEPT = 4
SUMMARY_TOKENS = 400
_SIGN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Kana, Han and Hangul."""


def needs_summary(messages: Sequence[Message], *, context_tokens: int) -> bool:
    """Whether what is not summarised yet is too much: by number, or half of the context's size."""
    if len(messages) > MOST_MESSAGES:
        return True
    return len(messages) > FEWEST_KEPT and _size(messages) > context_tokens // 2


def to_summarize(messages: Sequence[Message], *, context_tokens: int) -> Sequence[Message]:
    """The messages that go into the summary, oldest first: all but the latest.

    Fewer are kept when they are long, so that what is kept takes at most a quarter of the
    context. Never ends between a message and its reply. Empty when there is no need.
    """
    if not needs_summary(messages, context_tokens=context_tokens):
        return ()
    kept = min(KEPT_MESSAGES, len(messages) - 1)
    while kept > FEWEST_KEPT and _size(messages[-kept:]) > context_tokens // 4:
        kept -= 1
    end = len(messages) - kept
    while end > 0 and messages[end].role is Role.ASSISTANT:
        end -= 1
    return messages[:end]


def is_faithful(summary: str, told: Sequence[str]) -> bool:
    """Whether a summary speaks of what was told: half of its telling words stand there.

    A model that did not do as it was asked answers something, and nobody reads it first.
    """
    words = _marks(summary)
    known = {mark for text in told for mark in _marks(text)}
    return bool(words) and 2 * len(words & known) >= len(words)


def _marks(text: str) -> set[str]:
    """Words that tell something; single signs where words are not parted by spaces."""
    signs = set(_SIGN.findall(text))
    return signs | {word for word in telling_words(text) if not _SIGN.search(word)}


def _size(messages: Sequence[Message]) -> int:
    return sum(estimate_tokens(message.content) for message in messages)
