"""What goes over the wire to PostgreSQL: a socket in between that counts a client's messages."""

import contextlib
import socket
import struct
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from attrs import define, field
from psycopg.conninfo import conninfo_to_dict, make_conninfo

NAMES = {
    b"P": "Parse", b"B": "Bind", b"D": "Describe", b"E": "Execute", b"S": "Sync", b"Q": "Query",
    b"C": "Close", b"X": "Terminate", b"p": "Password", b"H": "Flush",
}  # fmt: skip
_PIECE = 65_536
_HEAD = 5


@define
class Reader:
    """Takes a client's bytes, piece by piece, and names the messages that begin in them."""

    left: int = 0
    """How many bytes of a message are still to come."""
    head: bytes = b""
    has_started: bool = False

    def feed(self, data: bytes) -> list[str]:
        """The names of the messages that begin here; what opens a connection is none."""
        names = []
        while data:
            skipped = min(self.left, len(data))
            self.left -= skipped
            data = data[skipped:]
            wanted = _HEAD if self.has_started else _HEAD - 1
            taken = data[: wanted - len(self.head)]
            self.head += taken
            data = data[len(taken) :]
            if len(self.head) == wanted:
                (length,) = struct.unpack("!I", self.head[-4:])
                if self.has_started:
                    kind = self.head[:1]
                    names.append(NAMES.get(kind, kind.decode("latin-1")))
                self.left, self.head, self.has_started = length - 4, b"", True
        return names


@define
class Wire:
    """What was counted so far, and the URL that goes through it."""

    url: str
    counts: Counter[str] = field(factory=Counter)


@contextmanager
def listening(url: str) -> Iterator[Wire]:
    """A way to the database of ``url``, which must be reached by a unix socket."""
    known = conninfo_to_dict(url)
    name = f".s.PGSQL.{known['port']}"
    target = str(Path(str(known["host"])) / name)
    with tempfile.TemporaryDirectory(prefix="companion-wire-") as folder:
        wire = Wire(make_conninfo(url, host=folder))
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(Path(folder) / name))
            listener.listen()
            Thread(target=_accept, args=(listener, target, wire.counts), daemon=True).start()
            try:
                yield wire
            finally:
                listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, target: str, counts: Counter[str]) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        server = socket.socket(socket.AF_UNIX)
        server.connect(target)
        for source, sink, seen in ((client, server, counts), (server, client, None)):
            Thread(target=_pass_on, args=(source, sink, seen), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket, counts: Counter[str] | None) -> None:
    reader = Reader()
    with contextlib.suppress(OSError):
        while data := source.recv(_PIECE):
            if counts is not None:
                counts.update(reader.feed(data))
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
