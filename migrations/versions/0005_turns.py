"""What a turn told and read, the summary of a conversation, and when a person was told what.

All columns have a default or may be NULL: the version before this one goes on writing its rows.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UP = """
-- {kind: time}: when this person was last given each kind of notice.
ALTER TABLE users ADD COLUMN noticed_at json NOT NULL DEFAULT '{}';

-- The beginning of a long conversation in short, up to a position.
ALTER TABLE sessions
    ADD COLUMN summary text NOT NULL DEFAULT '',
    ADD COLUMN summarized_until bigint NOT NULL DEFAULT 0;

-- prompt: which parts the model read and how large they were, by reference, never their words.
ALTER TABLE turns
    ADD COLUMN notices json NOT NULL DEFAULT '[]',
    ADD COLUMN prompt json NOT NULL DEFAULT '[]';
"""

DOWN = """
ALTER TABLE turns DROP COLUMN notices, DROP COLUMN prompt;
ALTER TABLE sessions DROP COLUMN summary, DROP COLUMN summarized_until;
ALTER TABLE users DROP COLUMN noticed_at;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
