"""CHARX: a zip archive with ``card.json`` and the card's assets, maybe behind a JPEG.

The archive is read by its own directory only, and before anything is unpacked it is clear how
much there will be: sizes, number and names of all files are checked first, and no two of them may
share bytes, which is how a small archive could become a large one.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import frozen

from domain.errors import InvalidRequest, PayloadTooLarge
from entrypoints.card_files.inflating import inflate
from entrypoints.card_files.limits import MAX_CARD, MAX_MEMBERS, MAX_UNPACKED
from entrypoints.card_files.paths import CARD_NAME, checked_path

LOCAL_SIGNATURE: Final = b"PK\x03\x04"
END_SIGNATURE: Final = b"PK\x05\x06"
_DIRECTORY_SIGNATURE = b"PK\x01\x02"
_ZIP64_SIGNATURE = b"PK\x06\x07"
_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 65_535
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1
_UTF8_NAMES = 0x800
_VERSION = 20
_EPOCH = 0x21
"""1 January 1980, the first day that a zip file knows: equal cards are equal files."""


@frozen
class CharxCard:
    """What an archive holds: the card's JSON, all other files, and what stands before it."""

    card: bytes
    files: Mapping[str, bytes]
    prefix: bytes


@frozen
class _Member:
    name: str
    method: int
    checksum: int
    packed: int
    size: int
    start: int
    """Where its local header is, counted from the beginning of the bytes."""


def is_archive(raw: bytes) -> bool:
    """Whether this may be a zip file, also one behind something else."""
    return raw.startswith((LOCAL_SIGNATURE, END_SIGNATURE)) or _find_end(raw) >= 0


def read_charx(raw: bytes) -> CharxCard:
    """The card in an archive; raises ``InvalidRequest`` or ``PayloadTooLarge``."""
    members = _directory(raw)
    sizes = {member.name: member.size for member in members}
    if sizes.get(CARD_NAME) is None:
        raise InvalidRequest(f"The archive has no {CARD_NAME}.")
    if sizes[CARD_NAME] > MAX_CARD or sum(sizes.values()) > MAX_UNPACKED:
        raise PayloadTooLarge("What the archive holds is too large when it is unpacked.")
    files = dict(_unpacked(raw, members))
    card = files.pop(CARD_NAME)
    if any(content.startswith((LOCAL_SIGNATURE, END_SIGNATURE)) for content in files.values()):
        raise InvalidRequest("An archive inside of a card's archive is not taken.")
    return CharxCard(card, files, raw[: min(member.start for member in members)])


def write_charx(card: bytes, files: Mapping[str, bytes]) -> bytes:
    """An archive of the card and its files, the same for the same card."""
    parts: list[bytes] = []
    directory: list[bytes] = []
    position = 0
    for path, content in {CARD_NAME: card, **files}.items():
        name, checksum = path.encode(), zlib.crc32(content)
        method, packed = _STORED, content
        if path == CARD_NAME:
            machine = zlib.compressobj(6, zlib.DEFLATED, -15)
            method, packed = _DEFLATED, machine.compress(content) + machine.flush()
        facts = (method, 0, _EPOCH, checksum, len(packed), len(content), len(name))
        parts += [
            _LOCAL.pack(LOCAL_SIGNATURE, _VERSION, _UTF8_NAMES, *facts, 0),
            name,
            packed,
        ]
        directory += [
            _ENTRY.pack(
                _DIRECTORY_SIGNATURE, _VERSION, _VERSION, _UTF8_NAMES, *facts, 0, 0, 0, 0, 0,
                position,
            ),
            name,
        ]  # fmt: skip
        position += _LOCAL.size + len(name) + len(packed)
    listed, count = b"".join(directory), len(files) + 1
    end = _END.pack(END_SIGNATURE, 0, 0, count, count, len(listed), position, 0)
    return b"".join((*parts, listed, end))


def _find_end(raw: bytes) -> int:
    """Where the record that ends the directory is, -1 if there is none."""
    return raw.rfind(END_SIGNATURE, max(0, len(raw) - _END.size - _LONGEST_COMMENT))


def _directory(raw: bytes) -> list[_Member]:
    """The files in the archive."""
    end = _find_end(raw)
    if end < 0 or end + _END.size > len(raw):
        raise InvalidRequest("The archive is cut off.")
    _, disk, first_disk, here, count, size, offset, _ = _END.unpack_from(raw, end)
    if raw[end - 20 : end - 16] == _ZIP64_SIGNATURE or disk or first_disk or here != count:
        raise InvalidRequest("Archives in several parts or of the large kind are not taken.")
    if count > MAX_MEMBERS:
        raise PayloadTooLarge(f"The archive has more than {MAX_MEMBERS} files.")
    start = end - size
    beginning = start - offset
    if start < 0 or beginning < 0:
        raise InvalidRequest("The archive's directory is damaged.")
    members: list[_Member] = []
    names: set[str] = set()
    position = start
    for _ in range(count):
        member, position = _entry(raw, position, end, beginning, names)
        if member is not None:
            members.append(member)
            names.add(member.name)
    if position != end:
        raise InvalidRequest("The archive's directory is damaged.")
    return members


def _entry(
    raw: bytes, position: int, end: int, beginning: int, names: set[str]
) -> tuple[_Member | None, int]:
    """The file of one entry, None for a folder, and where the next entry is."""
    if position + _ENTRY.size > end:
        raise InvalidRequest("The archive's directory is damaged.")
    (
        signature, _, _, flags, method, _, _, checksum, packed, size, name_length, extra_length,
        comment_length, _, _, _, offset,
    ) = _ENTRY.unpack_from(raw, position)  # fmt: skip
    name_end = position + _ENTRY.size + name_length
    following = name_end + extra_length + comment_length
    if signature != _DIRECTORY_SIGNATURE or following > end:
        raise InvalidRequest("The archive's directory is damaged.")
    if flags & _ENCRYPTED:
        raise InvalidRequest("Encrypted archives are not taken.")
    if method not in {_STORED, _DEFLATED}:
        raise InvalidRequest("A file in the archive is packed in an unknown way.")
    if method == _STORED and packed != size:
        raise InvalidRequest("A file in the archive is damaged.")
    raw_name = raw[position + _ENTRY.size : name_end]
    name = raw_name.decode("utf-8" if flags & _UTF8_NAMES else "cp437", "replace")
    if not flags & _UTF8_NAMES:
        name = _as_utf8(raw_name) or name
    path = checked_path(name.removesuffix("/"), names)
    if name.endswith("/"):
        return None, following
    return _Member(path, method, checksum, packed, size, beginning + offset), following


def _as_utf8(name: bytes) -> str | None:
    """Many programs write UTF-8 without saying so."""
    try:
        return name.decode()
    except UnicodeDecodeError:
        return None


def _unpacked(raw: bytes, members: list[_Member]) -> Iterator[tuple[str, bytes]]:
    """Each file with its bytes, in the order in which they lie."""
    free = 0
    room = MAX_UNPACKED
    for member in sorted(members, key=lambda one: one.start):
        header = raw[member.start : member.start + _LOCAL.size]
        if member.start < free or len(header) < _LOCAL.size or header[:4] != LOCAL_SIGNATURE:
            raise InvalidRequest("The files in the archive lie over each other.")
        *_, name_length, extra_length = _LOCAL.unpack(header)
        begin = member.start + _LOCAL.size + name_length + extra_length
        free = begin + member.packed
        if free > len(raw):
            raise InvalidRequest("The archive is cut off.")
        packed = raw[begin:free]
        what = "A file in the archive"
        if member.method == _DEFLATED:
            most = min(member.size, room)
            content = inflate(packed, most, what, is_raw=True)
        else:
            content = packed
        room -= len(content)
        if len(content) != member.size or zlib.crc32(content) != member.checksum:
            raise InvalidRequest(f"{what} is damaged.")
        yield member.name, content
