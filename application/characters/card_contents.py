"""The files of a card on their way into the store."""

from collections.abc import Mapping
from hashlib import sha256

from attrs import frozen

from domain.characters import CardFile


@frozen
class CardContents:
    """Files by name, and what is known of each."""

    files: tuple[CardFile, ...]
    by_digest: Mapping[str, bytes]


def card_contents(files: Mapping[str, bytes], media_types: Mapping[str, str]) -> CardContents:
    """The files with their digests and sizes."""
    notes: list[CardFile] = []
    by_digest: dict[str, bytes] = {}
    for name, content in files.items():
        digest = sha256(content).hexdigest()
        by_digest[digest] = content
        notes.append(CardFile(name, media_types[name], len(content), digest))
    return CardContents(tuple(notes), by_digest)
