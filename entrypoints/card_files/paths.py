"""Names of files inside of cards: never a way to somewhere else."""

import re
from collections.abc import Container
from typing import Final

from domain.errors import InvalidRequest
from entrypoints.card_files.limits import MAX_PATH

CARD_NAME: Final = "card.json"
"""What the card itself is called in an archive."""
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_DRIVE = re.compile(r"[A-Za-z]:")


def checked_path(path: str, taken: Container[str]) -> str:
    """The path, if it names a file below the archive's root that is not among ``taken``.

    Raises ``InvalidRequest``.
    """
    steps = path.split("/")
    is_odd = (
        not 0 < len(path) <= MAX_PATH
        or "\\" in path
        or _UNPRINTABLE.search(path)
        or _DRIVE.match(path)
        or any(step.strip(". ") == "" for step in steps)
    )
    if is_odd:
        raise InvalidRequest("A file in the card has a name that leads elsewhere.")
    if path in taken:
        raise InvalidRequest("Two files in the card have one name.")
    return path
