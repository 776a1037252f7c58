"""People with a wallet, a conversation and all that belongs to it, filled in by SQL.

What is filled in is what the product would have left behind: each reply was charged once, each
ledger adds up to its wallet, each word belongs to somebody who exists. Ids need to be unique for
a person only, so everybody's conversation has the same.
"""

from datetime import UTC, datetime
from typing import Any

import psycopg
from attrs import frozen

from domain.memory.summaries import KEPT_MESSAGES, MOST_MESSAGES, SUMMARY_TOKENS

CREDITS = 1_000_000
PRICE = 7
LOT = "bench"

_PEOPLE = "generate_series(%(first)s::bigint, %(first)s::bigint + %(people)s::bigint - 1) AS n"
_SESSIONS = "generate_series(1, %(sessions)s::bigint) AS s"
_ALL = "(%(sessions)s::bigint * %(turns)s::bigint)"
_TURNS = f"generate_series(1, {_ALL}) AS k"
_USER = "%(prefix)s || lpad(n::text, %(digits)s, '0')"
_TURN = "'turn_' || lpad(k::text, 32, '0')"
_SAID = "'msg_' || lpad((2 * k)::text, 32, '0')"
_REPLY = "'msg_' || lpad((2 * k + 1)::text, 32, '0')"
_TIME = f"%(now)s::timestamptz - ({_ALL} - k + 1) * interval '1 minute'"
_LEFT = f"{CREDITS} - {PRICE} * {_ALL}"
_SESSION = "'ses_' || lpad({number}::text, 32, '0')"
_ITS_SESSION = _SESSION.format(number="((k - 1) / %(turns)s::bigint + 1)")
# Of a long conversation the latest 12 to 28 messages are read, the rest is in the summary: from one
# person to the next they are at another point between two summaries.
_IS_LONG = f"2 * %(turns)s::bigint > {MOST_MESSAGES}"
_UNSUMMARIZED = f"({KEPT_MESSAGES // 2} + n %% {(MOST_MESSAGES - KEPT_MESSAGES) // 2})"
_SUMMARY = (
    f"left(repeat('They spoke of the tide and of what it leaves. ', 99), {4 * SUMMARY_TOKENS})"
)
_RECEIPT = f"""'{{"held": 40, "charged": {PRICE}, "released": {40 - PRICE}, "price_version": 1,
    "usage": {{"prompt": 300, "cached": 0, "completion": 60, "reported": true}},
    "buckets": {{"promo": {PRICE}}}}}'::json"""

_PARTS = {
    "user": _USER,
    "people": _PEOPLE,
    "turns": _TURNS,
    "turn": _TURN,
    "said": _SAID,
    "reply": _REPLY,
    "time": _TIME,
    "left": _LEFT,
    "receipt": _RECEIPT,
    "is_long": _IS_LONG,
    "unsummarized": _UNSUMMARIZED,
    "summary": _SUMMARY,
    "lot": LOT,
    "all": _ALL,
    "sessions": _SESSIONS,
    "session": _SESSION.format(number="s"),
    "its_session": _ITS_SESSION,
    "credits": CREDITS,
    "price": PRICE,
}
_TEMPLATES = (
    """
INSERT INTO users (id, tier, created_at, age_band)
SELECT {user}, 'free', %(now)s::timestamptz - interval '90 days', 'adult' FROM {people}""",
    """
INSERT INTO identities (subject, user_id)
SELECT %(subject)s || n, {user} FROM {people}""",
    """
INSERT INTO wallets (user_id, version, balance, daily_on, entry_count, lots)
SELECT {user}, 1 + 2 * {all}, {left}, (%(now)s::timestamptz AT TIME ZONE 'UTC')::date,
    1 + {all}, json_build_array(json_build_object('id', '{lot}', 'bucket', 'promo',
        'credits', {left}, 'expires_at', NULL, 'held', 0, 'owed', 0, 'is_frozen', false))
FROM {people}""",
    """
INSERT INTO ledger (user_id, seq, kind, bucket, lot_id, amount, debt, balance_after, reference,
    description, created_at)
SELECT {user}, k + 1, CASE k WHEN 0 THEN 'grant' ELSE 'charge' END, 'promo', '{lot}',
    CASE k WHEN 0 THEN {credits} ELSE -{price} END, 0, {credits} - {price} * k,
    CASE k WHEN 0 THEN '{lot}' ELSE {turn} END,
    CASE k WHEN 0 THEN 'bench' ELSE 'Reply by Mira' END, {time}
FROM {people}, generate_series(0, {all}) AS k""",
    """
INSERT INTO sessions (user_id, id, character_id, character_version, title, created_at, updated_at,
    summary, summarized_until)
SELECT {user}, {session}, %(character)s, %(version)s, 'The sea', %(now)s, %(now)s,
    CASE WHEN {is_long} THEN {summary} ELSE '' END,
    CASE WHEN {is_long} THEN 2 * (s * %(turns)s::bigint - {unsummarized}) + 1 ELSE 0 END
FROM {people}, {sessions}""",
    """
INSERT INTO turns (user_id, id, session_id, character_id, user_message_id, message_id, status,
    created_at, closed_at, held, price_version, stream, include_usage, memory_ids, finish_reason,
    receipt)
SELECT {user}, {turn}, {its_session}, %(character)s, {said}, {reply}, 'completed', {time},
    {time}, 40, 1, false, false, '[]', 'stop', {receipt}
FROM {people}, {turns}""",
    """
INSERT INTO messages (user_id, session_id, position, id, role, content, status, created_at,
    turn_id, receipt)
SELECT {user}, {its_session}, 2 * k + side, CASE side WHEN 0 THEN {said} ELSE {reply} END,
    CASE side WHEN 0 THEN 'user' ELSE 'assistant' END,
    CASE side WHEN 0 THEN 'What does the tide leave behind, the time I ask you, number ' || k
        ELSE 'Glass that the water has made round, a rope from somewhere else, and shell ' || k END,
    'complete', {time}, CASE side WHEN 1 THEN {turn} END,
    CASE side WHEN 1 THEN {receipt} END
FROM {people}, {turns}, generate_series(0, 1) AS side""",
)
FILL = tuple(template.format_map(_PARTS) for template in _TEMPLATES)
TABLES = ("users", "identities", "wallets", "ledger", "sessions", "turns", "messages")


def session_id(number: int = 1) -> str:
    """Of one of a person's conversations, from 1 on."""
    return f"ses_{number:032}"


@frozen
class Crowd:
    """``people`` persons, each with so many ``sessions`` of so many ``turns``.

    ``first`` is the number of the first of them. An id is ``prefix`` and the number in ``digits``
    digits.
    """

    people: int
    turns: int = 1
    sessions: int = 1
    first: int = 0
    prefix: str = "usr_"
    digits: int = 32
    character: str = "mira"
    version: int = 1

    def user_id(self, number: int) -> str:
        """The id of one of them."""
        return f"{self.prefix}{number:0{self.digits}}"

    def subject(self, number: int) -> str:
        """What the identity provider calls them."""
        return f"bench-{number}"

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of ``FILL``."""
        return {
            "first": self.first,
            "people": self.people,
            "turns": self.turns,
            "sessions": self.sessions,
            "prefix": self.prefix,
            "digits": self.digits,
            "subject": "bench-",
            "character": self.character,
            "version": self.version,
            "now": datetime.now(UTC),
        }


def fill(connection: psycopg.Connection[Any], *crowds: Crowd, checked: bool = False) -> None:
    """Fill them in. Unless ``checked``, foreign keys are not looked at: that takes as long again.

    The connection must be a superuser's, and commit by itself.
    """
    connection.execute(f"SET session_replication_role = {'origin' if checked else 'replica'}")
    for crowd in crowds:
        for statement in FILL:
            connection.execute(statement, crowd.values)
    connection.execute("RESET session_replication_role")
    connection.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
