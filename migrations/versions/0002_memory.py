"""Facts with their sources and history, the work of remembering, one statement to search.

- ``memories`` learns what a fact is about, when it was true and told, and what took its place.
  ``told_in`` is the session where it was told last, ``session_id`` the one where it was told first
  (NULL when that is gone): a fact told in two conversations outlives one of them.
- ``memory_sources`` names the messages that a memory was learnt from. A memory goes with the last
  of them, except a note: that one somebody typed in, whatever confirmed it later.
- ``memory_work`` has a row for each turn from which nothing has been learnt yet.
- ``words`` are the stems of a memory's beginning, its topic and its kind, without positions, short
  enough to lie in the index that the search reads and nothing else.

The previous version goes on working meanwhile: columns are only added, what it does not know may
be NULL, and the sources that it writes as JSON are taken over by a trigger. A later step removes
``source_message_ids`` and that trigger.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE memories
    ADD topic         text,
    ADD true_at       timestamptz,
    ADD told_at       timestamptz,  -- NULL: when it was created
    ADD told_in       text COLLATE "C",
    ADD ended_at      timestamptz,
    ADD superseded_by text COLLATE "C",
    ADD words         tsvector NOT NULL
        GENERATED ALWAYS AS (strip(to_tsvector('english', left(text, 300)
            || ' ' || left(replace(coalesce(topic, ''), ':', ' '), 60)
            || ' ' || CASE WHEN kind IN ('note', 'said', 'other') THEN '' ELSE kind END))) STORED,
    ALTER source_message_ids SET DEFAULT '[]',
    DROP CONSTRAINT memories_user_id_session_id_fkey,
    ADD FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id)
        ON DELETE SET NULL (session_id),
    ADD CONSTRAINT memories_superseded_by_fkey
        FOREIGN KEY (user_id, superseded_by) REFERENCES memories (user_id, id)
        ON DELETE SET NULL (superseded_by),
    -- What was told again is another version of its row: see to those early, too.
    SET (autovacuum_vacuum_scale_factor = 0.02);
UPDATE memories SET told_in = session_id WHERE session_id IS NOT NULL;
"""

SOURCES = """
CREATE TABLE memory_sources (
    user_id    text COLLATE "C" NOT NULL,
    memory_id  text COLLATE "C" NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (user_id, memory_id, message_id),
    FOREIGN KEY (user_id, memory_id) REFERENCES memories (user_id, id) ON DELETE CASCADE,
    FOREIGN KEY (user_id, message_id) REFERENCES messages (user_id, id) ON DELETE CASCADE
);
CREATE INDEX memory_sources_message ON memory_sources (user_id, message_id);

INSERT INTO memory_sources (user_id, memory_id, message_id, session_id)
SELECT DISTINCT m.user_id, m.id, s.id, s.session_id
FROM memories m
CROSS JOIN LATERAL json_array_elements_text(m.source_message_ids) AS source
JOIN messages s ON s.user_id = m.user_id AND s.id = source;

CREATE FUNCTION memories_take_over_sources() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO memory_sources (user_id, memory_id, message_id, session_id)
    SELECT DISTINCT NEW.user_id, NEW.id, s.id, s.session_id
    FROM json_array_elements_text(NEW.source_message_ids) AS source
    JOIN messages s ON s.user_id = NEW.user_id AND s.id = source
    ON CONFLICT DO NOTHING;
    UPDATE memories SET told_in = coalesce(told_in, session_id)
    WHERE user_id = NEW.user_id AND id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER memories_take_over_sources AFTER INSERT ON memories
    FOR EACH ROW WHEN (NEW.source_message_ids::text <> '[]')
    EXECUTE FUNCTION memories_take_over_sources();

-- What was learnt only from what is deleted goes with it; what is left was told where it still
-- stands. History stays what it was, even if what took its place is forgotten: to take it for
-- true again would be a guess.
CREATE FUNCTION memories_follow_sources() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lost record;
BEGIN
    UPDATE memories SET session_id = told.first_in, told_in = told.last_in, told_at = told.last_at
    FROM (
        SELECT s.user_id, s.memory_id,
            (array_agg(m.session_id ORDER BY m.created_at, m.id))[1] AS first_in,
            (array_agg(m.session_id ORDER BY m.created_at DESC, m.id DESC))[1] AS last_in,
            max(m.created_at) AS last_at
        FROM memory_sources s
        JOIN messages m ON m.user_id = s.user_id AND m.id = s.message_id
        WHERE (s.user_id, s.memory_id) IN (SELECT user_id, memory_id FROM gone)
        GROUP BY s.user_id, s.memory_id
    ) AS told
    WHERE memories.user_id = told.user_id AND memories.id = told.memory_id;
    FOR lost IN
        SELECT m.user_id, m.id, m.superseded_by
        FROM memories m
        WHERE (m.user_id, m.id) IN (SELECT user_id, memory_id FROM gone)
            AND m.kind <> 'note'
            AND NOT EXISTS (
                SELECT FROM memory_sources s
                WHERE s.user_id = m.user_id AND s.memory_id = m.id)
        ORDER BY m.user_id, m.id
    LOOP
        -- The link from older history to what is true now must not break.
        UPDATE memories SET superseded_by = (
            SELECT superseded_by FROM memories WHERE user_id = lost.user_id AND id = lost.id)
        WHERE user_id = lost.user_id AND superseded_by = lost.id;
        DELETE FROM memories WHERE user_id = lost.user_id AND id = lost.id;
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER memories_follow_sources AFTER DELETE ON memory_sources
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION memories_follow_sources();

GRANT SELECT, INSERT, UPDATE, DELETE ON memory_sources TO companion_app;
"""

WORK = """
CREATE TABLE memory_work (
    user_id       text COLLATE "C" NOT NULL,
    turn_id       text COLLATE "C" NOT NULL,
    created_at    timestamptz NOT NULL,
    claimed_until timestamptz NOT NULL DEFAULT '-infinity',
    attempts      integer NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, turn_id),
    FOREIGN KEY (user_id, turn_id) REFERENCES turns (user_id, id) ON DELETE CASCADE
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX memory_work_oldest ON memory_work (created_at, user_id, turn_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON memory_work TO companion_app;
"""

SEARCH = """
DROP INDEX memories_search, memories_embedding_model;
-- Covers the search: what a character knows now of a person lies side by side, with all that it is
-- weighed by.
CREATE INDEX memories_search ON memories (user_id, character_id)
    INCLUDE (id, told_in, created_at, told_at, importance, embedding_model, embedding, words)
    WHERE ended_at IS NULL;
-- For those whose vector is missing, or was made by another model.
CREATE INDEX memories_embedding_model ON memories (embedding_model, id) WHERE ended_at IS NULL;
-- For the foreign key: whoever forgets a thousand memories asks as often what they replaced.
CREATE INDEX memories_superseded_by ON memories (user_id, superseded_by)
    WHERE superseded_by IS NOT NULL;
"""

DOWN = """
DROP TRIGGER memories_take_over_sources ON memories;
UPDATE memories m SET source_message_ids = s.ids
FROM (SELECT user_id, memory_id, json_agg(message_id ORDER BY message_id) AS ids
      FROM memory_sources GROUP BY user_id, memory_id) AS s
WHERE m.user_id = s.user_id AND m.id = s.memory_id;
DROP TABLE memory_work, memory_sources;
DROP FUNCTION memories_take_over_sources(), memories_follow_sources();
-- The version before knows no history: it would take all of it for true.
DELETE FROM memories WHERE ended_at IS NOT NULL;
DROP INDEX memories_search, memories_embedding_model, memories_superseded_by;
ALTER TABLE memories
    DROP CONSTRAINT memories_user_id_session_id_fkey,
    DROP CONSTRAINT memories_superseded_by_fkey,
    DROP words,
    DROP topic, DROP true_at, DROP told_at, DROP told_in, DROP ended_at, DROP superseded_by,
    ALTER source_message_ids DROP DEFAULT,
    ADD FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE,
    RESET (autovacuum_vacuum_scale_factor);
CREATE INDEX memories_embedding_model ON memories (embedding_model, id);
CREATE INDEX memories_search ON memories (user_id, character_id)
    INCLUDE (id, session_id, embedding_model, embedding);
"""


def upgrade() -> None:
    connection = op.get_bind()
    for part in (COLUMNS, SOURCES, WORK, SEARCH):
        connection.exec_driver_sql(part)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
