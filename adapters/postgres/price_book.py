"""The published price tables."""

from time import monotonic

from adapters.postgres import codec
from adapters.postgres.connection import PostgresPool
from domain.errors import Conflict, NotFound, Unavailable
from domain.pricing import PriceTable

_FRESH_SECONDS = 30.0

_CURRENT = "SELECT contents FROM price_tables ORDER BY version DESC LIMIT 1"
_GET = "SELECT contents FROM price_tables WHERE version = %(version)s"

# One after the other, so that no greater version slips in between looking and publishing.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('price_tables'))"
_PUBLISH = """
WITH published AS (
    INSERT INTO price_tables (version, contents)
    SELECT %(version)s::integer, %(contents)s::json
    WHERE NOT EXISTS (SELECT FROM price_tables WHERE version >= %(version)s)
    RETURNING version
)
SELECT EXISTS (SELECT FROM published),
    (SELECT contents FROM price_tables WHERE version = %(version)s)"""


class PostgresPriceBook:
    """Price tables by version; what was published stays as it was, so it is read only once."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool
        self._tables: dict[int, PriceTable] = {}
        self._current: PriceTable | None = None
        self._read_at = 0.0

    async def current(self) -> PriceTable:
        if self._current is not None and monotonic() - self._read_at < _FRESH_SECONDS:
            return self._current
        asked_at = monotonic()
        row = await self._pool.read_one(_CURRENT, {})
        if row is None:
            raise Unavailable("No prices are published.")
        self._current, self._read_at = codec.prices(codec.present(row[0])), asked_at
        return self._current

    async def get(self, version: int) -> PriceTable:
        if version not in self._tables:
            row = await self._pool.read_one(_GET, {"version": version})
            if row is None:
                raise NotFound("There is no price table of this version.")
            self._tables[version] = codec.prices(codec.present(row[0]))
        return self._tables[version]

    async def publish(self, table: PriceTable) -> bool:
        values = {"version": table.version, "contents": codec.document(table)}
        rows = await self._pool.together([(_LOCK, {}), (_PUBLISH, values)])
        is_published, known = rows[0]
        self._current = None
        if is_published == b"t":
            return True
        if known is None:
            raise Conflict("A greater version of the prices is in force.")
        if codec.prices(known) != table:
            raise Conflict("This version of the prices is published with other contents.")
        return False
