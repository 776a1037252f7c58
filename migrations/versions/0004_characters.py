"""Ratings of characters, and the pictures and other files of their cards."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE character_versions
    ADD COLUMN rating  text NOT NULL DEFAULT 'general' CHECK (rating IN ('general', 'adult')),
    ADD COLUMN files   json NOT NULL DEFAULT '[]',
    ADD COLUMN picture text;

-- By their contents, so that the versions of a character share what they have in common; which
-- version has which file under which name stands in character_versions.files.
CREATE TABLE character_files (
    character_id text COLLATE "C" NOT NULL,
    digest       text COLLATE "C" NOT NULL,
    content      bytea NOT NULL CHECK (octet_length(content) <= 33554432),
    PRIMARY KEY (character_id, digest)
);
-- Pictures are compressed already.
ALTER TABLE character_files ALTER COLUMN content SET STORAGE EXTERNAL;

GRANT SELECT, INSERT ON character_files TO companion_app;
"""

DOWN = """
DROP TABLE character_files;
ALTER TABLE character_versions DROP COLUMN rating, DROP COLUMN files, DROP COLUMN picture;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
