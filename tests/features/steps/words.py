"""What the words of the features mean to the product."""

import re
from datetime import datetime
from typing import Any

from tests.features.world import Answer, World

REASONS = {
    "the credits do not suffice": (402, "insufficient_credits"),
    "a higher tier is needed": (403, "tier_required"),
    "the account is suspended": (403, "account_suspended"),
    "only administrators may do that": (403, "forbidden"),
    "the request is not valid": (400, "invalid_request"),
    "the message is too long": (400, "invalid_request"),
    "the amount or its reason is not valid": (422, "invalid_request"),
    "there were too many requests": (429, "rate_limited"),
    "too many replies are being written": (429, "rate_limited"),
    "the model is unavailable": (503, "model_unavailable"),
    "the content is blocked": (400, "content_blocked"),
    "the sign-in is not valid": (401, "unauthenticated"),
    "the sign-in is too old": (401, "token_expired"),
    "there is no such thing": (404, "not_found"),
    "the store is not open": (422, "invalid_request"),
    "it is so already": (409, "conflict"),
    "the file is too large": (413, "payload_too_large"),
    "the key belongs to another request": (422, "idempotency_key_reused"),
}


def assert_refused(answer: Answer, reason: str) -> None:
    """It was refused, for this reason, and for no other."""
    status, code = REASONS[reason]
    assert answer.error is not None, f"not refused: {answer.json}"
    assert answer.error["code"] == code, answer.error
    assert answer.status == status or (code, answer.status) == ("invalid_request", 422), answer


def character_id(name: str) -> str:
    """The id of a character by first name."""
    return name.lower()


def moment(text: str) -> datetime:
    """A point in time as features write it, such as "6 March 2026 at 00:01" (UTC)."""
    return datetime.strptime(f"{text} +0000", "%d %B %Y at %H:%M %z")


def quoted(text: str) -> list[str]:
    """All parts in double quotes."""
    return re.findall(r'"([^"]*)"', text)


def sessions_of(world: World, name: str) -> list[Any]:
    """The person's sessions, newest first."""
    return world.pages(name, "/v1/chat/sessions")


def messages_of(world: World, name: str, session_id: str | None = None) -> list[Any]:
    """The messages of the session, by default of the person's current one, oldest first."""
    found = session_id or world.person(name).session_id
    if found is None:
        sessions = sessions_of(world, name)
        if not sessions:
            return []
        found = sessions[0]["id"]
    return world.pages(name, f"/v1/chat/sessions/{found}/messages")[::-1]


def last_reply(world: World, name: str) -> Any:
    """What is kept of the latest reply in the person's session, None if there is nothing."""
    messages = messages_of(world, name)
    return messages[-1] if messages and messages[-1]["role"] == "assistant" else None
