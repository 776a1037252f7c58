"""What administrators did; rows are added and finished once, and never go.

A table of its own: the version before this one neither reads nor writes it.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE admin_audit (
    id          text COLLATE "C" PRIMARY KEY,  -- sorts by time
    actor_id    text COLLATE "C" NOT NULL,
    action      text NOT NULL,
    subject     text COLLATE "C" NOT NULL,
    channel     text NOT NULL,
    request_id  text NOT NULL,
    at          timestamptz NOT NULL,
    before      json NOT NULL,
    after       json,
    error       text,
    finished_at timestamptz
);
CREATE INDEX admin_audit_actor ON admin_audit (actor_id, id);
CREATE INDEX admin_audit_subject ON admin_audit (subject, id);

-- What was done stays; what was known of a person goes with them.
GRANT SELECT, INSERT, UPDATE (before, after, error, finished_at) ON admin_audit TO companion_app;
"""

DOWN = "DROP TABLE admin_audit;"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
