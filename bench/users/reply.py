"""One reply as somebody reads it, maybe over several streams."""

import json
from typing import Any

from attrs import Factory, define

from bench.users.events import Event

_END = "[DONE]"


@define
class Reply:
    """What has come so far; ``first_at`` is when the first words did, by the reader's clock."""

    text: str = ""
    session_id: str | None = None
    turn_id: str | None = None
    last_id: str | None = None
    first_at: float | None = None
    is_done: bool = False
    error: str | None = None
    ids: list[str] = Factory(list)

    def take(self, event: Event, at: float) -> None:
        """Read one event."""
        if event.id:
            self.last_id = event.id
            self.ids.append(event.id)
        if event.data == _END:
            self.is_done = True
            return
        chunk = json.loads(event.data)
        if "error" in chunk:
            self.error = str(chunk["error"].get("code"))
            return
        self._take_names(chunk.get("companion") or {})
        words = "".join(choice["delta"].get("content") or "" for choice in chunk["choices"])
        if words and self.first_at is None:
            self.first_at = at
        self.text += words

    def fault(self, kept: str | None = None) -> str | None:
        """What is wrong with a stream that has ended, None when nothing is.

        ``kept`` is the reply as the server stored it.
        """
        if self.error is not None:
            return f"the stream ended with the error {self.error}"
        if not self.is_done:
            return "the stream ended without its end"
        if len(set(self.ids)) < len(self.ids):
            return "an event came twice"
        if kept is not None and kept != self.text:
            return f"{len(self.text)} characters were streamed, {len(kept)} were stored"
        return None

    def _take_names(self, companion: dict[str, Any]) -> None:
        self.session_id = companion.get("session_id", self.session_id)
        self.turn_id = companion.get("turn_id", self.turn_id)
