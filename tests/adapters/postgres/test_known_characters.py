"""What a process keeps of the characters that it has read is bounded."""

import msgspec

from adapters.postgres.known_characters import KnownCharacters
from tests.contracts.builders import make_character

MEGABYTE = 1024 * 1024


def document(number: int, size: int = 0) -> tuple[bytes, bytes]:
    character = make_character(f"luna-{number}", card={"data": {"notes": "x" * size}})
    return f"luna-{number}:1".encode(), msgspec.json.encode(character)


def known(*documents: tuple[bytes, bytes]) -> KnownCharacters:
    found = KnownCharacters()
    for key, raw in documents:
        found = found.with_new(key, raw)
    return found


def test_the_first_ones_go_when_there_are_too_many() -> None:
    found = known(*(document(number) for number in range(103)))
    assert len(found.by_key) == len(found.sizes) == 100
    assert b"luna-2:1" not in found.by_key
    assert found.listed.count(b"\n") == 101
    assert b"\nluna-3:1\n" in found.listed


def test_the_first_ones_go_when_they_are_too_large() -> None:
    found = known(*(document(number, 4 * MEGABYTE) for number in range(10)))
    assert len(found.by_key) == 7
    assert b"\nluna-9:1\n" in found.listed


def test_one_is_kept_however_large() -> None:
    assert len(known(document(1, 40 * MEGABYTE)).by_key) == 1
