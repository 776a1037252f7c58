"""The accounts that the local issuer knows: one JSON file each."""

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import Factory, asdict, frozen


@frozen
class Account:
    """What is known of an account; a deleted one has nothing but ``tokens_valid_after``."""

    exists: bool = True
    disabled: bool = False
    tokens_valid_after: int = 0
    """Milliseconds since 1970: sign-ins before that moment are over."""
    claims: Mapping[str, Any] = Factory(dict)


class AccountDirectory:
    """Accounts by subject, over processes. Raises ``OSError`` when the disk does not obey.

    A file is named by a hash of the subject, which may hold any character, and holds no subject.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def find(self, subject: str) -> Account:
        """The account; one that does not exist says so itself. ``ValueError`` for a broken file."""
        try:
            return Account(**json.loads(self._file(subject).read_bytes()))
        except FileNotFoundError:
            return Account(exists=False)

    def change(self, subject: str, to: Callable[[Account], Account]) -> Account:
        """Put ``to(account)`` in the account's place; changes never overlap."""
        with self._locked():
            before = self.find(subject)
            after = to(before)
            if after != before:
                self._write(self._file(subject), after)
            return after

    def _file(self, subject: str) -> Path:
        return self._folder / f"{hashlib.sha256(subject.encode()).hexdigest()}.json"

    def _write(self, file: Path, account: Account) -> None:
        handle, name = tempfile.mkstemp(prefix=".account-", dir=self._folder)
        try:
            with os.fdopen(handle, "w") as draft:
                json.dump(asdict(account), draft)
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
