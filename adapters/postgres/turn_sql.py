"""The statements of a turn. Each names ``user_id`` wherever it looks."""

from adapters.postgres import codec

# What the three ways to begin a turn have in common; ``s`` is the session, ``c`` the character.
_SNAPSHOT = f"""
SELECT {codec.USER}, {codec.WALLET},
    CASE WHEN s.id IS NOT NULL THEN {codec.SESSION} END,
    c.character_id || ':' || c.version,
    CASE WHEN strpos(%(known_characters)s,
                     E'\\n' || c.character_id || ':' || c.version || E'\\n') = 0
         THEN {codec.CHARACTER} END,
    {{history}},
    {{last_position}},
    {{said}},
    (SELECT json_build_array(k.turn_id, k.fingerprint) FROM idempotency_keys k
     WHERE k.user_id = i.user_id AND k.key = %(key)s AND k.turn_id IS NOT NULL
        AND k.used_at > %(forgotten_at)s)
FROM identities i
JOIN users u ON u.id = i.user_id
JOIN wallets w ON w.user_id = i.user_id
{{joins}}
WHERE i.user_id = %(user_id)s"""

_HISTORY = f"""(
    SELECT json_agg({codec.MESSAGE} ORDER BY m.position, m.id)
    FROM (SELECT * FROM messages
          WHERE user_id = s.user_id AND session_id = s.id AND is_active AND {{stretch}}
          ORDER BY position DESC, id DESC LIMIT %(history)s) AS m)"""

_LAST_POSITION = """(
    SELECT max(position) FROM messages WHERE user_id = s.user_id AND session_id = s.id)"""

_CHARACTER_OF_SESSION = """
LEFT JOIN character_versions c
    ON c.character_id = s.character_id AND c.version = s.character_version"""

LOAD_BY_SESSION = _SNAPSHOT.format(
    history=_HISTORY.format(stretch="position > s.summarized_until"),
    last_position=_LAST_POSITION,
    said="NULL",
    joins=f"""LEFT JOIN sessions s ON s.user_id = i.user_id AND s.id = %(session_id)s
{_CHARACTER_OF_SESSION}""",
)

LOAD_BY_MESSAGE = _SNAPSHOT.format(
    history=_HISTORY.format(
        stretch="""position < coalesce(said.position, 9223372036854775807)
            AND (position > s.summarized_until OR said.position <= s.summarized_until)"""
    ),
    last_position=_LAST_POSITION,
    said=f"CASE WHEN said.id IS NOT NULL THEN {codec.MESSAGE.replace('m.', 'said.')} END",
    joins=f"""
LEFT JOIN messages asked ON asked.user_id = i.user_id AND asked.id = %(message_id)s
LEFT JOIN sessions s ON s.user_id = asked.user_id AND s.id = asked.session_id
LEFT JOIN messages said
    ON said.user_id = asked.user_id AND said.session_id = asked.session_id
    AND said.position = asked.position - CASE asked.role WHEN 'user' THEN 0 ELSE 1 END
    AND said.role = 'user'
{_CHARACTER_OF_SESSION}""",
)

LOAD_BY_CHARACTER = _SNAPSHOT.format(
    history="NULL",
    last_position="NULL",
    said="NULL",
    joins="""
LEFT JOIN sessions s ON false
LEFT JOIN characters p ON p.id = %(character_id)s
LEFT JOIN character_versions c ON c.character_id = p.id AND c.version = p.version""",
)

# Everything is inserted out of the wallet's row: no row when it has changed since it was read.
_OPEN = f"""
WITH w AS ({codec.UPDATE_WALLET}
    RETURNING user_id
), l AS ({codec.INSERT_ENTRIES}
), s AS (
    INSERT INTO sessions (user_id, id, character_id, character_version, title, created_at,
        updated_at)
    SELECT w.user_id, s.id, s.character_id, s.character_version, s.title, s.created_at,
        s.updated_at
    FROM w, json_to_recordset(%(sessions)s) AS s {codec.SESSION_COLUMNS}
), t AS (
    INSERT INTO turns (user_id, id, session_id, character_id, user_message_id, message_id,
        status, created_at, held, price_version, stream, include_usage, memory_ids, notices,
        finish_reason, receipt, closed_at)
    SELECT w.user_id, t.id, t.session_id, t.character_id, t.user_message_id, t.message_id,
        t.status, t.created_at, t.held, t.price_version, t.stream, t.include_usage, t.memory_ids,
        t.notices, t.finish_reason, t.receipt, {{closed_at}}
    FROM w, json_to_record(%(turn)s) AS t (
        id text, session_id text, character_id text, user_message_id text, message_id text,
        status text, created_at timestamptz, held bigint, price_version integer,
        stream boolean, include_usage boolean, memory_ids json, notices json,
        finish_reason text, receipt json)
), m AS (
    INSERT INTO messages (user_id, session_id, position, id, role, content, status, created_at,
        turn_id, receipt)
    SELECT w.user_id, m.session_id, m.position, m.id, m.role, m.content, m.status,
        m.created_at, m.turn_id, m.receipt
    FROM w, json_to_recordset(%(messages)s) AS m {codec.MESSAGE_COLUMNS}
), k AS (
    INSERT INTO idempotency_keys (user_id, key, fingerprint, used_at, claimed_at, turn_id)
    SELECT w.user_id, %(key)s, %(fingerprint)s, %(created_at)s::timestamptz,
        %(created_at)s::timestamptz, %(turn_id)s
    FROM w WHERE %(key)s::text IS NOT NULL
){{more}}
SELECT FROM w"""

OPEN = _OPEN.format(closed_at="NULL::timestamptz", more="")

# The product itself answers: the turn is over as it begins.
OPEN_ANSWERED = _OPEN.format(
    closed_at="t.created_at",
    more=""", earlier AS (
    UPDATE messages SET is_active = false
    FROM w
    WHERE messages.user_id = %(user_id)s AND messages.session_id = %(session_id)s
        AND messages.position = %(position)s AND messages.is_active
), facts AS (
    INSERT INTO turn_facts (turn_id, outcome, turns, day, character_id, model, prompt, cached,
        completion)
    SELECT %(turn_id)s, 'answered', 1, (%(created_at)s::timestamptz AT TIME ZONE 'UTC')::date,
        t.character_id, '', 0, 0, 0
    FROM w, json_to_record(%(turn)s) AS t (character_id text)
)""",
)

FORGET_KEY = """
DELETE FROM idempotency_keys
WHERE user_id = %(user_id)s AND key = %(key)s AND used_at <= %(forgotten_at)s
RETURNING key"""

HOLDER_OF_KEY = """
SELECT turn_id FROM idempotency_keys WHERE user_id = %(user_id)s AND key = %(key)s"""

# Words are written only behind the session's lock: whoever deletes the session has either not
# begun, and will find them, or has ended, and there is no row here that they could come out of.
# Only a turn that is still open at that moment gets any.
_WORDS = f"""
t AS (
    UPDATE turns SET
        status = %(status)s, held = %(turn_held)s, memory_ids = %(memory_ids)s,
        finish_reason = %(finish_reason)s, error_code = %(error_code)s, receipt = %(receipt)s,
        notices = %(notices)s, prompt = %(prompt)s, closed_at = %(now)s
    FROM s
    WHERE turns.user_id = %(user_id)s AND turns.id = %(turn_id)s AND turns.closed_at IS NULL
    RETURNING turns.user_id, turns.session_id
), earlier AS (
    UPDATE messages SET is_active = false
    FROM t
    WHERE messages.user_id = %(user_id)s AND messages.session_id = t.session_id
        AND messages.position = %(position)s AND messages.is_active
), m AS (
    INSERT INTO messages (user_id, session_id, position, id, role, content, status, created_at,
        turn_id, receipt)
    SELECT t.user_id, t.session_id, m.position, m.id, m.role, m.content, m.status, m.created_at,
        m.turn_id, m.receipt
    FROM t, json_to_recordset(%(reply)s) AS m {codec.MESSAGE_COLUMNS}
), work AS (
    INSERT INTO memory_work (user_id, turn_id, created_at, claimed_until)
    SELECT t.user_id, %(turn_id)s, %(now)s, %(work_until)s
    FROM t WHERE %(work_until)s::timestamptz IS NOT NULL
)"""

_FACTS = """
    INSERT INTO turn_facts (turn_id, outcome, turns, day, character_id, model, prompt, cached,
        completion)
    SELECT %(turn_id)s, %(status)s, 1, (%(now)s::timestamptz AT TIME ZONE 'UTC')::date,
        %(character_id)s, %(model)s, %(prompt_tokens)s::bigint, %(cached_tokens)s::bigint,
        %(completion_tokens)s::bigint"""

# Twice is impossible: the second one finds either another version or a turn that is closed.
CLOSE_WITH_MONEY = f"""
WITH closed AS (
    SELECT FROM turns
    WHERE user_id = %(user_id)s AND id = %(turn_id)s AND closed_at IS NOT NULL
), w AS ({codec.UPDATE_WALLET} AND NOT EXISTS (SELECT FROM closed)
    RETURNING user_id
), l AS ({codec.INSERT_ENTRIES}
), s AS (
    UPDATE sessions SET updated_at = %(now)s
    FROM w
    WHERE sessions.user_id = %(user_id)s AND sessions.id = %(session_id)s
    RETURNING sessions.id
), {_WORDS}, facts AS ({_FACTS} FROM w
)
SELECT EXISTS (SELECT FROM w), EXISTS (SELECT FROM closed)"""

# A turn that had lapsed was counted as failed: that is taken back.
CLOSE_WITHOUT_MONEY = f"""
WITH known AS (
    SELECT closed_at IS NULL AS was_open, status, created_at FROM turns
    WHERE user_id = %(user_id)s AND id = %(turn_id)s
), s AS (
    UPDATE sessions SET updated_at = %(now)s
    FROM known
    WHERE known.was_open AND sessions.user_id = %(user_id)s AND sessions.id = %(session_id)s
    RETURNING sessions.id
), {_WORDS}, lapse AS (
    INSERT INTO turn_facts (turn_id, outcome, turns, day, character_id, model, prompt, cached,
        completion)
    SELECT %(turn_id)s, 'failed', -1, (known.created_at AT TIME ZONE 'UTC')::date,
        %(character_id)s, '', 0, 0, 0
    FROM t, known WHERE known.status = 'failed' AND %(status)s <> 'failed'
), facts AS ({_FACTS}
    FROM t, known WHERE known.status <> 'failed' OR %(status)s <> 'failed'
)
SELECT (SELECT was_open FROM known), EXISTS (SELECT FROM s), EXISTS (SELECT FROM t)"""

GET = f"""
SELECT {codec.TURN} FROM turns t WHERE t.user_id = %(user_id)s AND t.id = %(turn_id)s"""

FIND_REPLY = f"""
SELECT {codec.MESSAGE}
FROM turns t JOIN messages m ON m.user_id = t.user_id AND m.id = t.message_id
WHERE t.user_id = %(user_id)s AND t.id = %(turn_id)s"""
