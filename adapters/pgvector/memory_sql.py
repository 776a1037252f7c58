"""The statements over memories, but for their search. Each names ``user_id`` where it looks."""

# memories m
MEMORY = """json_build_object(
    'id', m.id, 'character_id', m.character_id, 'text', m.text,
    'source_message_ids', (
        SELECT coalesce(json_agg(s.message_id ORDER BY s.message_id), '[]')
        FROM memory_sources s WHERE s.user_id = m.user_id AND s.memory_id = m.id),
    'created_at', m.created_at, 'kind', m.kind, 'importance', m.importance,
    'session_id', m.session_id, 'topic', m.topic, 'true_at', m.true_at, 'told_at', m.told_at,
    'ended_at', m.ended_at, 'superseded_by', m.superseded_by)"""

_COLUMNS = """id, character_id, text, created_at, kind, importance, session_id, topic, true_at,
        told_at, ended_at, superseded_by"""
_RECORD = """(
        id text, character_id text, text text, source_message_ids json, created_at timestamptz,
        kind text, importance integer, session_id text, topic text, true_at timestamptz,
        told_at timestamptz, ended_at timestamptz, superseded_by text"""

ADD = f"""
WITH m AS (
    INSERT INTO memories (user_id, {_COLUMNS}, told_in, embedding_model, embedding)
    SELECT %(user_id)s, {_COLUMNS}, session_id, %(model)s, %(vector)s::halfvec
    FROM json_to_record(%(memory)s) AS m {_RECORD})
    ON CONFLICT (user_id, id) DO NOTHING
    RETURNING id
), s AS (
    INSERT INTO memory_sources (user_id, memory_id, message_id, session_id)
    SELECT %(user_id)s, m.id, said.id, said.session_id
    FROM m, messages said
    WHERE said.user_id = %(user_id)s
        AND said.id IN (SELECT json_array_elements_text(%(sources)s::json))
)
SELECT FROM m"""

GET = f"""
SELECT {MEMORY} FROM memories m WHERE m.user_id = %(user_id)s AND m.id = %(memory_id)s"""

LIST = f"""
SELECT {MEMORY} FROM memories m
WHERE m.user_id = %(user_id)s AND m.id < %(before)s
    AND (%(character_id)s::text IS NULL OR m.character_id = %(character_id)s)
    AND (%(with_history)s::boolean OR m.ended_at IS NULL)
ORDER BY m.id DESC LIMIT %(limit)s"""

# What a person has put right or deleted is not learnt again from the message that it came from.
_STRUCK = """struck AS (
    DELETE FROM memory_work w USING turns t, memory_sources s
    WHERE w.user_id = %(user_id)s AND t.user_id = %(user_id)s AND s.user_id = %(user_id)s
        AND t.id = w.turn_id AND t.user_message_id = s.message_id AND {which}
)"""

CORRECT = f"""
WITH {_STRUCK.format(which="s.memory_id = %(memory_id)s")}
UPDATE memories m SET text = %(text)s, embedding_model = %(model)s, embedding = %(vector)s,
    told_in = NULL
WHERE m.user_id = %(user_id)s AND m.id = %(memory_id)s
RETURNING {MEMORY}"""

# What a memory took the place of, and what that had taken the place of.
_CHAIN = """
    SELECT id FROM memories
    WHERE user_id = %(user_id)s AND {first}
    UNION
    SELECT older.id FROM memories older JOIN chain ON older.superseded_by = chain.id
    WHERE older.user_id = %(user_id)s"""

DELETE = f"""
WITH RECURSIVE chain AS ({_CHAIN.format(first="id = %(memory_id)s")}
), {_STRUCK.format(which="s.memory_id IN (SELECT id FROM chain)")}
DELETE FROM memories WHERE user_id = %(user_id)s AND id IN (SELECT id FROM chain)
RETURNING id"""

# In two steps: while the first waits for somebody who is just learning, that one may write
# memories, and the second must see them.
STRIKE_OFF = """
DELETE FROM memory_work USING turns t
WHERE memory_work.user_id = %(user_id)s AND t.user_id = %(user_id)s
    AND t.id = memory_work.turn_id
    AND (%(character_id)s::text IS NULL OR t.character_id = %(character_id)s)"""
DELETE_ALL = """
DELETE FROM memories
WHERE user_id = %(user_id)s
    AND (%(character_id)s::text IS NULL OR character_id = %(character_id)s)
RETURNING id"""

_UNEMBEDDED = """(
    SELECT user_id, id FROM memories
    WHERE ended_at IS NULL AND embedding_model {other}
    ORDER BY embedding_model, id LIMIT %(limit)s)"""
# Three stretches of an index, where a single condition would read all of the table.
FIND_UNEMBEDDED = f"""
SELECT m.user_id, {MEMORY}
FROM ({_UNEMBEDDED.format(other="IS NULL")}
    UNION ALL {_UNEMBEDDED.format(other="< %(model)s")}
    UNION ALL {_UNEMBEDDED.format(other="> %(model)s")}
) AS found
JOIN memories m ON m.user_id = found.user_id AND m.id = found.id
ORDER BY m.id LIMIT %(limit)s"""

SAVE_EMBEDDING = """
UPDATE memories SET embedding_model = %(model)s, embedding = %(vector)s
WHERE user_id = %(user_id)s AND id = %(memory_id)s AND text = %(text)s"""

# The vectors are read once, not once for each pair; a vector of length 0 is near nothing.
FIND_NEAR = f"""
WITH fact AS MATERIALIZED (
    SELECT f.number, f.topic, f.model, f.vector::halfvec AS vector
    FROM json_to_recordset(%(facts)s) AS f (number integer, topic text, model text, vector text)
), pair AS (
    SELECT fact.number, m.id, coalesce(m.topic = fact.topic, false) AS is_of_topic,
        CASE m.embedding_model WHEN fact.model
            THEN nullif(1 - (m.embedding <=> fact.vector), 'NaN') END AS similarity
    FROM fact, memories m
    WHERE m.user_id = %(user_id)s AND m.character_id = %(character_id)s AND m.ended_at IS NULL
), near AS (
    SELECT *, row_number() OVER (
        PARTITION BY number, is_of_topic ORDER BY similarity DESC NULLS LAST, id) AS place
    FROM pair
)
SELECT near.number, near.similarity, {MEMORY}
FROM near JOIN memories m ON m.user_id = %(user_id)s AND m.id = near.id
WHERE near.is_of_topic OR (near.place <= %(limit)s AND near.similarity IS NOT NULL)
ORDER BY near.number, near.is_of_topic DESC, near.place"""

# Whoever deletes a session or one of its messages locks the session first, and so does this. The
# work is the guard: all else comes out of its row, and once that is struck off there is none.
_REVISE = f"""
WITH RECURSIVE place AS (
    SELECT s.id FROM turns t JOIN sessions s ON s.user_id = t.user_id AND s.id = t.session_id
    WHERE t.user_id = %(user_id)s AND t.id = %(turn_id)s
    FOR KEY SHARE OF s
), work AS ({{work}}
), source AS (
    SELECT * FROM json_to_recordset(%(sources)s) AS source (memory_id text, message_id text)
), said AS (
    SELECT m.id, m.session_id FROM work, messages m
    WHERE m.user_id = %(user_id)s AND m.id IN (SELECT message_id FROM source)
    FOR KEY SHARE OF m
), known AS (
    SELECT source.memory_id, bool_or(said.id IS NOT NULL) AS is_said
    FROM source LEFT JOIN said ON said.id = source.message_id
    GROUP BY source.memory_id
), chain AS ({_CHAIN.format(first="id IN (SELECT json_array_elements_text(%(forgotten)s::json))")}
), struck AS (
    DELETE FROM memory_work w USING turns t, turns this
    WHERE w.user_id = %(user_id)s AND t.user_id = %(user_id)s AND t.id = w.turn_id
        AND this.user_id = %(user_id)s AND this.id = %(turn_id)s AND t.id <> this.id
        AND t.character_id = this.character_id AND t.created_at <= this.created_at
        AND json_array_length(%(forgotten)s::json) > 0
), forgotten AS (
    DELETE FROM memories USING work
    WHERE memories.user_id = %(user_id)s AND memories.id IN (SELECT id FROM chain)
), added AS (
    INSERT INTO memories (user_id, {_COLUMNS}, told_in, embedding_model, embedding)
    SELECT %(user_id)s, {_COLUMNS}, m.session_id, m.embedding_model, m.embedding::halfvec
    FROM work, json_to_recordset(%(additions)s) AS m {_RECORD},
        embedding_model text, embedding text)
    WHERE coalesce((SELECT is_said FROM known WHERE memory_id = m.id), true)
    RETURNING id
), confirmed AS (
    UPDATE memories m SET
        importance = greatest(m.importance, c.importance),
        told_in = CASE WHEN c.told_at >= coalesce(m.told_at, m.created_at)
            THEN work.told_in ELSE m.told_in END,
        told_at = greatest(m.told_at, m.created_at, c.told_at)
    FROM work, json_to_recordset(%(confirmations)s) AS c (
        memory_id text, told_at timestamptz, importance integer)
    WHERE m.user_id = %(user_id)s AND m.id = c.memory_id AND m.ended_at IS NULL
        AND m.id NOT IN (SELECT id FROM chain)
        AND coalesce((SELECT is_said FROM known WHERE memory_id = c.memory_id), true)
    RETURNING m.id
), ended AS (
    UPDATE memories m SET ended_at = e.ended_at, superseded_by = e.superseded_by
    FROM work, json_to_recordset(%(endings)s) AS e (
        memory_id text, ended_at timestamptz, superseded_by text)
    WHERE m.user_id = %(user_id)s AND m.id = e.memory_id AND m.ended_at IS NULL
        AND m.id NOT IN (SELECT id FROM chain)
        AND (e.superseded_by IS NULL OR e.superseded_by IN (
            SELECT id FROM added UNION ALL
            SELECT id FROM memories WHERE user_id = %(user_id)s))
), linked AS (
    INSERT INTO memory_sources (user_id, memory_id, message_id, session_id)
    SELECT DISTINCT %(user_id)s, source.memory_id, said.id, said.session_id
    FROM source JOIN said ON said.id = source.message_id
    WHERE source.memory_id IN (SELECT id FROM added UNION ALL SELECT id FROM confirmed)
    ON CONFLICT DO NOTHING
)
SELECT FROM work"""

REVISE = _REVISE.format(
    work="""
    DELETE FROM memory_work USING place
    WHERE memory_work.user_id = %(user_id)s AND memory_work.turn_id = %(turn_id)s
    RETURNING place.id AS told_in"""
)
REVISE_FOR_NOW = _REVISE.format(
    work="""
    SELECT place.id AS told_in
    FROM place, memory_work w WHERE w.user_id = %(user_id)s AND w.turn_id = %(turn_id)s
    FOR UPDATE OF w"""
)
