"""The people's book held against ours: what was answered is there once, and charged once."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg
from attrs import define, field
from psycopg.rows import dict_row

from tests.chaos.invariants import INVARIANTS, VIEWS
from tests.chaos.moved_clock import MovedClock
from tests.chaos.record import Change, Record, Turn

DEAD = "no job is held by the dead"
WORK = {
    "learn-memories": ("nothing waits to be learnt",),
    "apply-store-events": ("no message of a store waits",),
    "perform-errands": ("no errand waits",),
}
"""What shows that a job is due."""
SHOWN = 3
"""Breaches of one kind that are told in full."""

_LEDGER = """
SELECT user_id, seq, md5(ledger::text) AS digest FROM ledger"""
_TURNS = """
SELECT t.user_id, t.id, t.session_id, t.status, t.user_message_id, t.error_code,
    said.content AS said, reply.id AS reply_id, reply.content AS reply, reply.status AS reply_status
FROM turns t
LEFT JOIN messages said ON said.user_id = t.user_id AND said.id = t.user_message_id
LEFT JOIN messages reply ON reply.user_id = t.user_id AND reply.id = t.message_id"""
_CHARGES = """
SELECT reference, -sum(amount) AS charged FROM ledger WHERE kind = 'charge' GROUP BY reference"""
_KEYS = """
SELECT key, turn_id FROM idempotency_keys WHERE turn_id IS NOT NULL"""
_SAID = """
SELECT content FROM messages WHERE role = 'user'"""
_BOUGHT = """
SELECT reference, sum(amount) AS amount FROM ledger WHERE kind = 'purchase' GROUP BY reference"""
_GIVEN = """
SELECT description, sum(amount) AS amount FROM ledger WHERE kind = 'grant' GROUP BY description"""
_ORDERS = """
SELECT id FROM purchases"""
_HELD = """
SELECT FROM turns t JOIN wallets w USING (user_id), json_array_elements(w.holds) AS hold
WHERE t.id = %(turn_id)s AND t.status = 'running' AND hold ->> 'turn_id' = t.id"""
_COPIES = """
SELECT 'memory' AS kind, text AS what, count(*) AS copies FROM memories
WHERE text LIKE 'Likes the number%%' GROUP BY text
UNION ALL SELECT 'session', title, count(*) FROM sessions WHERE title LIKE 'Session%%'
GROUP BY title"""


@define(eq=False)
class Audit:
    """Looks after each round; ``checked`` counts what was looked at so far."""

    database_url: str
    clock: MovedClock
    record: Record
    checked: int = 0
    _ledger: dict[tuple[str, int], str] = field(factory=dict)

    def look(self) -> list[str]:
        """Everything that is broken, in words."""
        with psycopg.connect(self.database_url, row_factory=dict_row) as connection:
            connection.execute(VIEWS)
            found = [
                *self._broken_invariants(connection),
                *self._changed_entries(connection),
                *self._wrong_turns(connection),
                *self._wrong_changes(connection),
            ]
        found += self.record.broken
        self.record.broken = []
        return found

    def is_orphan(self, turn_id: str) -> bool:
        """Whether this turn runs and has its hold; asked when nobody is at it any more."""
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(_HELD, {"turn_id": turn_id}).fetchone() is not None

    def open_turns(self) -> list[str]:
        """The jobs that are due because a turn or a hold is left open."""
        is_open = self._is_broken("no hold is left", "no turn is left running")
        return ["sweep-holds"] if is_open else []

    def work_behind(self) -> list[str]:
        """The jobs that are due because something waits to be done in the background."""
        due = [job for job, names in WORK.items() if self._is_broken(*names)]
        with psycopg.connect(self.database_url) as connection:
            dead = connection.execute(INVARIANTS[DEAD], {"now": self.clock.now()}).fetchall()
        # Whoever runs a job that the dead still hold ends that.
        return [*due, *(str(row[0]) for row in dead)]

    def _is_broken(self, *names: str) -> bool:
        with psycopg.connect(self.database_url) as connection:
            return any(connection.execute(INVARIANTS[name]).fetchone() for name in names)

    def _broken_invariants(self, connection: psycopg.Connection[Any]) -> Iterator[str]:
        for name, sql in INVARIANTS.items():
            self.checked += 1
            rows = connection.execute(sql, {"now": self.clock.now()}).fetchall()
            for row in rows[:SHOWN]:
                yield f"{name}, but {' '.join(map(str, row.values()))}"
            if len(rows) > SHOWN:
                yield f"{name}, but not so {len(rows)} times"

    def _changed_entries(self, connection: psycopg.Connection[Any]) -> Iterator[str]:
        self.checked += 1
        rows = connection.execute(_LEDGER)
        now = {(row["user_id"], row["seq"]): row["digest"] for row in rows}
        for entry, digest in self._ledger.items():
            if now.get(entry) != digest:
                yield f"ledger rows never change, but {entry} did"
        self._ledger = now

    def _wrong_turns(self, connection: psycopg.Connection[Any]) -> Iterator[str]:
        stored = {row["id"]: row for row in connection.execute(_TURNS)}
        begun: dict[str, set[str]] = defaultdict(set)
        for row in stored.values():
            begun[marker_in(row["said"])].add(row["id"])
        for row in connection.execute(_KEYS):
            begun[row["key"]].add(row["turn_id"])
        copies = Counter(marker_in(row["content"]) for row in connection.execute(_SAID))
        charged = {row["reference"]: int(row["charged"]) for row in connection.execute(_CHARGES)}
        for turn in self.record.turns:
            self.checked += 1
            if turn.marker and copies[turn.marker] > 1:
                yield f"{_told(turn)}: stored {copies[turn.marker]} times"
            if turn.answers:
                yield from self._wrong_reply(turn, stored.get(turn.answers[0].turn_id), charged)
            elif turn.was_refused:
                found = begun[turn.key or turn.marker]
                for turn_id in sorted(one for one in found if charged.get(one)):
                    yield f"{_told(turn)}: refused, but {turn_id} was charged"

    def _wrong_reply(self, turn: Turn, row: Any, charged: dict[str, int]) -> Iterator[str]:
        answer = turn.answers[0]
        paid = charged.get(answer.turn_id, 0)
        if paid != answer.charged:
            yield f"{_told(turn)}: the receipt said {answer.charged}, charged are {paid}"
        if answer.session_id in self.record.deleted_sessions:
            return
        if row is None:
            yield f"{_told(turn)}: answered, but the turn is not stored"
        elif (row["reply_id"], row["reply"]) != (answer.message_id, answer.text):
            told, kept = _where_they_part(answer.text, row["reply"] or "")
            yield f"{_told(turn)}: {told!r} was told, {kept!r} is stored"
        elif row["status"] not in ("completed", "stopped"):
            yield f"{_told(turn)}: answered, but stored as {row['status']}"

    def _wrong_changes(self, connection: psycopg.Connection[Any]) -> Iterator[str]:
        rows = connection.execute(_COPIES).fetchall()
        copies = {(row["kind"], row["what"]): int(row["copies"]) for row in rows}
        given = {row["description"]: int(row["amount"]) for row in connection.execute(_GIVEN)}
        for change in self.record.changes:
            self.checked += 1
            wanted = 1 if change.answers else None
            match change.kind:
                case "memory":
                    found = copies.get(("memory", change.body["text"]), 0)
                case "session":
                    found = copies.get(("session", change.body["title"]), 0)
                case "grant":
                    found, rest = divmod(given.get(change.body["reason"], 0), change.body["amount"])
                    if rest:
                        yield f"{_named(change)}: a part of it was given"
                case _:
                    continue
            if found > 1 or (wanted is not None and found != wanted):
                yield f"{_named(change)}: answered {change.statuses}, there {found} times"
        yield from self._wrong_purchases(connection)

    def _wrong_purchases(self, connection: psycopg.Connection[Any]) -> Iterator[str]:
        bought = {row["reference"]: int(row["amount"]) for row in connection.execute(_BOUGHT)}
        orders = {row["id"] for row in connection.execute(_ORDERS)}
        unheard = 0
        for change in self.record.changes:
            if change.kind != "purchase":
                continue
            if not change.answers:
                unheard += 1
                continue
            purchase = change.answers[0]["purchase"]["id"]
            if purchase not in orders:
                yield f"{_named(change)}: {purchase} is not there"
            orders.discard(purchase)
            is_paid = change.body["provider"] == "sandbox" or purchase in self.record.payments
            found = sum(amount for reference, amount in bought.items() if purchase in reference)
            if found != (500 if is_paid else 0):
                yield f"{_named(change)}: {purchase} brought {found} credits; paid: {is_paid}"
        if len(orders) > unheard:
            yield f"{len(orders)} purchases nobody was told of, {unheard} without an answer"


def _where_they_part(one: str, other: str) -> tuple[str, str]:
    """The first words that are not the same, and a few before them."""
    pairs = zip(one, other, strict=False)
    same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    begin = max(0, same - 20)
    return one[begin : same + 20], other[begin : same + 20]


def marker_in(text: str | None) -> str:
    """The marker that a message of the load carries, empty when there is none."""
    if not text:
        return ""
    _, _, rest = text.partition("(zq")
    return f"zq{rest.partition(')')[0]}" if rest else ""


def _told(turn: Turn) -> str:
    name = turn.marker or turn.key
    kind = "stream" if turn.is_stream else "turn"
    return f"{kind} {name} (tries {turn.tries}, lost {turn.lost}, refused as {turn.refusals})"


def _named(change: Change) -> str:
    return f"{change.kind} {change.key}"
