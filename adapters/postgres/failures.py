"""What an error of PostgreSQL means to the product."""

from psycopg import Error

from adapters.postgres.link import LinkLost
from adapters.postgres.link_pool import NoLink
from domain.errors import Unavailable

_UNAVAILABLE_CLASSES = (
    "08",   # the connection failed
    "53",   # out of memory, of disk, of connections
    "57",   # shut down, restarting, or the statement took too long
    "58",   # the server's own disk or files failed
)  # fmt: skip
_UNAVAILABLE_STATES = frozenset({
    "0A000",  # a migration has changed what a prepared statement was planned for
    "25006",  # a standby that was the primary a moment ago
    "25P03",  # a transaction was left idle
    "26000",  # somebody between us and the server has forgotten our prepared statements
    "40001",  # could not be serialised
    "40P01",  # deadlock
    "55P03",  # a row stayed locked
})  # fmt: skip


def translated(error: Error) -> Exception:
    """``Unavailable`` when trying again may help; otherwise the error itself."""
    state = error.sqlstate or ""
    if (
        isinstance(error, LinkLost | NoLink)
        or state.startswith(_UNAVAILABLE_CLASSES)
        or state in _UNAVAILABLE_STATES
    ):
        return Unavailable("The database does not answer. Try again in a moment.")
    return error
