"""Rows to values and back.

PostgreSQL writes a row as one JSON document, and msgspec makes the domain's value of it in one go,
which is the cheapest way there is in Python. Each constant here is the SQL expression for one such
document, over a table with the alias that stands beside it; below are the matching decoders.
"""

from typing import Any

import msgspec
from pgvector import HalfVector

from adapters.postgres.statement import storable
from application.ports.job_runs import JobRun
from domain.accounts import User
from domain.characters import Character
from domain.chat import Message, Session, Turn
from domain.ledger import LedgerEntry
from domain.memory.memories import Embedding
from domain.pricing import PriceTable
from domain.wallet import Wallet

LAST_ID = "\U0010ffff"
"""Sorts behind every id."""
LAST_NUMBER = 2**63 - 1
"""Greater than every number that is given out."""

# users u, identities i
USER = """json_build_object(
    'id', u.id, 'subject', i.subject, 'tier', u.tier, 'created_at', u.created_at,
    'display_name', u.display_name, 'country', u.country, 'age_band', u.age_band,
    'age_band_source', u.age_band_source, 'age_band_at', u.age_band_at,
    'suspended_at', u.suspended_at, 'suspended_reason', u.suspended_reason,
    'noticed_at', u.noticed_at)"""

# wallets w
WALLET = """json_build_object(
    'user_id', w.user_id, 'version', w.version, 'lots', w.lots, 'holds', w.holds,
    'debt', w.debt, 'daily_on', w.daily_on, 'entry_count', w.entry_count)"""

# ledger e
ENTRY = """json_build_object(
    'seq', e.seq, 'kind', e.kind, 'bucket', e.bucket, 'lot_id', e.lot_id, 'amount', e.amount,
    'debt', e.debt, 'balance_after', e.balance_after, 'reference', e.reference,
    'description', e.description, 'created_at', e.created_at)"""

# sessions s
SESSION = """json_build_object(
    'id', s.id, 'user_id', s.user_id, 'character_id', s.character_id,
    'character_version', s.character_version, 'title', s.title,
    'created_at', s.created_at, 'updated_at', s.updated_at, 'summary', s.summary,
    'summarized_until', s.summarized_until)"""

# messages m
MESSAGE = """json_build_object(
    'id', m.id, 'session_id', m.session_id, 'position', m.position, 'role', m.role,
    'content', m.content, 'status', m.status, 'created_at', m.created_at,
    'turn_id', m.turn_id, 'receipt', m.receipt)"""

# turns t
TURN = """json_build_object(
    'id', t.id, 'user_id', t.user_id, 'session_id', t.session_id,
    'character_id', t.character_id, 'user_message_id', t.user_message_id,
    'message_id', t.message_id, 'status', t.status, 'created_at', t.created_at, 'held', t.held,
    'price_version', t.price_version, 'stream', t.stream, 'include_usage', t.include_usage,
    'memory_ids', t.memory_ids, 'finish_reason', t.finish_reason, 'error_code', t.error_code,
    'receipt', t.receipt, 'notices', t.notices, 'prompt', t.prompt)"""

# character_versions c
CHARACTER = """json_build_object(
    'id', c.character_id, 'version', c.version, 'name', c.name, 'tagline', c.tagline,
    'description', c.description, 'greeting', c.greeting, 'persona', c.persona, 'tags', c.tags,
    'min_tier', c.min_tier, 'card', c.card, 'avatar_url', c.avatar_url, 'rating', c.rating,
    'files', c.files, 'picture', c.picture)"""

# job_runs r
RUN = """json_build_object(
    'id', r.id, 'job', r.job, 'slot', r.slot, 'started_at', r.started_at,
    'finished_at', r.finished_at, 'outcome', r.outcome, 'error', r.error)"""

# What json_to_recordset makes of lists of these values.
ENTRY_COLUMNS = """(
    seq bigint, kind text, bucket text, lot_id text, amount bigint, debt bigint,
    balance_after bigint, reference text, description text, created_at timestamptz)"""
SESSION_COLUMNS = """(
    id text, character_id text, character_version integer, title text,
    created_at timestamptz, updated_at timestamptz)"""
MESSAGE_COLUMNS = """(
    session_id text, position bigint, id text, role text, content text, status text,
    created_at timestamptz, turn_id text, receipt json)"""

# A wallet is written only by whoever read its latest version, and the ledger only along with it.
UPDATE_WALLET = """
    UPDATE wallets SET
        version = version + 1, balance = %(balance)s, held = %(held)s, debt = %(debt)s,
        daily_on = %(daily_on)s, entry_count = %(entry_count)s, lots = %(lots)s,
        holds = %(holds)s, sweep_at = LEAST(sweep_at, %(next_hold_expiry)s)
    WHERE user_id = %(user_id)s AND version = %(version)s"""
INSERT_ENTRIES = f"""
    INSERT INTO ledger (user_id, seq, kind, bucket, lot_id, amount, debt, balance_after,
        reference, description, created_at)
    SELECT w.user_id, e.seq, e.kind, e.bucket, e.lot_id, e.amount, e.debt, e.balance_after,
        e.reference, e.description, e.created_at
    FROM w, json_to_recordset(%(entries)s) AS e {ENTRY_COLUMNS}"""

user = msgspec.json.Decoder(User).decode
wallet = msgspec.json.Decoder(Wallet).decode
entry = msgspec.json.Decoder(LedgerEntry).decode
session = msgspec.json.Decoder(Session).decode
message = msgspec.json.Decoder(Message).decode
messages = msgspec.json.Decoder(list[Message]).decode
turn = msgspec.json.Decoder(Turn).decode
character = msgspec.json.Decoder(Character).decode
run = msgspec.json.Decoder(JobRun).decode
prices = msgspec.json.Decoder(PriceTable).decode
replay = msgspec.json.Decoder(tuple[str, str]).decode
strings = msgspec.json.Decoder(tuple[str, ...]).decode
decode: Any = msgspec.json.decode

_encode = msgspec.json.Encoder().encode
_DIMENSIONS = 256


def document(value: object) -> bytes:
    """The value as JSON that PostgreSQL can store."""
    try:
        encoded = _encode(value)
    except UnicodeEncodeError:
        return _encode(_storable(msgspec.to_builtins(value)))
    if b"\\u0000" in encoded:
        return _encode(_storable(msgspec.to_builtins(value)))
    return encoded


def wallet_values(wallet: Wallet) -> dict[str, Any]:
    """The parameters of ``UPDATE_WALLET`` and ``INSERT_ENTRIES``."""
    return {
        "user_id": wallet.user_id,
        "version": wallet.version,
        "balance": wallet.balance,
        "held": wallet.held,
        "debt": wallet.debt,
        "daily_on": wallet.daily_on,
        "entry_count": wallet.entry_count,
        "lots": _encode(wallet.lots),
        "holds": _encode(wallet.holds),
        "next_hold_expiry": wallet.next_hold_expiry,
        "entries": document(wallet.entries) if wallet.entries else b"[]",
    }


def half_vector(embedding: Embedding | None) -> memoryview | None:
    """The vector in pgvector's binary form.

    None also for a vector of another length than the column's: what a turn remembers must not
    keep it from being settled.
    """
    if embedding is None or len(embedding.vector) != _DIMENSIONS:
        return None
    return memoryview(HalfVector(list(embedding.vector)).to_binary())


def present(column: bytes | None) -> bytes:
    """A column that is never NULL."""
    if column is None:
        message = "a column that is never NULL was NULL"
        raise TypeError(message)
    return column


def _storable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value
