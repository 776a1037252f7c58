"""The application's role may read which schema there is.

A server compares it with its own before it starts, also when it does not know the owner's password.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UP = "GRANT SELECT ON alembic_version TO companion_app"
DOWN = "REVOKE SELECT ON alembic_version FROM companion_app"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
