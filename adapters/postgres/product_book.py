"""The published catalogues of products."""

from time import monotonic

from adapters.postgres import codec, market_codec
from adapters.postgres.connection import PostgresPool
from domain.errors import Conflict, Unavailable
from domain.market.products import Catalogue

_FRESH_SECONDS = 30.0

_CURRENT = "SELECT contents FROM product_catalogues ORDER BY version DESC LIMIT 1"

# One after the other, so that no greater version slips in between looking and publishing.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('product_catalogues'))"
_PUBLISH = """
WITH published AS (
    INSERT INTO product_catalogues (version, contents)
    SELECT %(version)s::integer, %(contents)s::json
    WHERE NOT EXISTS (SELECT FROM product_catalogues WHERE version >= %(version)s)
    RETURNING version
)
SELECT EXISTS (SELECT FROM published),
    (SELECT contents FROM product_catalogues WHERE version = %(version)s)"""


class PostgresProductBook:
    """Catalogues by version; what was published stays as it was."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool
        self._current: Catalogue | None = None
        self._read_at = 0.0

    async def current(self) -> Catalogue:
        if self._current is not None and monotonic() - self._read_at < _FRESH_SECONDS:
            return self._current
        asked_at = monotonic()
        row = await self._pool.read_one(_CURRENT, {})
        if row is None:
            raise Unavailable("No products are published.")
        self._current = market_codec.catalogue(codec.present(row[0]))
        self._read_at = asked_at
        return self._current

    async def publish(self, catalogue: Catalogue) -> bool:
        values = {"version": catalogue.version, "contents": codec.document(catalogue)}
        rows = await self._pool.together([(_LOCK, {}), (_PUBLISH, values)])
        is_published, known = rows[0]
        self._current = None
        if is_published == b"t":
            return True
        if known is None:
            raise Conflict("A greater version of the products is in force.")
        if market_codec.catalogue(known) != catalogue:
            raise Conflict("This version of the products is published with other contents.")
        return False
