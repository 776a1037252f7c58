"""Server-sent events as they arrive, cut anywhere."""

from attrs import define, field, frozen


@frozen
class Event:
    """One event; ``id`` is empty when it has none."""

    id: str
    data: str


@define
class EventReader:
    """Puts pieces of a stream together; comments are left out."""

    _rest: bytes = field(default=b"", init=False)

    def feed(self, piece: bytes) -> list[Event]:
        """The events that this piece completes."""
        *blocks, self._rest = (self._rest + piece).split(b"\n\n")
        return [event for event in map(_read, blocks) if event.id or event.data]


def _read(block: bytes) -> Event:
    fields: dict[str, list[str]] = {}
    for line in block.decode().splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name, []).append(value.removeprefix(" "))
    return Event("".join(fields.get("id", ())[-1:]), "\n".join(fields.get("data", ())))
