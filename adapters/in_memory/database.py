"""What all in-memory stores share: one set of tables, and the rules that a database would hold.

A store's method reads and writes without awaiting in between, so it is atomic. It begins with
``round_trip``, which lets other tasks run first, so that a race which the real database has is
one here too.
"""

import asyncio
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta

from attrs import Factory, define, evolve, frozen

from adapters.in_memory.day_tables import DayTables
from application.ports.audit_log import AuditEntry
from application.ports.errand_queue import QueuedErrand
from application.ports.idempotency_store import StoredAnswer
from application.ports.inbox import InboxMessage
from application.ports.job_runs import JobRun
from application.ports.purchase_store import Owner
from domain.accounts import Tier, User
from domain.characters import Character
from domain.chat import Message, Role, Session, Turn
from domain.errors import AlreadyRecorded
from domain.ledger import LedgerEntry
from domain.market.products import Catalogue, Provider
from domain.market.purchases import Purchase
from domain.market.reports import Errand, ErrandKind
from domain.memory.memories import NOTE, Embedding, Memory
from domain.pricing import PriceTable
from domain.safety.reviews import FlagRecord, Review
from domain.wallet import Wallet


@frozen
class MessageRow:
    """A message; only the latest of several replies to the same message is active."""

    message: Message
    is_active: bool = True


@frozen
class TurnRow:
    """A turn; ``is_closed`` tells one that was closed from one that has lapsed."""

    turn: Turn
    is_closed: bool = False


@frozen
class MemoryRow:
    """A memory with its owner and, once it was made, its vector.

    ``told_in`` is the session where it was told last, while ``memory.session_id`` is the first.
    """

    user_id: str
    memory: Memory
    embedding: Embedding | None
    told_in: str | None = None


@frozen
class WorkRow:
    """A turn from which nothing has been learnt yet; left to somebody until ``claimed_until``."""

    user_id: str
    turn_id: str
    created_at: datetime
    claimed_until: datetime
    attempts: int = 0


@frozen
class ReportRow:
    """A report of one message by its reader."""

    id: str
    user_id: str
    message_id: str
    reason: str
    created_at: datetime
    review: Review | None = None


@frozen
class JobRunRow:
    """A run, when it was last heard of, and whether its tick may be taken again."""

    run: JobRun
    heartbeat_at: datetime
    has_lease: bool = True
    is_void: bool = False


KEY_LIFETIME = timedelta(hours=24)
"""How long an idempotency key is kept after its first use."""


@frozen
class KeyRow:
    """An idempotency key: it began a turn, or it has an answer, or somebody works on one."""

    fingerprint: str
    used_at: datetime
    touched_at: datetime
    """When it was last claimed, or answered."""
    turn_id: str | None = None
    answer: StoredAnswer | None = None


@define
class InMemoryDatabase:
    """Tables of frozen rows by their keys; keys of two parts begin with the user's id."""

    users: dict[str, User] = Factory(dict)
    wallets: dict[str, Wallet] = Factory(dict)
    ledger: dict[str, tuple[LedgerEntry, ...]] = Factory(dict)
    sessions: dict[str, Session] = Factory(dict)
    messages: dict[str, MessageRow] = Factory(dict)
    turns: dict[str, TurnRow] = Factory(dict)
    memories: dict[str, MemoryRow] = Factory(dict)
    memory_work: dict[str, WorkRow] = Factory(dict)
    reports: dict[str, ReportRow] = Factory(dict)
    flags: dict[tuple[str, str], FlagRecord] = Factory(dict)
    safety_counts: dict[tuple[date, str], int] = Factory(dict)
    keys: dict[tuple[str, str], KeyRow] = Factory(dict)
    characters: dict[str, tuple[Character, ...]] = Factory(dict)
    character_files: dict[tuple[str, str], bytes] = Factory(dict)
    """By the character's id and the digest."""
    prices: dict[int, PriceTable] = Factory(dict)
    job_runs: dict[str, JobRunRow] = Factory(dict)
    job_notes: dict[str, str] = Factory(dict)
    days: DayTables = Factory(DayTables)
    audit_log: dict[str, AuditEntry] = Factory(dict)
    purchases: dict[tuple[str, str], Purchase] = Factory(dict)
    store_names: dict[tuple[Provider, str], Owner] = Factory(dict)
    store_messages: dict[tuple[Provider, str], InboxMessage] = Factory(dict)
    store_tokens: dict[str, str] = Factory(dict)
    store_customers: dict[tuple[str, Provider], str] = Factory(dict)
    errands: dict[tuple[str, Provider, ErrandKind, str, str], QueuedErrand] = Factory(dict)
    """By the person, and what tells one of their errands from another."""
    catalogues: dict[int, Catalogue] = Factory(dict)
    market_tiers: dict[str, Tier] = Factory(dict)
    """The tier above free that a subscription opened last, if one did."""

    async def round_trip(self) -> None:
        """Let others run, as they do while a query is under way."""
        await asyncio.sleep(0)

    def is_living(self, user_id: str) -> bool:
        """Whether there is such an account and it was not erased."""
        user = self.users.get(user_id)
        return user is not None and user.erased_at is None

    def find_key(self, user_id: str, key: str, now: datetime) -> KeyRow | None:
        """What is known of an idempotency key, as long as it is kept."""
        row = self.keys.get((user_id, key))
        return None if row is None or row.used_at <= now - KEY_LIFETIME else row

    def check_wallet(self, wallet: Wallet) -> bool:
        """Whether this wallet may be written now: nobody has changed it since it was read.

        Raises ``AlreadyRecorded`` for an entry that the ledger has, and ``ValueError`` for what
        the database's own checks refuse.
        """
        stored = self.wallets.get(wallet.user_id)
        if stored is None or stored.version != wallet.version:
            return False
        if wallet.available < 0 or wallet.debt < 0:
            message = "the wallet would be overdrawn"
            raise ValueError(message)
        entries = self.ledger[wallet.user_id]
        every = (*entries, *wallet.entries)
        keys = {(entry.kind, entry.reference, entry.lot_id) for entry in every}
        if len(keys) < len(every) or len({entry.seq for entry in every}) < len(every):
            message = "This is in the ledger already."
            raise AlreadyRecorded(message)
        return True

    def put_wallet(self, wallet: Wallet) -> None:
        """Write a wallet that ``check_wallet`` has allowed, and its entries."""
        self.ledger[wallet.user_id] += wallet.entries
        self.wallets[wallet.user_id] = wallet.saved()

    def owe(self, user_id: str, errand: Errand, now: datetime) -> None:
        """Put an errand into the queue, unless it is there."""
        key = (user_id, errand.provider, errand.kind, errand.reference, errand.payment)
        self.errands.setdefault(key, QueuedErrand(user_id, errand, now, due_at=now))

    def messages_of(self, session_id: str) -> list[MessageRow]:
        """A session's messages by position; of several replies, in the order they came."""
        rows = (row for row in self.messages.values() if row.message.session_id == session_id)
        return sorted(rows, key=lambda row: row.message.position)

    def deactivate_replies(self, session_id: str, position: int) -> None:
        """Let a new reply at this position take the place of the earlier ones."""
        for row in self.messages_of(session_id):
            if row.message.position == position:
                self.messages[row.message.id] = evolve(row, is_active=False)

    def delete_session(self, session_id: str) -> tuple[str, ...]:
        """Delete a session with all that hangs on it; returns the ids of its turns."""
        del self.sessions[session_id]
        turns = {row.turn.id for row in self.turns.values() if row.turn.session_id == session_id}
        self.delete_words({row.message.id for row in self.messages_of(session_id)}, turns)
        for id_, row in self.memories.items():
            if row.memory.session_id == session_id:
                self.memories[id_] = evolve(row, memory=evolve(row.memory, session_id=None))
        return tuple(sorted(turns))

    def delete_message(self, message: Message) -> tuple[str, ...]:
        """Delete a user's message with all replies, or one reply; returns the ids of turns."""
        gone = {message.id}
        if message.role is Role.USER:
            rows = self.messages_of(message.session_id)
            reply_at = message.position + 1
            gone |= {row.message.id for row in rows if row.message.position == reply_at}
        turns = {
            row.turn.id
            for row in self.turns.values()
            if message.id in {row.turn.user_message_id, row.turn.message_id}
        }
        self.delete_words(gone, turns)
        session = self.sessions[message.session_id]
        if session.summarized_until >= message.position:
            self.sessions[session.id] = evolve(session, summary="", summarized_until=0)
        return tuple(sorted(turns))

    def delete_words(self, message_ids: AbstractSet[str], turn_ids: AbstractSet[str]) -> None:
        """Delete messages and turns, what hangs on them, and what was learnt only from them."""
        self.messages = {k: row for k, row in self.messages.items() if k not in message_ids}
        self.reports = {
            k: row for k, row in self.reports.items() if row.message_id not in message_ids
        }
        self.turns = {k: row for k, row in self.turns.items() if k not in turn_ids}
        self.keys = {k: row for k, row in self.keys.items() if row.turn_id not in turn_ids}
        self.memory_work = {k: row for k, row in self.memory_work.items() if k not in turn_ids}
        for id_, row in list(self.memories.items()):
            if not message_ids.isdisjoint(row.memory.source_message_ids):
                self._follow_sources(id_, row)

    def delete_memory(self, memory_id: str) -> None:
        """Delete a memory; what it took the place of is followed by what took its place."""
        gone = self.memories.pop(memory_id).memory
        for id_, row in self.memories.items():
            if row.memory.superseded_by == memory_id:
                memory = evolve(row.memory, superseded_by=gone.superseded_by)
                self.memories[id_] = evolve(row, memory=memory)

    def _follow_sources(self, memory_id: str, row: MemoryRow) -> None:
        """Let a memory that has lost sources say where it was told, or go with the last of them."""
        ids = [id_ for id_ in row.memory.source_message_ids if id_ in self.messages]
        if not ids and row.memory.kind != NOTE:
            self.delete_memory(memory_id)
            return
        memory, told_in = evolve(row.memory, source_message_ids=tuple(ids)), row.told_in
        if ids:
            told = [self.messages[id_].message for id_ in ids]
            told.sort(key=lambda message: (message.created_at, message.id))
            told_in = told[-1].session_id
            memory = evolve(memory, session_id=told[0].session_id, told_at=told[-1].created_at)
        self.memories[memory_id] = evolve(row, memory=memory, told_in=told_in)
