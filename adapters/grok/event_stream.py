"""Server-sent events, as far as a model's reply uses them."""


class EventSplitter:
    r"""Cuts a byte stream into the data of its events.

    Works on bytes, so a block may end anywhere, inside a character too. Lines end with ``\n`` or
    ``\r\n``; a lone ``\r`` is white space, as it is in JSON. Comments and other fields are
    dropped. What it holds back is bounded by whoever feeds it.
    """

    __slots__ = ("_data", "_rest")

    def __init__(self) -> None:
        self._rest: list[bytes] = []
        self._data: list[bytes] = []

    def feed(self, block: bytes) -> list[bytes]:
        """The data of each event that this block completes."""
        if b"\n" not in block:
            self._rest.append(block)
            return []
        if self._rest:
            self._rest.append(block)
            block = b"".join(self._rest)
            self._rest.clear()
        lines = block.split(b"\n")
        if lines[-1]:
            self._rest.append(lines[-1])
        del lines[-1]
        events = []
        data = self._data
        for line in lines:
            if line.startswith(b"data:"):
                data.append(line[5:])
            elif data and line in {b"", b"\r"}:
                events.append(data[0] if len(data) == 1 else b"\n".join(data))
                data.clear()
        return events

    def finish(self) -> list[bytes]:
        """The data of an event that the end of the stream left without its empty line."""
        return self.feed(b"\n\n")
