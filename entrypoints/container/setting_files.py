"""Files that settings name: what is wrong with one is said by the setting's name."""

from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import InvalidRequest
from entrypoints.config import SettingsError


@contextmanager
def file_of(setting: str, what: str) -> Iterator[None]:
    """Around reading it; raises ``SettingsError`` if it is not there, or is no ``what``.

    What stands in the file is never quoted: it may be a key.
    """
    try:
        yield
    except OSError as error:
        message = f"{setting} cannot be read: {error.filename}: {error.strerror}."
        raise SettingsError([message]) from error
    except (ValueError, InvalidRequest) as error:
        message = f"{setting} does not name {what}."
        raise SettingsError([message]) from error
