"""The statements that count days.

What a job does here grows with what is new: people, purchases and turns are found by indexes that
hold only what is not counted, and of a ledger only the entries behind the counted ones are read.
"""

from adapters.postgres import codec, market_codec

_DAY = "(({}.created_at AT TIME ZONE 'UTC')::date)"

REVISION = "SELECT revision, is_again FROM analytics_state"

# Of a charge, the turn that it paid says whose reply it was. Days before the last active one are
# looked up among the counted entries; there are such only where a clock was set back.
FIND_PEOPLE = f"""
WITH due AS (
    SELECT user_id, news, counted_entries, active_on FROM wallets
    WHERE is_due ORDER BY user_id LIMIT %(limit)s
)
SELECT json_build_object(
    'user_id', d.user_id, 'created_at', u.created_at, 'news', d.news,
    'counted_entries', d.counted_entries, 'active_on', d.active_on,
    'entries', coalesce(n.entries, '[]'),
    'seen_days', CASE WHEN n.earliest < d.active_on THEN coalesce((
        SELECT json_agg(DISTINCT {_DAY.format("e")}) FROM ledger e
        WHERE e.user_id = d.user_id AND e.seq <= d.counted_entries AND e.kind = 'charge'
            AND e.created_at >= n.earliest), '[]') ELSE '[]' END),
    coalesce((
        SELECT json_agg({market_codec.PURCHASE} ORDER BY p.id)
        FROM purchases p WHERE p.user_id = d.user_id), '[]')
FROM due d JOIN users u ON u.id = d.user_id
CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object(
            'entry', {codec.ENTRY}, 'character_id', coalesce(f.character_id, ''),
            'model', coalesce(f.model, '')) ORDER BY e.seq) AS entries,
        min({_DAY.format("e")}) FILTER (WHERE e.kind = 'charge') AS earliest
    FROM (
        SELECT * FROM ledger
        WHERE user_id = d.user_id AND seq > coalesce(d.counted_entries, 0)
        ORDER BY seq LIMIT %(entries)s
    ) AS e
    LEFT JOIN LATERAL (
        SELECT character_id, model FROM turn_facts
        WHERE turn_id = e.reference AND turns > 0 AND e.kind = 'charge'
        ORDER BY model DESC LIMIT 1
    ) AS f ON true
) AS n
ORDER BY d.user_id"""

FIND_PURCHASERS = f"""
WITH due AS (
    SELECT DISTINCT user_id FROM purchases WHERE is_due ORDER BY user_id LIMIT %(limit)s
)
SELECT json_build_object(
    'user_id', d.user_id, 'created_at', u.created_at, 'purchases', (
        SELECT json_agg(json_build_object('purchase', {market_codec.PURCHASE},
            'counted', p.counted) ORDER BY p.id)
        FROM purchases p WHERE p.user_id = d.user_id))
FROM due d JOIN users u ON u.id = d.user_id
ORDER BY d.user_id"""

FIND_TURNS = """
SELECT json_build_object(
    'turn_id', turn_id, 'outcome', outcome, 'turns', turns, 'day', day,
    'character_id', character_id, 'model', model, 'prompt', prompt, 'cached', cached,
    'completion', completion)
FROM turn_facts WHERE round < (SELECT round FROM analytics_state) LIMIT %(limit)s"""

# Everything comes out of the one row of state: who finds another revision writes nothing.
_ADD = """
WITH mine AS (
    UPDATE analytics_state SET revision = revision + 1
    WHERE revision = %(revision)s AND marked_until IS NULL
    RETURNING round
), sums AS (
    INSERT INTO day_counts (day, measure, first, second, third, value)
    SELECT c.day, c.measure, c.first, c.second, c.third, c.value
    FROM mine, json_to_recordset(%(counts)s) AS c (
        day date, measure text, first text, second text, third text, value bigint)
    ON CONFLICT (day, measure, first, second, third)
        DO UPDATE SET value = day_counts.value + excluded.value
), marked AS ({marked})
SELECT round FROM mine"""

# What came while these were counted leaves them due.
ADD_PEOPLE = _ADD.format(
    marked="""
    UPDATE wallets SET
        counted_entries = p.counted_entries, active_on = p.active_on,
        is_due = wallets.news <> p.news OR wallets.entry_count > p.counted_entries
    FROM mine, json_to_recordset(%(marks)s) AS p (
        user_id text, news bigint, counted_entries bigint, active_on date)
    WHERE wallets.user_id = p.user_id"""
)
ADD_PURCHASES = _ADD.format(
    marked="""
    UPDATE purchases SET counted = p.counted, is_due = purchases.version <> p.version
    FROM mine, json_to_recordset(%(marks)s) AS p (
        user_id text, id text, version bigint, counted json)
    WHERE purchases.user_id = p.user_id AND purchases.id = p.id"""
)
ADD_TURNS = _ADD.format(
    marked="""
    UPDATE turn_facts SET round = mine.round
    FROM mine, json_to_recordset(%(marks)s) AS p (turn_id text, outcome text, turns smallint)
    WHERE turn_facts.turn_id = p.turn_id AND turn_facts.outcome = p.outcome
        AND turn_facts.turns = p.turns"""
)

FORGET = "DELETE FROM day_counts"
BEGIN_AGAIN = """
UPDATE analytics_state SET
    revision = revision + 1, round = round + 1, marked_until = '', is_again = true"""

_SOME = """
WITH batch AS (
    SELECT w.user_id FROM wallets w, analytics_state s
    WHERE w.user_id > s.marked_until ORDER BY w.user_id LIMIT %(limit)s
)"""

# Wallets first, as everybody who changes both does.
MARK = (
    f"""{_SOME}
UPDATE wallets SET is_due = true, news = news + 1, counted_entries = NULL, active_on = NULL
FROM batch WHERE wallets.user_id = batch.user_id""",
    f"""{_SOME}
UPDATE purchases SET is_due = true, counted = '[]'
FROM batch WHERE purchases.user_id = batch.user_id""",
    f"""{_SOME}, state AS (
    UPDATE analytics_state SET marked_until = (SELECT max(user_id) FROM batch)
    WHERE marked_until IS NOT NULL
)
SELECT count(*) FROM batch""",
)

END = "UPDATE analytics_state SET is_again = false WHERE is_again AND marked_until IS NULL"

LIST = """
SELECT json_build_object('key', json_build_object(
        'day', day, 'measure', measure, 'first', first, 'second', second, 'third', third),
    'value', value)
FROM day_counts WHERE day BETWEEN %(first)s AND %(last)s
ORDER BY day, measure, first, second, third"""
