"""Documents of which one version after the other is put in force, and none is ever changed."""

from collections.abc import Callable
from time import monotonic
from typing import Generic, Protocol, TypeVar

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from domain.errors import Conflict, NotPublished

_FRESH_SECONDS = 30.0


class Versioned(Protocol):
    """Something that is published."""

    @property
    def version(self) -> int: ...


DocumentT = TypeVar("DocumentT", bound=Versioned)


class PublishedVersions(Generic[DocumentT]):
    """The rows of ``table``; ``name`` is what its documents are called in errors."""

    def __init__(
        self, pool: PostgresPool, table: str, name: str, decode: Callable[[bytes], DocumentT]
    ) -> None:
        self._pool = pool
        self._name = name
        self._decode = decode
        self._current: DocumentT | None = None
        self._read_at = 0.0
        self._latest = f"SELECT contents FROM {table} ORDER BY version DESC LIMIT 1"
        self._get = f"SELECT contents FROM {table} WHERE version = %(version)s"
        # One after the other, so that no greater version slips in between looking and publishing.
        self._lock = f"SELECT pg_advisory_xact_lock(hashtext('{table}'))"
        self._publish = f"""
WITH published AS (
    INSERT INTO {table} (version, contents)
    SELECT %(version)s::integer, %(contents)s::json
    WHERE NOT EXISTS (SELECT FROM {table} WHERE version >= %(version)s)
    RETURNING version
)
SELECT EXISTS (SELECT FROM published),
    (SELECT contents FROM {table} WHERE version = %(version)s)"""

    async def current(self) -> DocumentT:
        """The greatest version, at most 30 s old; raises ``NotPublished`` when there is none."""
        if self._current is not None and monotonic() - self._read_at < _FRESH_SECONDS:
            return self._current
        asked_at = monotonic()
        row = await self._pool.read_one(self._latest, {})
        if row is None:
            message = f"No {self._name} are published."
            raise NotPublished(message)
        self._current, self._read_at = self._decode(codec.present(row[0])), asked_at
        return self._current

    async def find(self, version: int) -> DocumentT | None:
        """The document of one version."""
        row = await self._pool.read_one(self._get, {"version": version})
        return self._decode(codec.present(row[0])) if row else None

    async def publish(self, document: DocumentT) -> bool:
        """Whether it is new; raises ``Conflict`` for other contents or an older version."""
        values = {"version": document.version, "contents": codec.document(document)}
        rows = await self._pool.together([(self._lock, {}), (self._publish, values)])
        is_published, known = rows[0]
        self._current = None
        if is_published == b"t":
            return True
        if known is None:
            message = f"A greater version of the {self._name} is in force."
            raise Conflict(message)
        if self._decode(known) != document:
            message = f"This version of the {self._name} is published with other contents."
            raise Conflict(message)
        return False
