"""What an embedded part says when it cannot do its work."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class EmbeddedPartError(Exception):
    """An embedded part cannot start; fit to be shown to a person as it is.

    ``message`` is one line on what is wrong, ``hint`` one line on the way out. Not a refusal of
    the product: it ends the start of a process, never a request.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}\n{hint}")
        self.message = message
        self.hint = hint


NO_SPACE_HINT = "Free some space there, or set DATA_DIR to a folder on another disk."
NOT_WRITABLE_HINT = "Give this user write access there, or set DATA_DIR to another folder."


@contextmanager
def explained(message: str) -> Iterator[None]:
    """Turn an ``OSError`` into an ``EmbeddedPartError`` that says what to do about it."""
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise EmbeddedPartError(
            f"{message}: {error.strerror or error}.", NO_SPACE_HINT if full else NOT_WRITABLE_HINT
        ) from error
