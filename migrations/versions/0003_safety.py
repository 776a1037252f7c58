"""Moderation flags for review, and counts by day without people."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UP = """
-- What the rules found in somebody's words, or in words meant for them, until they are erased.
CREATE TABLE moderation_flags (
    user_id       text COLLATE "C" NOT NULL
        REFERENCES identities (user_id) ON DELETE CASCADE,
    id            text COLLATE "C" NOT NULL,
    stage         text NOT NULL CHECK (stage IN ('input', 'output')),
    category      text NOT NULL,
    action        smallint NOT NULL CHECK (action BETWEEN 1 AND 3),  -- flag, block, refer
    rule          text NOT NULL,
    rules_version text NOT NULL,
    language      text,
    excerpt       text NOT NULL,
    character_id  text COLLATE "C",
    session_id    text COLLATE "C",
    message_id    text COLLATE "C",
    turn_id       text COLLATE "C",
    created_at    timestamptz NOT NULL,
    decision      text,
    note          text,
    reviewer      text COLLATE "C",
    reviewed_at   timestamptz,
    PRIMARY KEY (user_id, id),
    CHECK ((decision IS NULL) = (reviewed_at IS NULL))
);
-- The queue is read over all people, newest first: ids sort by time.
CREATE INDEX moderation_flags_latest ON moderation_flags (id);
CREATE INDEX moderation_flags_open ON moderation_flags (id) WHERE reviewed_at IS NULL;

ALTER TABLE reports
    ADD COLUMN decision    text,
    ADD COLUMN note        text,
    ADD COLUMN reviewer    text COLLATE "C",
    ADD COLUMN reviewed_at timestamptz,
    ADD CHECK ((decision IS NULL) = (reviewed_at IS NULL));
CREATE INDEX reports_latest ON reports (id);
CREATE INDEX reports_open ON reports (id) WHERE reviewed_at IS NULL;

-- Of nobody: how often something happened on a day. It stays when people go.
CREATE TABLE safety_counts (
    day   date NOT NULL,
    kind  text COLLATE "C" NOT NULL,
    count bigint NOT NULL CHECK (count > 0),
    PRIMARY KEY (day, kind)
) WITH (fillfactor = 50);

GRANT SELECT, INSERT, UPDATE, DELETE ON moderation_flags TO companion_app;
GRANT SELECT, INSERT, UPDATE ON safety_counts TO companion_app;
"""

DOWN = """
DROP TABLE safety_counts;
DROP INDEX reports_open, reports_latest;
ALTER TABLE reports
    DROP COLUMN decision, DROP COLUMN note, DROP COLUMN reviewer, DROP COLUMN reviewed_at;
DROP TABLE moderation_flags;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
