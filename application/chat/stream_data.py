"""The JSON that a turn's events carry: the ``companion`` object of the HTTP contract and errors.

It is made here, once, so that every follower and every process sends the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from domain.chat import Receipt, Turn
from domain.errors import DomainError
from domain.memory.memories import Memory
from domain.pricing import Usage


def start_data(turn: Turn, memories: Sequence[Memory], balance: int) -> bytes:
    """The first event: ids and what was recalled; there is no receipt yet."""
    return _encode(_companion(turn, memories, None, balance))


def finish_data(
    turn: Turn,
    memories: Sequence[Memory],
    receipt: Receipt,
    balance: int,
    finish_reason: str,
) -> bytes:
    """The event before the last: ``{finish_reason, usage, companion}``."""
    return _encode({
        "finish_reason": finish_reason,
        "usage": usage_json(receipt.usage),
        "companion": _companion(turn, memories, receipt, balance),
    })  # fmt: skip


def error_data(error: DomainError) -> bytes:
    """The last event of a turn that failed: ``{code, message}``."""
    return _encode({"code": error.code, "message": error.message})


def usage_json(usage: Usage) -> dict[str, Any]:
    """Usage as OpenAI writes it."""
    return {
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "total_tokens": usage.prompt + usage.completion,
        "prompt_tokens_details": {"cached_tokens": usage.cached},
    }


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt as the contract writes it."""
    return {
        "held": receipt.held,
        "charged": receipt.charged,
        "released": receipt.released,
        "price_version": receipt.price_version,
        "usage_source": "reported" if receipt.usage.reported else "estimated",
        "buckets": [
            {"bucket": bucket.value, "credits": amount}
            for bucket, amount in receipt.buckets.items()
        ],
    }


def _companion(
    turn: Turn, memories: Sequence[Memory], receipt: Receipt | None, balance: int
) -> dict[str, Any]:
    return {
        "session_id": turn.session_id,
        "turn_id": turn.id,
        "message_id": turn.message_id,
        "user_message_id": turn.user_message_id,
        "memories": [{"id": memory.id, "text": memory.text} for memory in memories],
        "notices": [
            {"kind": notice.kind, "text": notice.text, "version": notice.version}
            for notice in turn.notices
        ],
        "receipt": None if receipt is None else receipt_json(receipt),
        "balance": balance,
    }


def _encode(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
