"""A reply as it arrives, piece by piece."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
from attrs import Factory, define, field, frozen

DONE = "[DONE]"


@frozen
class Event:
    """One event: its id and its data, a JSON value or ``DONE``."""

    id: str
    data: Any

    @property
    def text(self) -> str:
        """The piece of the reply in it."""
        if self.data == DONE or not self.data.get("choices"):
            return ""
        return self.data["choices"][0]["delta"].get("content") or ""


def _events(lines: Iterator[str]) -> Iterator[Event]:
    event_id = ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "id":
            event_id = value
        elif name == "data":
            yield Event(event_id, DONE if value == DONE else json.loads(value))


@define
class Stream:
    """The events of an open answer, read only as far as somebody asks."""

    response: httpx.Response
    events: list[Event] = Factory(list)
    _incoming: Iterator[Event] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._incoming = _events(self.response.iter_lines())

    @property
    def text(self) -> str:
        """What has been read of the reply."""
        return "".join(event.text for event in self.events)

    @property
    def companion(self) -> Any:
        """What the product has said of the reply lately, None if it has not."""
        told = [event.data for event in self.events if event.data != DONE]
        return next((data["companion"] for data in told[::-1] if data.get("companion")), None)

    @property
    def error(self) -> Any:
        """The error that ended it, None if there is none."""
        last = self.events[-1].data
        return last.get("error") if last != DONE else None

    @property
    def is_complete(self) -> bool:
        """Whether it ended as a whole reply does."""
        return bool(self.events) and self.events[-1].data == DONE

    def read_words(self, words: int) -> None:
        """Read until this many words have come."""
        while len(self.text.split()) < words:
            self.events.append(next(self._incoming))

    def read_start(self) -> None:
        """Read the first event."""
        if not self.events:
            self.events.append(next(self._incoming))

    def read_all(self) -> None:
        """Read to the end."""
        self.events.extend(self._incoming)
        self.response.close()

    def close(self) -> None:
        """Leave, wherever it is."""
        self.response.close()
