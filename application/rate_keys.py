"""Under which keys a user's requests and streams are counted."""


def user_key(user_id: str) -> str:
    """Requests."""
    return f"user:{user_id}"


def stream_slot(user_id: str) -> str:
    """Streams at once."""
    return f"streams:{user_id}"


def crisis_key(user_id: str) -> str:
    """Answers to a crisis that were stored."""
    return f"crisis:{user_id}"
